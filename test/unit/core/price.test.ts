// Tests of core/price.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costUsd, priceOf } from '../../../src/core/price.ts';

const MINI = { inputPerMillion: 0.15, outputPerMillion: 0.6, cachedInputPerMillion: 0.075 };

test('input, cached input and output each have their price', () => {
  const cost = costUsd({ inputTokens: 1_000_000, cachedTokens: 400_000, outputTokens: 500_000 }, MINI);
  assert.equal(cost?.toFixed(6), '0.420000');
});

test('without a price of its own cached input costs what other input does', () => {
  const price = { inputPerMillion: 2, outputPerMillion: 8 };
  assert.equal(costUsd({ inputTokens: 500_000, cachedTokens: 500_000 }, price), 1);
});

test('more cached than there was input is no more than the input', () => {
  assert.equal(costUsd({ inputTokens: 1_000_000, cachedTokens: 9_000_000 }, MINI), 0.075);
});

test('what was not counted has no cost, which is not a cost of 0', () => {
  assert.equal(costUsd({}, MINI), undefined);
  assert.equal(costUsd({ inputTokens: 0, outputTokens: 0 }, MINI), 0);
});

test('the price at one provider goes before that of the bare name', () => {
  const dear = { inputPerMillion: 9, outputPerMillion: 9 };
  const prices = { 'corp/m': dear, m: MINI };
  assert.equal(priceOf(prices, 'corp', 'm'), dear);
  assert.equal(priceOf(prices, 'other', 'm'), MINI);
  assert.equal(priceOf(prices, 'other', 'toString'), undefined);
});
