// Tests of resilience/fair-queue.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FairQueue } from '../../../src/resilience/fair-queue.ts';

function drained(queue: FairQueue<string>): string[] {
  return Array.from({ length: queue.size }, () => queue.shift() ?? '-');
}

test('one of each client in turn, and each client in its own order', () => {
  const queue = new FairQueue<string>();
  for (const waiter of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.push(waiter.charAt(0), waiter);
  assert.deepEqual(drained(queue), ['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
  assert.equal(queue.shift(), undefined);
});

test('who comes while others are served has a turn after them', () => {
  const queue = new FairQueue<string>();
  queue.push('a', 'a1');
  queue.push('a', 'a2');
  queue.push('b', 'b1');
  assert.equal(queue.shift(), 'a1');
  queue.push('c', 'c1');
  assert.deepEqual(drained(queue), ['b1', 'a2', 'c1']);
});

test('who leaves is not served, once only, and the turn passes on', () => {
  const queue = new FairQueue<string>();
  for (const waiter of ['a1', 'b1', 'a2']) queue.push(waiter.charAt(0), waiter);
  assert.equal(queue.remove('a', 'a1'), true);
  assert.equal(queue.remove('a', 'a1'), false);
  assert.equal(queue.remove('z', 'a2'), false);
  assert.equal(queue.size, 2);
  assert.deepEqual(drained(queue), ['a2', 'b1']);
});
