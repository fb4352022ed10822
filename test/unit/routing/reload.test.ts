// What a router takes over from the one it takes the place of, and what it does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Router } from '../../../src/routing/router.ts';
import { FakeClock } from '../../support/clock.ts';
import { testContext } from '../../support/model-context.ts';
import { ended, said } from '../../support/openai-stream.ts';
import { testRouter } from '../../support/router.ts';
import type { TestProvider } from '../../support/router.ts';
import { faultOf, runOn, ScriptedFetch } from '../../support/scripted-fetch.ts';
import type { ScriptedAnswer } from '../../support/scripted-fetch.ts';

const json = { 'content-type': 'application/json' };
const down: ScriptedAnswer = { status: 500, headers: json, body: ['{}'] };
const good: ScriptedAnswer = { body: [said('hi'), ended()] };
const refused: ScriptedAnswer = { status: 401, headers: json, body: ['{}'] };
const list: ScriptedAnswer = { headers: json, body: [JSON.stringify({ data: [{ id: 'x' }] })] };

const ask = { model: 'x', messages: [{ role: 'user', content: 'hi' }] } as const;

interface Bench {
  readonly clock: FakeClock;
  readonly fetch: ScriptedFetch;
  readonly make: (corp?: TestProvider, previous?: Router) => Router;
  readonly chat: (router: Router) => Promise<void>;
}

function bench(answers: readonly ScriptedAnswer[]): Bench {
  const clock = new FakeClock();
  const fetch = new ScriptedFetch(clock, answers);
  return {
    clock,
    fetch,
    make: (corp = {}, previous) =>
      testRouter({ clock, fetch: fetch.fetch, providers: { corp }, maxRetries: 4 }, previous),
    chat: (router) => router.models.chat(ask, testContext(clock), () => {}),
  };
}

const notes = (router: Router): readonly string[] | undefined => router.explain('x').targets[0]?.notes;

test('a breaker survives where the provider is the same, whatever function gives its keys', async () => {
  const { clock, make, chat } = bench([down, down, down, down, down]);
  const first = make();
  await faultOf(clock, chat(first));
  assert.deepEqual(notes(make({ apiKeys: () => ['key-two'] }, first)), ['its circuit breaker is open']);
  const same = { weight: 5, priority: 7, names: { key: 'providers[1].apiKey', baseUrl: 'providers[1].baseUrl' } };
  const timeout = { connectMs: 1, idleMs: 1, totalMs: 1 };
  assert.deepEqual(notes(make({ ...same, timeout }, first)), ['its circuit breaker is open'], 'its place in the file');
  assert.deepEqual(notes(make({ baseUrl: 'https://other.example.com' }, first)), []);
  assert.deepEqual(notes(make({ headers: { 'x-team': 'a' } }, first)), []);
});

test('keys that are out stay out, and limits stay used up', async () => {
  const { clock, fetch, make, chat } = bench([refused, good, good]);
  const provider = { apiKeys: () => ['one', 'two'], rateLimits: { requestsPerMinute: 2 } };
  const first = make(provider);
  await runOn(clock, chat(first));
  const second = make(provider, first);
  await runOn(clock, chat(second));
  assert.deepEqual(
    fetch.asked.map(({ headers }) => headers['authorization']),
    ['Bearer one', 'Bearer two', 'Bearer two'],
  );
  assert.equal(clock.now(), 30_000, 'the third request of a minute waits for its turn');
});

test('the list is known still', async () => {
  const { clock, fetch, make } = bench([list]);
  const first = make();
  await runOn(clock, first.models.list({}, testContext(clock)));
  const { models } = await runOn(clock, make({}, first).models.list({}, testContext(clock)));
  assert.deepEqual([models.length, fetch.asked.length], [1, 1]);
});

test('turns go on where they were', async () => {
  const clock = new FakeClock();
  const aliases = { m: ['a', 'b'].map((provider) => ({ provider, model: 'x', weight: 1 })) };
  const { fetch } = new ScriptedFetch(clock, [good, good]);
  const options = { clock, fetch, providers: { a: {}, b: {} }, aliases, routing: { strategy: 'round-robin' } } as const;
  const first = testRouter(options);
  await runOn(
    clock,
    first.models.chat({ ...ask, model: 'm' }, testContext(clock), () => {}),
  );
  assert.equal(testRouter(options, first).explain('m').targets[0]?.provider, 'b');
});

test('a call in flight ends on what it began with', async () => {
  const { clock, make, chat } = bench([{ body: [said('x'), { afterMs: 100 }, ended()] }]);
  const first = make();
  const work = chat(first);
  make({ baseUrl: 'https://other.example.com' }, first);
  await runOn(clock, work);
  assert.equal(clock.now(), 100);
});

test('what the cache may key an answer by: the targets, and a digest that changes with keys and address', () => {
  const { make } = bench([]);
  const [one] = make().targetsOf('x') ?? [];
  assert.deepEqual([one?.provider, one?.model], ['corp', 'x']);
  assert.match(one?.credentials ?? '', /^[0-9a-f]{64}$/);
  assert.deepEqual(make().targetsOf('x'), [one]);
  assert.notDeepEqual(make({ apiKeys: () => ['other'] }).targetsOf('x'), [one]);
  assert.notDeepEqual(make({ baseUrl: 'https://other.example.com' }).targetsOf('x'), [one]);
  assert.equal(make().targetsOf(''), undefined, 'the provider has to be asked which model it has');
});
