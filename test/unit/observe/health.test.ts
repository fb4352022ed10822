// What probes are told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { health, liveness, readiness } from '../../../src/observe/health.ts';

const facts = { version: '1.2.3', uptimeMs: 61_900, isDraining: false };

test('a server that runs is alive, ready and well', () => {
  assert.deepEqual(liveness(), { status: 200, body: { status: 'ok' } });
  assert.deepEqual(readiness(facts), { status: 200, body: { status: 'ready' } });
  assert.deepEqual(health(facts), { status: 200, body: { status: 'ok', version: '1.2.3', uptime_s: 61 } });
});

test('one that is about to stop is alive and takes no work', () => {
  const draining = { ...facts, isDraining: true };
  assert.deepEqual(readiness(draining), { status: 503, body: { status: 'draining' } });
  assert.deepEqual(health(draining), { status: 503, body: { status: 'draining', version: '1.2.3', uptime_s: 61 } });
});

test('a provider that is unwell is told and is no reason to take no work', () => {
  const providers = [{ id: 'a', well: false, open: ['m'] }];
  const { status, body } = health(facts, { providers, reloads: { loadedAt: 0, failed: 0 } });
  assert.equal(status, 200);
  assert.deepEqual(body['providers'], providers);
  assert.deepEqual(body['configuration'], { loaded_at: '1970-01-01T00:00:00.000Z', reloads_failed: 0 });
});

test('a reload that failed is told with its problems, and is no reason to take no work', () => {
  const lastFault = { at: 5, problems: ['no such provider'] };
  const { status, body } = health(facts, { providers: [], reloads: { loadedAt: 0, failed: 2, lastFault } });
  assert.equal(status, 200);
  assert.deepEqual(body['configuration'], {
    loaded_at: '1970-01-01T00:00:00.000Z',
    reloads_failed: 2,
    problems: ['no such provider'],
  });
});
