import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, medianRatio, quantile, Samples } from '../../bench/stats.ts';

test('a quantile lies between its neighbours, whatever the order', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(quantile([0, 10], 0.99), 9.9);
  assert.equal(median([]), Number.NaN);
});

test('a ratio is taken within its round, so a machine that slows down cancels out', () => {
  assert.equal(medianRatio([10, 100, 1000], [20, 200, 2000]), 0.5);
});

test('a round that lacks one side does not count', () => {
  assert.equal(medianRatio([10, undefined, 30], [5, 5, undefined]), 2);
  assert.equal(medianRatio([1], []), Number.NaN);
});

test('samples are kept by metric, subject and round', () => {
  const samples = new Samples();
  samples.put('ms', 'ours', 0, 4);
  samples.put('ms', 'ours', 2, 8);
  assert.equal(samples.median('ms', 'ours'), 6);
  assert.equal(samples.of('ms', 'ours')[1], undefined);
  assert.deepEqual(samples.of('ms', 'other'), []);
});
