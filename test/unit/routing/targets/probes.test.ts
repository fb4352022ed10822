// Health checks on the fake clock: when they are sent, to where, with what, and what a failed one changes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import { anthropic } from '../../../../src/providers/dialects/anthropic.ts';
import type { Router } from '../../../../src/routing/router.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testRouter } from '../../../support/router.ts';
import type { TestProvider } from '../../../support/router.ts';
import { ScriptedFetch, settle } from '../../../support/scripted-fetch.ts';
import type { ScriptedAnswer } from '../../../support/scripted-fetch.ts';

interface Bench {
  readonly clock: FakeClock;
  readonly fetch: ScriptedFetch;
  readonly router: Router;
  /** Moves on, and lets what falls due run. */
  readonly pass: (ms: number) => Promise<void>;
  /** The providers in the order a call would ask them. */
  readonly order: () => string;
}

function bench(
  answers: readonly ScriptedAnswer[],
  endpoint = '/models',
  more: TestProvider = {},
  probed: () => void = () => {},
): Bench {
  const clock = new FakeClock();
  const fetch = new ScriptedFetch(clock, answers);
  const healthCheck = { endpoint, intervalMs: 60_000 };
  const m = ['a', 'b'].map((provider) => ({ provider, model: 'x', weight: 1 }));
  const providers = { a: { fetch: fetch.fetch, healthCheck, ...more }, b: {} };
  const router = testRouter({ clock, providers, aliases: { m }, probed });
  return {
    clock,
    fetch,
    router,
    async pass(ms) {
      clock.advance(ms);
      await settle();
    },
    order: () =>
      router
        .explain('m')
        .targets.map(({ provider }) => provider)
        .join(''),
  };
}

const fine: ScriptedAnswer = { headers: { 'content-type': 'application/json' }, body: ['{"data":[]}'] };
const failing: ScriptedAnswer = { ...fine, status: 503 };

test('nothing is sent before they are started, nor after they were stopped', async () => {
  const { clock, fetch, router, pass } = bench([fine]);
  await pass(600_000);
  assert.equal(fetch.asked.length, 0);
  router.probes.start();
  router.probes.start();
  await pass(30_000);
  assert.equal(fetch.asked.length, 1);
  router.probes.stop();
  router.probes.stop();
  assert.equal(clock.pending, 0);
  await pass(600_000);
  assert.equal(fetch.asked.length, 1);
});

test('a failed one puts the provider last, until one succeeds', async () => {
  const { fetch, router, pass, order } = bench([fine, failing, { fails: new Fault('NETWORK', 'refused') }, fine]);
  router.probes.start();
  const orders: string[] = [];
  for (const ms of [30_000, 60_000, 60_000, 60_000]) {
    await pass(ms);
    orders.push(order());
  }
  assert.deepEqual(orders, ['ab', 'ba', 'ba', 'ab']);
  assert.equal(fetch.asked.length, 4);
  router.probes.stop();
});

test('who listens is told when one ends otherwise than the one before, and only then', async () => {
  let told = 0;
  const { router, pass } = bench([fine, failing, failing, fine, fine], '/models', {}, () => told++);
  router.probes.start();
  const counts: number[] = [];
  for (const ms of [30_000, 60_000, 60_000, 60_000, 60_000]) {
    await pass(ms);
    counts.push(told);
  }
  assert.deepEqual(counts, [0, 1, 1, 2, 2]);
  router.probes.stop();
});

test('one that hangs has failed after ten seconds, and is left when they are stopped', async () => {
  const { clock, router, pass, order } = bench([{ hangs: 'waiting' }, { hangs: 'connecting' }]);
  router.probes.start();
  await pass(30_000);
  assert.equal(order(), 'ab');
  await pass(10_000);
  assert.equal(order(), 'ba');
  await pass(60_000);
  router.probes.stop();
  await settle();
  assert.equal(clock.pending, 0);
});

test('the list is asked for as the dialect does it', async () => {
  const { fetch, router, pass } = bench([fine], '/models', { dialect: anthropic, type: 'anthropic' });
  router.probes.start();
  await pass(30_000);
  const [asked] = fetch.asked;
  assert.match(asked?.url ?? '', /^https:\/\/a\.example\.com\/v1\/models/);
  assert.equal(asked?.headers['x-api-key'], 'key-one');
  router.probes.stop();
});

test('another path hangs below the base URL, and has the key and the query', async () => {
  const { fetch, router, pass } = bench([fine], '/up', {
    baseUrl: 'https://a.example.com/llm/v1?t=1',
    query: { q: '2' },
  });
  router.probes.start();
  await pass(30_000);
  assert.equal(fetch.asked[0]?.url, 'https://a.example.com/llm/v1/up?t=1&q=2');
  assert.equal(fetch.asked[0]?.headers['authorization'], 'Bearer key-one');
  router.probes.stop();
});

test('an address elsewhere is asked without the key', async () => {
  const { fetch, router, pass } = bench([fine], 'https://status.example.org/ok');
  router.probes.start();
  await pass(30_000);
  assert.equal(fetch.asked[0]?.url, 'https://status.example.org/ok');
  assert.equal(fetch.asked[0]?.headers['authorization'], undefined);
  router.probes.stop();
});
