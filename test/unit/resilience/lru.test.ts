// Tests of resilience/lru.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lru } from '../../../src/resilience/lru.ts';

const keep = (bytes: number, until = 1000): { bytes: number; until: number } => ({ bytes, until });

test('what was not asked for the longest goes first', () => {
  const lru = new Lru<number>({ maxEntries: 10, maxBytes: 30 });
  lru.set('a', 1, keep(10));
  lru.set('b', 2, keep(10));
  lru.set('c', 3, keep(10));
  assert.equal(lru.get('a', 0), 1);
  lru.set('d', 4, keep(10));
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((key) => lru.get(key, 0)),
    [1, undefined, 3, 4],
  );
});

test('what has had its time is gone, to the millisecond', () => {
  const lru = new Lru<number>({ maxEntries: 10, maxBytes: 30 });
  lru.set('a', 1, keep(10, 500));
  assert.equal(lru.get('a', 499), 1);
  assert.equal(lru.get('a', 500), undefined);
  assert.equal(lru.bytes, 0);
});

test('one that is over the bound alone is not kept, nor is what it took the place of', () => {
  const lru = new Lru<number>({ maxEntries: 10, maxBytes: 30 });
  lru.set('a', 1, keep(10));
  lru.set('b', 2, keep(10));
  lru.set('a', 3, keep(31));
  assert.equal(lru.get('a', 0), undefined);
  assert.equal(lru.get('b', 0), 2);
});

test('entries are counted too', () => {
  const lru = new Lru<number>({ maxEntries: 2, maxBytes: 1000 });
  for (const [i, key] of ['a', 'b', 'c'].entries()) lru.set(key, i, keep(1));
  assert.equal(lru.size, 2);
  assert.equal(lru.get('a', 0), undefined);
});

test('other bounds hold at once: what is over them goes, and what they leave room for stays', () => {
  const lru = new Lru<number>({ maxEntries: 10, maxBytes: 30 });
  for (const key of ['a', 'b', 'c']) lru.set(key, 1, keep(10));
  lru.resize({ maxEntries: 10, maxBytes: 20 });
  assert.deepEqual([lru.get('a', 0), lru.get('b', 0), lru.size, lru.bytes], [undefined, 1, 2, 20]);
  lru.resize({ maxEntries: 10, maxBytes: 1000 });
  lru.set('d', 4, keep(900));
  assert.deepEqual([lru.size, lru.bytes], [3, 920]);
});
