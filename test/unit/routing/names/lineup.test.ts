// Who is left out of a call because of what is known, what is said about it, and that explaining takes nobody's turn.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ChatRequest } from '../../../../src/providers/chat.ts';
import type { Router } from '../../../../src/routing/router.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testContext } from '../../../support/model-context.ts';
import type { TestContext } from '../../../support/model-context.ts';
import { ended, said } from '../../../support/openai-stream.ts';
import { testRouter } from '../../../support/router.ts';
import type { TestProvider, TestRouterOptions } from '../../../support/router.ts';
import { runOn, ScriptedFetch } from '../../../support/scripted-fetch.ts';

const clock = new FakeClock();
const fine = { body: [said('hi'), ended()] };

/** Providers that answer everything; the alias `m` leads to all of them. */
function router(providers: Readonly<Record<string, TestProvider>>, more: Partial<TestRouterOptions> = {}): Router {
  const { fetch } = new ScriptedFetch(
    clock,
    Array.from({ length: 40 }, () => fine),
  );
  const m = Object.keys(providers).map((provider) => ({ provider, model: 'x', weight: 1 }));
  return testRouter({ clock, fetch, providers, aliases: { m }, ...more });
}

async function chat(of: Router, request: Partial<ChatRequest> = {}): Promise<TestContext> {
  const ctx = testContext(clock);
  await runOn(
    clock,
    of.models.chat({ model: 'm', messages: [], ...request }, ctx, () => {}),
  );
  return ctx;
}

const image = { role: 'user', content: [{ type: 'image', url: 'data:image/png;base64,AA==' }] } as const;
const providersOf = (of: Router, need: Parameters<Router['explain']>[1]): string[] =>
  of.explain('m', need).targets.map(({ provider }) => provider);

describe('a target that is known not to serve the request', () => {
  const two = router({
    a: { capabilities: { vision: false, tools: false, reasoning: false, embeddings: false } },
    b: {},
  });

  test('is left out, and one nobody said anything about is not', () => {
    const needs = [{ images: true }, { tools: true }, { reasoning: true }, { op: 'embed' }] as const;
    for (const need of needs) assert.deepEqual(providersOf(two, need), ['b'], JSON.stringify(need));
    assert.deepEqual(providersOf(two, {}), ['a', 'b']);
    assert.deepEqual(two.explain('m', { images: true }).leftOut, [
      { provider: 'a', model: 'x', why: 'takes no images' },
    ]);
  });

  test('is told from the request', async () => {
    const asked: Partial<ChatRequest>[] = [
      { messages: [image] },
      { tools: [{ name: 'f' }] },
      { reasoningEffort: 'high' },
    ];
    for (const request of asked) assert.equal((await chat(two, request)).served.provider, 'b');
    assert.equal((await chat(two, { reasoningEffort: 'none', tools: [] })).served.provider, 'a');
  });

  test('is asked all the same when nothing else is left, and the caller is told', async () => {
    const one = router({ a: { capabilities: { vision: false } } });
    const { served } = await chat(one, { messages: [image] });
    assert.deepEqual(served.changed, ['routing: a (x) was asked although it takes no images']);
    assert.deepEqual(one.explain('m', { images: true }).targets[0]?.notes, ['asked although it takes no images']);
    assert.deepEqual((await chat(one)).served.changed, []);
  });

  test('may be told by its list: capabilities and length of context', async () => {
    const list = { data: [{ id: 'x', context_length: 1000, capabilities: { vision: false } }] };
    const listing = { headers: { 'content-type': 'application/json' }, body: [JSON.stringify(list)] };
    const a = { fetch: new ScriptedFetch(clock, [listing]).fetch };
    const both = router({ a, b: {} });
    assert.deepEqual(providersOf(both, { images: true }), ['a', 'b']);
    await runOn(clock, both.models.list({ provider: 'a' }, testContext(clock)));
    assert.deepEqual(providersOf(both, { images: true }), ['b']);
    assert.deepEqual(providersOf(both, { tokens: 1000 }), ['a', 'b']);
    assert.equal(
      both.explain('m', { tokens: 1001 }).leftOut[0]?.why,
      'has room for 1000 tokens, and this is about 1001',
    );
    const long = { role: 'user', content: 'x'.repeat(5000) } as const;
    assert.equal((await chat(both, { messages: [long] })).served.provider, 'b');
  });

  test('what is configured wins over what a list says', async () => {
    const list = { data: [{ id: 'x', capabilities: { vision: false } }] };
    const listing = { headers: { 'content-type': 'application/json' }, body: [JSON.stringify(list)] };
    const a = { fetch: new ScriptedFetch(clock, [listing]).fetch, capabilities: { vision: true } };
    const both = router({ a, b: {} });
    await runOn(clock, both.models.list({ provider: 'a' }, testContext(clock)));
    assert.deepEqual(providersOf(both, { images: true }), ['a', 'b']);
  });
});

describe('the order', () => {
  const served = async (of: Router, calls: number): Promise<string> => {
    const out: string[] = [];
    for (let i = 0; i < calls; i++) out.push((await chat(of)).served.provider);
    return out.join('');
  };

  test('takes turns within a priority, and keeps to it between names', async () => {
    const of = router({ a: {}, b: {}, c: { priority: 2 } }, { routing: { strategy: 'round-robin' } });
    assert.equal(await served(of, 5), 'ababa');
    assert.deepEqual(providersOf(of, {}), ['b', 'a', 'c']);
    assert.deepEqual(providersOf(of, {}), ['b', 'a', 'c'], 'explaining takes nobody’s turn');
    assert.equal(await served(of, 1), 'b');
  });

  test('goes by prices, of the provider’s model before the bare one', () => {
    const price = (usd: number): { inputPerMillion: number; outputPerMillion: number } => ({
      inputPerMillion: usd,
      outputPerMillion: usd,
    });
    const of = router(
      { a: {}, b: {}, c: {} },
      { routing: { strategy: 'cost' }, prices: { x: price(3), 'b/x': price(1), 'c/x': price(2) } },
    );
    assert.deepEqual(providersOf(of, {}), ['b', 'c', 'a']);
  });

  test('goes by answers under way, until they end', async () => {
    const slow = { body: [said('x'), { afterMs: 100 }, ended()] };
    const a = { fetch: new ScriptedFetch(clock, [slow, fine]).fetch };
    const of = router({ a, b: {} }, { routing: { strategy: 'least-connections' } });
    const first = chat(of);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(providersOf(of, {}), ['b', 'a']);
    await first;
    await chat(of);
    assert.deepEqual(providersOf(of, {}), ['a', 'b']);
  });
});
