// Tests of resilience/memory-store.ts, and of core/store.ts, whose promises it keeps.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soonAfter } from '../../../src/core/store.ts';
import { MemoryStore } from '../../../src/resilience/memory-store.ts';
import { FakeClock } from '../../support/clock.ts';

function fresh(): { readonly clock: FakeClock; readonly store: MemoryStore } {
  const clock = new FakeClock();
  return { clock, store: new MemoryStore(clock, { maxEntries: 100, maxBytes: 100_000 }) };
}

test('a text is there until its time is over', () => {
  const { clock, store } = fresh();
  store.put('k', 'text', 1000);
  clock.advance(999);
  assert.equal(store.get('k'), 'text');
  clock.advance(1);
  assert.equal(store.get('k'), undefined);
});

test('a number begins at 0, can be read as text, and lives on with every change', () => {
  const { clock, store } = fresh();
  assert.equal(store.incr('n', 2, 1000), 2);
  clock.advance(900);
  assert.equal(store.incr('n', -3, 1000), -1);
  clock.advance(900);
  assert.equal(store.get('n'), '-1');
  clock.advance(100);
  assert.equal(store.incr('n', 1, 1000), 1);
});

test('only the first claim is granted, until its time is over', () => {
  const { clock, store } = fresh();
  assert.deepEqual([store.claim('c', 1000), store.claim('c', 1000)], [true, false]);
  clock.advance(1000);
  assert.equal(store.claim('c', 1000), true);
});

test('many long texts push the oldest out', () => {
  const { store } = fresh();
  for (let i = 0; i < 20; i++) store.put(`k${i}`, 'x'.repeat(10_000), 1000);
  assert.equal(store.get('k0'), undefined);
  assert.equal(store.get('k19')?.length, 10_000);
});

test('a value that is there is gone on with at once, a promised one when it is', async () => {
  assert.equal(
    soonAfter(1, (n) => n + 1),
    2,
  );
  assert.equal(await soonAfter(Promise.resolve(1), (n) => n + 1), 2);
});
