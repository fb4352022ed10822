// What a name means (product sheet, section 7), through a router that is only asked to explain, or to send.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { Router } from '../../../../src/routing/router.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testContext } from '../../../support/model-context.ts';
import type { TestContext } from '../../../support/model-context.ts';
import { testRouter } from '../../../support/router.ts';
import type { TestProvider, TestRouterOptions } from '../../../support/router.ts';
import { runOn, ScriptedFetch } from '../../../support/scripted-fetch.ts';
import type { ScriptedAnswer } from '../../../support/scripted-fetch.ts';

const clock = new FakeClock();

function router(providers: Readonly<Record<string, TestProvider>>, more: Partial<TestRouterOptions> = {}): Router {
  return testRouter({ clock, providers, ...more });
}

/** As `provider/model`, in order. */
function places(of: Router, model: string): string[] {
  return of.explain(model).targets.map((target) => `${target.provider}/${target.model}`);
}

const refusal = (asked: Router, model: string, message: string): void =>
  assert.throws(
    () => asked.explain(model),
    (fault) =>
      fault instanceof Fault &&
      fault.kind === 'INVALID_INPUT' &&
      fault.message === message &&
      fault.data.next?.includes('DEFAULT_MODEL=provider/model') === true,
  );

describe('where bare names are the main provider’s', () => {
  test("a name with another provider's id goes there, every other to the main one", () => {
    const two = router({ corp: {}, claude: {} });
    assert.deepEqual(
      ['gpt', 'claude/opus', 'corp/gpt', 'claudette', 'vendor/claude/x'].map((name) => places(two, name)),
      [['corp/gpt'], ['claude/opus'], ['corp/gpt'], ['corp/claudette'], ['corp/vendor/claude/x']],
    );
  });

  test('no other is asked, even one that lists the name', () => {
    const two = router({ corp: { models: ['x'] }, claude: { models: ['gpt'] } });
    assert.deepEqual(places(two, 'gpt'), ['corp/gpt']);
    assert.deepEqual(two.explain('gpt').leftOut, [
      { provider: 'claude', model: 'gpt', why: 'is asked as claude/gpt only' },
    ]);
  });

  test('a missing name is the default one, wherever that is', () => {
    const two = router({ corp: {}, claude: {} }, { defaultModel: 'claude/opus' });
    assert.deepEqual(places(two, ''), ['claude/opus']);
    assert.deepEqual(places(two, 'gpt'), ['corp/gpt']);
    assert.deepEqual(places(two, 'claude/'), ['claude/opus']);
    assert.deepEqual(places(two, 'corp/'), ['corp/'], 'the only model corp lists, once it was asked');
  });

  test('without a main one every name needs a provider in front', () => {
    const none = router({ a: {}, b: {} }, { routing: { defaultProvider: '' } });
    assert.deepEqual(places(none, 'b/x'), ['b/x']);
    refusal(none, 'x', 'The model "x" was named without a provider, and none of the providers (a, b) is the main one.');
    refusal(none, '', 'No model was named, and none of the providers (a, b) is the main one.');
  });
});

describe('where bare names are everybody’s', () => {
  const every = { bareNames: 'every' } as const;

  test('a name goes to each that has it, by priority, and says who has not', () => {
    const three = router(
      { a: { models: ['x', 'y'], priority: 2 }, b: { models: ['y'] }, c: { models: ['y', 'z'] } },
      every,
    );
    assert.deepEqual(places(three, 'y'), ['b/y', 'c/y', 'a/y']);
    assert.deepEqual(places(three, 'z'), ['c/z']);
    assert.deepEqual(
      three.explain('z').leftOut.map(({ provider, why }) => `${provider} ${why}`),
      ['a has no model of that name', 'b has no model of that name'],
    );
  });

  test('a name nobody is known to have goes to the default provider', () => {
    const two = router({ a: { models: ['x'] }, b: {} }, every);
    assert.deepEqual(places(two, 'new'), ['a/new']);
    assert.equal(two.explain('new').leftOut[0]?.why, 'has not told its models yet');
  });

  test('a name with a provider in front goes there alone', () => {
    const two = router({ a: { models: ['x'] }, b: { models: ['x'] } }, every);
    assert.deepEqual(places(two, 'b/x'), ['b/x']);
  });

  const json = { 'content-type': 'application/json' };
  const good = {
    body: ['data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'],
  };
  const listing = (id: string): ScriptedAnswer => ({ headers: json, body: [JSON.stringify({ data: [{ id }] })] });

  async function ask(of: Router, model: string): Promise<TestContext> {
    const ctx = testContext(clock);
    await runOn(
      clock,
      of.models.chat({ model, messages: [] }, ctx, () => {}),
    );
    return ctx;
  }

  test('the first call waits for the lists that tell who has its model', async () => {
    const a = new ScriptedFetch(clock, [listing('x')]);
    const b = new ScriptedFetch(clock, [listing('y'), good]);
    const two = router({ a: { fetch: a.fetch }, b: { fetch: b.fetch } }, every);
    assert.equal((await ask(two, 'y')).served.provider, 'b');
    assert.deepEqual(places(two, 'y'), ['b/y']);
  });

  test('it waits three seconds and not for ever, and not at all where one is known to have it', async () => {
    const begun = clock.now();
    const slow = new ScriptedFetch(clock, [{ hangs: 'waiting' }]);
    const a = new ScriptedFetch(clock, [listing('x'), good]);
    const two = router({ a: { fetch: a.fetch }, b: { fetch: slow.fetch } }, every);
    assert.equal((await ask(two, 'new')).served.provider, 'a');
    assert.equal(clock.now() - begun, 3000);
    const own = new ScriptedFetch(clock, [good]);
    const sure = router({ a: { fetch: own.fetch, models: ['x'] }, b: { fetch: slow.fetch } }, every);
    assert.equal((await ask(sure, 'x')).served.provider, 'a');
    assert.equal(clock.now() - begun, 3000);
  });

  test('a call that is called off waits no more', async () => {
    const slow = new ScriptedFetch(clock, [{ hangs: 'waiting' }, { hangs: 'waiting' }]);
    const two = router({ a: { fetch: slow.fetch }, b: { fetch: slow.fetch } }, every);
    const ctx = testContext(clock);
    const work = two.models.chat({ model: 'x', messages: [] }, ctx, () => {});
    const reason = new Fault('cancelled', 'Not wanted.');
    ctx.cancel.cancel(reason);
    await assert.rejects(work, reason);
    assert.equal(slow.asked.length, 2, 'no model was asked');
  });
});

describe('an alias', () => {
  const aliases = {
    fast: [
      { provider: 'b', model: 'small', weight: 1 },
      { provider: 'a', model: 'mini', weight: 3, priority: 0 },
    ],
  };

  test('leads to its targets by their own priority, else their provider’s', () => {
    const two = router({ a: {}, b: {} }, { aliases });
    assert.deepEqual(places(two, 'fast'), ['a/mini', 'b/small']);
    assert.equal(two.explain('fast').as, 'alias');
  });

  test('wins over a model of that name, and is known under the name it is listed with', () => {
    const two = router({ a: { models: ['fast'] }, b: {} }, { aliases, bareNames: 'every' });
    assert.deepEqual(places(two, 'fast'), ['a/mini', 'b/small']);
    assert.deepEqual(places(two, 'alias/fast'), ['a/mini', 'b/small']);
  });

  test('may be the default model', () => {
    const two = router({ a: {}, b: {} }, { aliases, defaultModel: 'fast' });
    assert.deepEqual(places(two, ''), ['a/mini', 'b/small']);
  });

  test('is not looked for among what every object has', () => {
    assert.deepEqual(places(router({ a: {} }), 'constructor'), ['a/constructor']);
  });
});

describe('the fallback provider', () => {
  const routing = { fallbackProvider: 'local' };

  test('comes after all others, with the same model where it may have it', () => {
    const two = router({ corp: {}, local: { priority: -5 } }, { routing });
    assert.deepEqual(places(two, 'gpt'), ['corp/gpt', 'local/gpt']);
    assert.deepEqual(two.explain('gpt').targets[1], {
      provider: 'local',
      model: 'gpt',
      weight: 1,
      notes: ['the fallback provider'],
    });
  });

  test('answers with its own first model where it has no such one, but makes no vectors of another', () => {
    const two = router({ corp: {}, local: { models: ['llama', 'phi'] } }, { routing });
    assert.deepEqual(places(two, 'gpt'), ['corp/gpt', 'local/llama']);
    assert.deepEqual(places(two, 'phi'), ['corp/phi', 'local/phi']);
    assert.equal(two.explain('e', { op: 'embed' }).targets.length, 1);
  });

  test('stands in for the default model, and never for a provider that was named', () => {
    const two = router({ corp: {}, local: {} }, { routing, defaultModel: 'gpt' });
    assert.deepEqual(places(two, ''), ['corp/gpt', 'local/gpt']);
    assert.deepEqual(places(two, 'corp/gpt'), ['corp/gpt']);
  });

  test('is not added where the name leads there anyway', () => {
    const aliases = { fast: [{ provider: 'local', model: 'llama', weight: 1 }] };
    assert.deepEqual(places(router({ corp: {}, local: {} }, { routing, aliases }), 'fast'), ['local/llama']);
  });
});
