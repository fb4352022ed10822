// Tests of routing/batch/shares.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shares } from '../../../../src/routing/batch/shares.ts';

test('counts are shared in whole numbers that add up', () => {
  assert.deepEqual(shares(10, [1, 1, 1], true), [3, 4, 3]);
  assert.deepEqual(shares(100, [3, 1], true), [75, 25]);
  assert.deepEqual(shares(1, [1, 1, 1, 1], true), [0, 1, 0, 0]);
});

test('money is shared to the fraction', () => {
  assert.deepEqual(shares(0.5, [3, 1], false), [0.375, 0.125]);
});

test('without weights all have the same', () => {
  assert.deepEqual(shares(4, [0, 0], true), [2, 2]);
});
