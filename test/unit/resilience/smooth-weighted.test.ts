// Tests of resilience/smooth-weighted.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SmoothWeighted } from '../../../src/resilience/smooth-weighted.ts';

const A = { name: 'a', weight: 5 };
const B = { name: 'b', weight: 1 };
const C = { name: 'c', weight: 1 };

test('weights 5, 1, 1 are shared out without a burst', () => {
  const shares = new SmoothWeighted();
  const order = Array.from({ length: 14 }, () => shares.pick([A, B, C])?.name);
  assert.equal(order.join(''), 'aabacaaaabacaa');
});

test('who was not offered comes back without credit', () => {
  const shares = new SmoothWeighted();
  for (let i = 0; i < 100; i++) shares.pick([A]);
  assert.deepEqual(Array.from({ length: 7 }, () => shares.pick([A, B, C])?.name).join(''), 'aabacaa');
});

test('of none there is none', () => {
  assert.equal(new SmoothWeighted().pick([]), undefined);
});
