// Each strategy's order, from views that are written down.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyTurn, TargetView } from '../../../../src/routing/policies/policy.ts';
import { POLICIES } from '../../../../src/routing/policies/table.ts';
import type { Strategy } from '../../../../src/routing/policies/table.ts';
import { SmoothWeighted } from '../../../../src/resilience/smooth-weighted.ts';

function view(name: string, more: Partial<TargetView> = {}): TargetView {
  return { name, weight: 1, inFlight: 0, latencyMs: undefined, price: undefined, ...more };
}

function turn(more: { counter?: number; draws?: readonly number[] } = {}): PolicyTurn {
  const smooth = new SmoothWeighted();
  const draws = (more.draws ?? []).values();
  return {
    counter: more.counter ?? 0,
    draw: () => draws.next().value ?? 0,
    pick: (offered) => smooth.pick(offered),
  };
}

function order(strategy: Strategy, targets: readonly TargetView[], given: PolicyTurn = turn()): string {
  return POLICIES[strategy](targets, given)
    .map(({ name }) => name)
    .join(' ');
}

const abc = [view('a'), view('b'), view('c')];

test('priority: as they are written', () => {
  assert.equal(order('priority', abc, turn({ counter: 2 })), 'a b c');
});

test('round-robin: each in turn, the others behind it in the circle', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((counter) => order('round-robin', abc, turn({ counter }))),
    ['a b c', 'b c a', 'c a b', 'a b c'],
  );
});

test('weighted: spread by weight, then the heaviest of the others', () => {
  const targets = [view('a', { weight: 1 }), view('b', { weight: 2 }), view('c', { weight: 5 })];
  const one = turn();
  const orders = Array.from({ length: 8 }, () => order('weighted', targets, one));
  assert.deepEqual(
    orders.map((text) => text[0]),
    ['c', 'b', 'c', 'a', 'c', 'c', 'b', 'c'],
  );
  assert.deepEqual([orders[0], orders[3]], ['c b a', 'a c b']);
});

test('least-connections: the fewest answers under way for the weight; equals take turns', () => {
  const busy = [view('a', { inFlight: 2 }), view('b', { inFlight: 1 }), view('c', { inFlight: 3, weight: 4 })];
  assert.equal(order('least-connections', busy), 'c b a');
  assert.equal(order('least-connections', abc, turn({ counter: 1 })), 'b c a');
});

test('latency: the faster of two that chance took, then the others by speed; an unknown one counts as fast', () => {
  const known = [view('a', { latencyMs: 90 }), view('b', { latencyMs: 50 }), view('c', { latencyMs: 10 })];
  assert.equal(order('latency', known, turn({ draws: [0, 0] })), 'b c a', 'a and b were compared');
  assert.equal(order('latency', known, turn({ draws: [0.99, 0] })), 'c b a', 'c and a were');
  assert.equal(order('latency', [view('a', { latencyMs: 1 }), view('b')], turn({ draws: [0, 0] })), 'b a');
  const equal = [view('a', { inFlight: 1 }), view('b')];
  assert.equal(order('latency', equal, turn({ draws: [0, 0] })), 'b a');
});

test('cost: the cheapest first, the unknown last', () => {
  const priced = [view('a'), view('b', { price: 5 }), view('c', { price: 0 }), view('d')];
  assert.equal(order('cost', priced), 'c b a d');
});

test('one target, and none, are what they are', () => {
  for (const strategy of Object.keys(POLICIES) as Strategy[]) {
    assert.equal(order(strategy, [view('a')], turn({ counter: 7, draws: [0.9, 0.9] })), 'a', strategy);
    assert.equal(order(strategy, []), '', strategy);
  }
});
