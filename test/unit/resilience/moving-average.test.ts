// Tests of resilience/moving-average.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { averageOf, withSample } from '../../../src/resilience/moving-average.ts';

test('samples of one instant count alike', () => {
  const two = withSample(withSample(undefined, 100, 0, 1000), 300, 0, 1000);
  assert.equal(averageOf(two), 200);
});

test('a sample counts half after the half-life', () => {
  const later = withSample(withSample(undefined, 100, 0, 1000), 400, 1000, 1000);
  assert.equal(averageOf(later), 300);
});

test('what is long ago hardly counts, and time alone changes nothing', () => {
  const old = withSample(undefined, 10_000, 0, 1000);
  assert.equal(averageOf(old), 10_000);
  assert.equal(Math.round(averageOf(withSample(old, 50, 60_000, 1000))), 50);
});

test('a clock that goes back makes no sample weigh more', () => {
  const back = withSample(withSample(undefined, 100, 5000, 1000), 300, 0, 1000);
  assert.equal(averageOf(back), 200);
});
