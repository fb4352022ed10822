import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from '../../../src/resilience/backoff.ts';

test('the most it waits doubles from half a second to eight seconds', () => {
  const most = [0, 1, 2, 3, 4, 5, 50].map((retry) => Math.round(backoffMs(retry, 0.999_999)));
  assert.deepEqual(most, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

test('the jitter is full: any wait from nothing up', () => {
  assert.equal(backoffMs(3, 0), 0);
  assert.equal(backoffMs(0, 0.5), 250);
});
