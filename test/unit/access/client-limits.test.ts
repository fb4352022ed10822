// Tests of access/client-limits.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientGate } from '../../../src/access/client-limits.ts';
import type { InboundLimits } from '../../../src/access/client-limits.ts';
import { Fault } from '../../../src/core/fault.ts';
import type { Store } from '../../../src/core/store.ts';
import { MemoryStore } from '../../../src/resilience/memory-store.ts';
import { FakeClock } from '../../support/clock.ts';

/** A minute begins. */
const EPOCH = 1_700_000_040_000;

function fresh(limits: InboundLimits): { clock: FakeClock; gate: ClientGate; store: MemoryStore } {
  const clock = new FakeClock(0, EPOCH);
  const store = new MemoryStore(clock, { maxEntries: 100, maxBytes: 100_000 });
  return { clock, store, gate: new ClientGate({ store, clock, limitsOf: () => limits }) };
}

function enter(gate: ClientGate, client = 'ci'): () => void {
  const leave = gate.enter(client);
  assert.ok(!(leave instanceof Promise));
  return leave;
}

function refused(gate: ClientGate): Fault {
  try {
    enter(gate);
  } catch (thrown) {
    assert.ok(thrown instanceof Fault);
    return thrown;
  }
  throw new Error('it was let in');
}

test('without limits everybody comes in', () => {
  const { gate } = fresh({});
  for (let i = 0; i < 100; i++) enter(gate);
});

test('as many at once as are allowed, of each client, and one more for each that leaves', () => {
  const { gate } = fresh({ concurrency: 2 });
  const leave = enter(gate);
  enter(gate);
  assert.deepEqual([refused(gate).kind, refused(gate).retryAfterMs], ['OVERLOADED', 1000]);
  enter(gate, 'other');
  leave();
  leave();
  enter(gate);
  assert.equal(refused(gate).kind, 'OVERLOADED');
});

test('as many in a minute as are allowed; what is refused does not count', () => {
  const { clock, gate } = fresh({ requestsPerMinute: 10 });
  for (let i = 0; i < 10; i++) enter(gate);
  for (let i = 0; i < 50; i++) refused(gate);
  const fault = refused(gate);
  assert.equal(fault.kind, 'RATE_LIMITED');
  assert.equal(fault.retryAfterMs, 66_000);
  assert.match(String(fault.data.next), /^Call again in 66 s/);
  clock.advance(65_999);
  refused(gate);
  clock.advance(1);
  enter(gate);
});

test('the minute before counts by the part of it that is in view', () => {
  const { clock, gate } = fresh({ requestsPerMinute: 10 });
  for (let i = 0; i < 10; i++) enter(gate);
  clock.advance(90_000);
  for (let i = 0; i < 5; i++) enter(gate);
  assert.equal(refused(gate).retryAfterMs, 6000);
  clock.advance(6000);
  enter(gate);
});

test('a request the rate refuses gives its place back', () => {
  const { gate } = fresh({ requestsPerMinute: 1, concurrency: 2 });
  enter(gate);
  for (let i = 0; i < 10; i++) assert.equal(refused(gate).kind, 'RATE_LIMITED');
});

test('a count that was forgotten does not go below nothing', () => {
  const { clock, gate, store } = fresh({ concurrency: 1 });
  const leave = enter(gate);
  clock.advance(25 * 3_600_000);
  leave();
  assert.equal(store.get('under way ci'), '0');
});

test('a store that is elsewhere is waited for, and one that fails lets nothing be lost', async () => {
  const { store } = fresh({});
  const clock = new FakeClock(0, EPOCH);
  let fails = false;
  const remote: Store = {
    get: async (key) => store.get(key),
    put: async (key, value, ttlMs) => store.put(key, value, ttlMs),
    async incr(key, by, ttlMs) {
      if (fails && key.startsWith('minute')) throw new Error('gone');
      return store.incr(key, by, ttlMs);
    },
    claim: async (key, ttlMs) => store.claim(key, ttlMs),
  };
  const gate = new ClientGate({ store: remote, clock, limitsOf: () => ({ requestsPerMinute: 2, concurrency: 1 }) });
  (await gate.enter('ci'))();
  fails = true;
  await assert.rejects(Promise.resolve(gate.enter('ci')), { kind: 'internal' });
  fails = false;
  (await gate.enter('ci'))();
  await assert.rejects(Promise.resolve(gate.enter('ci')), { kind: 'RATE_LIMITED' });
});

test('what is left is what the next requests may be, and comes back as the minutes go', async () => {
  const clock = new FakeClock(0, 0);
  const store = new MemoryStore(clock, { maxEntries: 100, maxBytes: 10_000 });
  const gate = new ClientGate({ store, clock, limitsOf: () => ({ requestsPerMinute: 10 }) });
  assert.deepEqual(await gate.left('ci'), { limit: 10, left: 10, resetMs: 0 });
  for (let i = 0; i < 4; i++) (await gate.enter('ci'))();
  assert.deepEqual(await gate.left('ci'), { limit: 10, left: 6, resetMs: 120_000 });
  clock.advance(90_000);
  assert.deepEqual(await gate.left('ci'), { limit: 10, left: 8, resetMs: 30_000 });
  clock.advance(30_000);
  assert.deepEqual(await gate.left('ci'), { limit: 10, left: 10, resetMs: 0 });
  assert.equal(await new ClientGate({ store, clock, limitsOf: () => ({}) }).left('ci'), undefined);
});
