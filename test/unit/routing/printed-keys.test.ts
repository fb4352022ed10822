// Keys that a program prints, in calls on the fake clock: whoever is refused waits for the program, for as long as the
// call may take, and is sent again with what it printed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { present } from '../../../src/core/json.ts';
import type { ChatEvent } from '../../../src/providers/chat.ts';
import type { ProviderSettings } from '../../../src/routing/targets/settings.ts';
import { FakeClock } from '../../support/clock.ts';
import { testContext } from '../../support/model-context.ts';
import type { TestContext } from '../../support/model-context.ts';
import { ended, said } from '../../support/openai-stream.ts';
import { testModels } from '../../support/router.ts';
import { faultOf, runOn, ScriptedFetch, settle } from '../../support/scripted-fetch.ts';
import type { ScriptedAnswer } from '../../support/scripted-fetch.ts';

const good: ScriptedAnswer = { body: [said('Hello'), ended()] };
const refusal = (status: number): ScriptedAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: ['{"error":{}}'],
});

interface Program extends Pick<ProviderSettings, 'apiKeys' | 'keysUnderWay'> {
  /** How often it was run. */
  readonly runs: () => number;
  /** It has printed what it is to print. */
  readonly end: () => void;
}

/** Runs whenever a key was refused. */
function program(first: readonly string[], next: readonly string[]): Program {
  let keys = first;
  let runs = 0;
  let underWay: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  const run = (): typeof underWay => {
    let resolve = (): void => {};
    runs++;
    return { promise: new Promise<void>((done) => (resolve = done)), resolve: () => resolve() };
  };
  return {
    apiKeys: (refused) => {
      if (refused === true) underWay ??= run();
      return keys;
    },
    keysUnderWay: () => underWay?.promise,
    runs: () => runs,
    end: () => {
      keys = next;
      underWay?.resolve();
      underWay = undefined;
    },
  };
}

interface Call {
  readonly clock: FakeClock;
  readonly ctx: TestContext;
  readonly answer: Promise<void>;
  readonly events: readonly ChatEvent[];
  /** The keys that were sent, in order. */
  readonly sent: () => readonly string[];
}

/** A call that has come as far as it can without time and without the program. */
async function called(
  { apiKeys, keysUnderWay }: Program,
  answers: readonly ScriptedAnswer[],
  mostMs?: number,
): Promise<Call> {
  const clock = new FakeClock();
  const { fetch, asked } = new ScriptedFetch(clock, answers);
  const corp = { baseUrl: 'https://llm.example.com', apiKeys, ...present({ keysUnderWay }) };
  const models = testModels({ clock, fetch, providers: { corp }, maxRetries: 3 });
  const ctx = testContext(clock, mostMs);
  const events: ChatEvent[] = [];
  const request = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };
  const answer = models.chat(request, ctx, (batch) => void events.push(...batch));
  answer.catch(() => {});
  await settle();
  const sent = (): readonly string[] =>
    asked.map(({ headers }) => (headers['authorization'] ?? '').replace('Bearer ', ''));
  return { clock, ctx, answer, events, sent };
}

test('the program is waited for, and its new key tried', async () => {
  const keys = program(['old'], ['new']);
  const { clock, answer, events, sent } = await called(keys, [refusal(401), good]);
  assert.deepEqual(sent(), ['old']);
  keys.end();
  await runOn(clock, answer);
  assert.deepEqual(sent(), ['old', 'new']);
  assert.ok(events.some((event) => event.type === 'text' && event.text === 'Hello'));
  assert.deepEqual([clock.now(), clock.pending], [0, 0]);
});

test('where it prints the same again, the call fails as it did', async () => {
  const keys = program(['old'], ['old']);
  const { clock, answer, sent } = await called(keys, [refusal(401)]);
  keys.end();
  assert.equal((await faultOf(clock, answer)).kind, 'AUTH');
  assert.deepEqual([clock.now(), sent(), keys.runs()], [0, ['old'], 1]);
});

test('it is waited for no longer than the call may take', async () => {
  const { clock, answer } = await called(program(['old'], ['new']), [refusal(401)], 5000);
  assert.equal((await faultOf(clock, answer)).kind, 'AUTH');
  assert.equal(clock.now(), 5000);
});

test('a cancel ends the wait', async () => {
  const { clock, ctx, answer } = await called(program(['old'], ['new']), [refusal(401)]);
  ctx.cancel.cancel(new Fault('cancelled', 'not wanted'));
  assert.equal((await faultOf(clock, answer)).kind, 'cancelled');
  assert.deepEqual([clock.now(), clock.pending], [0, 0]);
});

test('other keys come first, while it runs', async () => {
  const keys = program(['one', 'two'], ['new']);
  const { clock, answer, sent } = await called(keys, [refusal(401), refusal(401), good]);
  assert.deepEqual(sent(), ['one', 'two']);
  keys.end();
  await runOn(clock, answer);
  assert.deepEqual(sent(), ['one', 'two', 'new']);
});

test('new keys that are refused too are the end', async () => {
  const keys = program(['old'], ['new', 'newer']);
  const { clock, answer, sent } = await called(keys, [refusal(401), refusal(401), refusal(401)]);
  keys.end();
  assert.equal((await faultOf(clock, answer)).kind, 'AUTH');
  assert.deepEqual(sent(), ['old', 'new', 'newer']);
});

test('another target is asked at once, while it runs', async () => {
  const clock = new FakeClock();
  const first = new ScriptedFetch(clock, [refusal(401)]);
  const second = new ScriptedFetch(clock, [good]);
  const { apiKeys, keysUnderWay, runs } = program(['old'], ['new']);
  const { chat } = testModels({
    clock,
    providers: {
      a: { fetch: first.fetch, apiKeys, ...present({ keysUnderWay }) },
      b: { fetch: second.fetch },
    },
    aliases: { m: ['a', 'b'].map((provider) => ({ provider, model: 'm', weight: 1 })) },
  });
  const request = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] };
  await chat(request, testContext(clock), () => {});
  assert.deepEqual([clock.now(), first.asked.length, second.asked.length, runs()], [0, 1, 1, 1]);
});

for (const [what, status] of [
  ['the key is refused for the model alone', 403],
  ['the key is good, and something else is wrong', 400],
] as const) {
  test(`nothing is waited for where ${what}`, async () => {
    const { clock, answer, sent } = await called(program(['old'], ['new']), [refusal(status)]);
    await faultOf(clock, answer);
    assert.deepEqual([clock.now(), sent()], [0, ['old']]);
  });
}
