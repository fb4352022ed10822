// The retry loop over one target as the catalog sees it, on the fake clock: what is sent again, when, with which key, and what a
// call ends with. Cases 77 to 83 and 93 of WIRE.md; product sheet, section 8.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import type { ChatEvent, ChatRequest, Hear, ModelContext, Models } from '../../../src/providers/chat.ts';
import type { ProviderSettings } from '../../../src/routing/targets/settings.ts';
import { FakeClock } from '../../support/clock.ts';
import { testContext } from '../../support/model-context.ts';
import type { TestContext } from '../../support/model-context.ts';
import { testModels, testRouter } from '../../support/router.ts';
import { ended, event, said, thought } from '../../support/openai-stream.ts';
import { faultOf, runOn, ScriptedFetch, settle, SILENCE } from '../../support/scripted-fetch.ts';
import type { ScriptedAnswer } from '../../support/scripted-fetch.ts';

interface Bench {
  readonly clock: FakeClock;
  readonly fetch: ScriptedFetch;
  readonly models: Models;
  readonly context: (limitMs?: number) => TestContext;
}

interface Options extends Partial<ProviderSettings> {
  readonly maxRetries?: number;
  readonly defaultModel?: string;
}

function bench(answers: readonly ScriptedAnswer[], options: Options = {}): Bench {
  const { maxRetries = 3, defaultModel, ...provider } = options;
  const clock = new FakeClock();
  const fetch = new ScriptedFetch(clock, answers);
  const models = testModels({
    clock,
    fetch: fetch.fetch,
    providers: { corp: { baseUrl: 'https://llm.example.com', ...provider } },
    maxRetries,
    ...(defaultModel === undefined ? {} : { defaultModel }),
  });
  return { clock, fetch, models, context: (limitMs) => testContext(clock, limitMs) };
}

const asked: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const good: ScriptedAnswer = { body: [said('Hello'), ended()] };
const json = { 'content-type': 'application/json' };

function refusal(status: number, error: unknown = {}, headers: Readonly<Record<string, string>> = {}): ScriptedAnswer {
  return { status, headers: { ...json, ...headers }, body: [JSON.stringify({ error })] };
}

type Model<Request> = (request: Request, ctx: ModelContext, hear: Hear) => Promise<void>;

async function gather<Request>(model: Model<Request>, request: Request, ctx: ModelContext): Promise<ChatEvent[]> {
  const events: ChatEvent[] = [];
  await model(request, ctx, (batch) => void events.push(...batch));
  return events;
}

/** The answer as a consumer gathers it: a restart drops what was there. */
function textOf(events: readonly ChatEvent[]): string {
  let text = '';
  for (const one of events) {
    if (one.type === 'text') text += one.text;
    else if (one.type === 'restart') text = '';
  }
  return text;
}

const keysSent = (fetch: ScriptedFetch): string[] =>
  fetch.asked.map(({ headers }) => (headers['authorization'] ?? '').replace('Bearer ', ''));

test('a failed send is sent again, and every send is on record', async () => {
  const { clock, fetch, models, context } = bench([refusal(500), refusal(503), good]);
  const ctx = context();
  assert.equal(textOf(await runOn(clock, gather(models.chat, asked, ctx))), 'Hello');
  assert.equal(clock.now(), 250 + 500);
  assert.deepEqual(ctx.served, {
    provider: 'corp',
    model: 'm-1',
    asked: 'm',
    changed: [],
    attempts: [
      { provider: 'corp', model: 'm', status: 500, ms: 0, error: 'UPSTREAM' },
      { provider: 'corp', model: 'm', status: 503, ms: 0, error: 'UPSTREAM' },
      { provider: 'corp', model: 'm', status: 200, ms: 0 },
    ],
  });
  assert.deepEqual(
    ctx.phases.filter((phase) => phase.startsWith('retrying')),
    ['retrying 2', 'retrying 3'],
  );
  assert.deepEqual(
    fetch.asked.map(({ headers }) => headers['x-request-id']),
    ['call-1', 'call-1', 'call-1'],
  );
});

test('after MAX_RETRIES the fault says what was tried', async () => {
  const { clock, fetch, models, context } = bench([refusal(500), refusal(500), refusal(502, { message: 'boom' })], {
    maxRetries: 2,
  });
  const fault = await faultOf(clock, gather(models.chat, asked, context()));
  assert.equal(fault.kind, 'UPSTREAM');
  assert.equal(fault.message, 'The upstream answered HTTP 502 (Bad Gateway): boom. Tried 3 times at corp (m).');
  assert.equal(fault.data.attempts?.length, 3);
  assert.deepEqual([fault.data.provider, fault.data.model, fault.data.status], ['corp', 'm', 502]);
  assert.equal(fetch.asked.length, 3);
});

test('a cut stream starts again: consumers are told to drop what they have', async () => {
  const cut = new Fault('INCOMPLETE', 'cut');
  const { clock, models, context } = bench([{ body: [said('Hel'), cut] }, good]);
  const ctx = context();
  const events = await runOn(clock, gather(models.chat, asked, ctx));
  const restart = events.find((one) => one.type === 'restart');
  assert.equal(restart?.attempt, 2);
  assert.equal(restart?.reason.kind, 'INCOMPLETE');
  assert.equal(textOf(events), 'Hello');
  assert.equal(events.filter((one) => one.type === 'finish').length, 1);
});

test('no restart is told when nothing was handed out', async () => {
  const { clock, models, context } = bench([refusal(500), good]);
  const events = await runOn(clock, gather(models.chat, asked, context()));
  assert.ok(!events.some((one) => one.type === 'restart'));
});

test('what cannot be completed says how much was received', async () => {
  const cut = new Fault('INCOMPLETE', 'The answer was cut.');
  const { clock, models, context } = bench([{ body: [said('Hello wor'), cut] }, { body: [said('Hel'), cut] }], {
    maxRetries: 1,
  });
  const fault = await faultOf(clock, gather(models.chat, asked, context()));
  assert.equal(fault.kind, 'INCOMPLETE');
  assert.match(fault.message, /9 characters of the answer were received/);
});

test('an empty answer and a reasoning-only one are sent again', async () => {
  const { clock, models, context } = bench([{ body: [ended()] }, { body: [thought('hm'), ended()] }, good]);
  assert.equal(textOf(await runOn(clock, gather(models.chat, asked, context()))), 'Hello');
});

test('77: quota is never sent again, whatever the upstream says', async () => {
  const { clock, fetch, models, context } = bench([
    refusal(429, { code: 'insufficient_quota' }, { 'x-should-retry': 'true' }),
  ]);
  assert.equal((await faultOf(clock, gather(models.chat, asked, context()))).kind, 'QUOTA');
  assert.equal(fetch.asked.length, 1);
});

test('78: the wait asked for is kept', async () => {
  const { clock, models, context } = bench([refusal(429, {}, { 'retry-after-ms': '50' }), good]);
  await runOn(clock, gather(models.chat, asked, context()));
  assert.equal(clock.now(), 50);
});

test('80: a wait of an hour is told and not waited', async () => {
  const { clock, models, context } = bench([refusal(429, {}, { 'retry-after': '3600' })]);
  const fault = await faultOf(clock, gather(models.chat, asked, context()));
  assert.equal(clock.now(), 0);
  assert.equal(fault.retryAfterMs, 3_600_000);
  assert.match(fault.message, /asks to wait 3600 s/);
  assert.equal(fault.data.next, 'Try again in 3600 s.');
});

test('81: x-should-retry decides: never for false, once for true on a 400', async () => {
  const no = bench([refusal(500, {}, { 'x-should-retry': 'false' })]);
  await faultOf(no.clock, gather(no.models.chat, asked, no.context()));
  const yes = bench([refusal(400, {}, { 'x-should-retry': 'true' }), refusal(400, {}, { 'x-should-retry': 'true' })]);
  await faultOf(yes.clock, gather(yes.models.chat, asked, yes.context()));
  assert.deepEqual([no.fetch.asked.length, yes.fetch.asked.length], [1, 2]);
});

const unsupported = {
  message: "Unsupported parameter: 'max_tokens'",
  code: 'unsupported_parameter',
  param: 'max_tokens',
};

test('82: a request is mended once, uncounted, and the lesson is kept for the model', async () => {
  const { clock, fetch, models, context } = bench([refusal(400, unsupported), good, good], { maxRetries: 0 });
  const ctx = context();
  const request = { ...asked, maxTokens: 9 };
  assert.equal(textOf(await runOn(clock, gather(models.chat, request, ctx))), 'Hello');
  assert.deepEqual(ctx.served.changed, ['max_tokens -> max_completion_tokens']);
  const again = context();
  await runOn(clock, gather(models.chat, request, again));
  assert.deepEqual(again.served.changed, ['max_tokens -> max_completion_tokens']);
  const caps = fetch.asked.map(({ body }) => /"(max\w*)":9/.exec(body)?.[1]);
  assert.deepEqual(caps, ['max_tokens', 'max_completion_tokens', 'max_completion_tokens']);
});

const temperature = { message: "'temperature' is not supported", param: 'temperature' };

test('82: a mend that does not help is not remembered, and no second one is made', async () => {
  const renamed = {
    ...unsupported,
    message: "Unknown parameter: 'max_completion_tokens'",
    param: 'max_completion_tokens',
  };
  const { clock, fetch, models, context } = bench([refusal(400, unsupported), refusal(400, renamed), good]);
  const request = { ...asked, maxTokens: 9 };
  assert.equal((await faultOf(clock, gather(models.chat, request, context()))).kind, 'INVALID_INPUT');
  await runOn(clock, gather(models.chat, request, context()));
  assert.match(fetch.asked[2]?.body ?? '', /"max_tokens":9/);
});

test('82: a second refusal about something else fails the call, and both lessons serve the next one', async () => {
  const { clock, fetch, models, context } = bench([refusal(400, unsupported), refusal(400, temperature), good]);
  const request = { ...asked, maxTokens: 9, temperature: 1 };
  assert.equal((await faultOf(clock, gather(models.chat, request, context()))).kind, 'INVALID_INPUT');
  const ctx = context();
  assert.equal(textOf(await runOn(clock, gather(models.chat, request, ctx))), 'Hello');
  assert.deepEqual(ctx.served.changed, ['max_tokens -> max_completion_tokens', 'temperature removed']);
  assert.equal(fetch.asked.length, 3);
});

test('82: every field of a list is mended in the one resend', async () => {
  const detail = ['seed', 'top_k'].map((name) => ({ loc: ['body', name], msg: 'Extra inputs are not permitted' }));
  const refused = { status: 422, headers: json, body: [JSON.stringify({ detail })] };
  const { clock, fetch, models, context } = bench([refused, good], { maxRetries: 0 });
  const ctx = context();
  await runOn(clock, gather(models.chat, { ...asked, seed: 1, extra: { top_k: 3 } }, ctx));
  assert.deepEqual(ctx.served.changed, ['seed removed', 'top_k removed']);
  assert.equal(fetch.asked.length, 2);
});

test('82: a refused value is replaced by the nearest, and others of that parameter are left alone', async () => {
  const effort = "'reasoning_effort' does not support 'minimal'. Supported values are: 'low', 'medium', and 'high'.";
  const { clock, fetch, models, context } = bench([refusal(400, { message: effort }), good, good]);
  const ctx = context();
  await runOn(clock, gather(models.chat, { ...asked, reasoningEffort: 'minimal' }, ctx));
  assert.deepEqual(ctx.served.changed, ['reasoning_effort "minimal" -> "low"']);
  await runOn(clock, gather(models.chat, { ...asked, reasoningEffort: 'high' }, context()));
  assert.deepEqual(
    fetch.asked.map(({ body }) => /"reasoning_effort":"(\w+)"/.exec(body)?.[1]),
    ['minimal', 'low', 'high'],
  );
});

test('82: after an hour the target is asked plainly again', async () => {
  const { clock, fetch, models, context } = bench([refusal(400, unsupported), good, good]);
  const request = { ...asked, maxTokens: 9 };
  await runOn(clock, gather(models.chat, request, context()));
  clock.advance(3_600_000);
  await runOn(clock, gather(models.chat, request, context()));
  assert.match(fetch.asked[2]?.body ?? '', /"max_tokens":9/);
});

test('an answer that comes in one piece by habit may take its time', async () => {
  const reply = { choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] };
  const whole: ScriptedAnswer = { headers: json, body: [{ afterMs: 60_000 }, JSON.stringify(reply)] };
  const { clock, models, context } = bench([
    refusal(400, { message: 'This model does not support streaming.' }),
    whole,
  ]);
  assert.equal(textOf(await runOn(clock, gather(models.chat, asked, context()))), 'Hello');
});

const cap = (fetch: ScriptedFetch): (string | undefined)[] =>
  fetch.asked.map(({ body }) => /"max\w*":(\d+)/.exec(body)?.[1]);

test('a model that thinks gets room for it, and the caller is told', async () => {
  const { clock, fetch, models, context } = bench([good]);
  const ctx = context();
  await runOn(clock, gather(models.chat, { ...asked, model: 'qwq-32b', maxTokens: 100 }, ctx));
  assert.deepEqual(cap(fetch), ['4096']);
  assert.deepEqual(ctx.served.changed, ['max_tokens 100 -> 4096 (room to think)']);
});

test('an answer that had no room is asked again with more, once', async () => {
  const starved = { body: [thought('hm'), ended('length')] };
  const { clock, fetch, models, context } = bench([starved, good], { maxRetries: 1 });
  const ctx = context();
  const events = await runOn(clock, gather(models.chat, { ...asked, maxTokens: 100 }, ctx));
  assert.equal(textOf(events), 'Hello');
  assert.deepEqual(cap(fetch), ['100', '16384']);
  assert.deepEqual(ctx.served.changed, ['max_tokens 100 -> 16384 (more room to think)']);
  const still = bench([starved, starved]);
  const fault = await faultOf(still.clock, gather(still.models.chat, { ...asked, maxTokens: 5000 }, still.context()));
  assert.deepEqual(cap(still.fetch), ['5000', '20000']);
  assert.equal(fault.kind, 'EMPTY_ANSWER');
  assert.equal(
    fault.message,
    'All output tokens were used up on reasoning, before the answer began. Tried 2 times at corp (m). ' +
      'Sent with max_tokens 5000 -> 20000 (more room to think).',
  );
  assert.equal(fault.data.next, 'Set max_tokens higher, or reasoning_effort lower.');
});

test('without a cap there is no room to be raised', async () => {
  const { clock, fetch, models, context } = bench([{ body: [ended('length')] }]);
  assert.equal((await faultOf(clock, gather(models.chat, asked, context()))).kind, 'EMPTY_ANSWER');
  assert.equal(fetch.asked.length, 1);
});

const tooLarge = { message: 'max_tokens is too large: 4096. This model supports at most 2048 completion tokens.' };

test("where the raised cap is refused, the most there is, or the caller's own, is sent, uncounted", async () => {
  for (const [refused, second] of [
    [tooLarge, '2048'],
    [{ ...tooLarge, message: 'max_tokens is too large.' }, '100'],
  ] as const) {
    const { clock, fetch, models, context } = bench([refusal(400, refused), good], { maxRetries: 0 });
    await runOn(clock, gather(models.chat, { ...asked, model: 'qwq-32b', maxTokens: 100 }, context()));
    assert.deepEqual(cap(fetch), ['4096', second]);
  }
});

test('where more room is refused, the most there is is asked for, and else the answer that had too little is the end', async () => {
  const starved = { body: [ended('length')] };
  const whole = bench([starved, refusal(400, tooLarge), good]);
  const ctx = whole.context();
  await runOn(whole.clock, gather(whole.models.chat, { ...asked, maxTokens: 100 }, ctx));
  assert.deepEqual(cap(whole.fetch), ['100', '16384', '2048']);
  assert.deepEqual(ctx.served.changed, ['max_tokens 100 -> 2048 (more room to think)']);
  const unsaid = { ...tooLarge, message: 'max_tokens is too large.' };
  const { clock, models, context } = bench([starved, refusal(400, unsaid)]);
  const fault = await faultOf(clock, gather(models.chat, { ...asked, maxTokens: 100 }, context()));
  assert.equal(fault.kind, 'EMPTY_ANSWER');
  assert.equal(fault.data.attempts?.length, 2);
});

test('reasoning between tags is no answer text, and nothing else is none at all', async () => {
  const { clock, models, context } = bench([
    { body: [said('<think>hm</think>'), ended()] },
    { body: [said('<thi'), said('nk>hm</think>\n\nHello'), ended()] },
  ]);
  const events = await runOn(clock, gather(models.chat, asked, context()));
  assert.equal(textOf(events), 'Hello');
  assert.deepEqual(
    events.flatMap((one) => (one.type === 'reasoning' ? [one.text] : [])),
    ['hm', 'hm'],
  );
});

test("tools come back under the caller's names", async () => {
  const name = 'weather.get/now';
  const call = { index: 0, id: 'c', function: { name: 'weather_get_now', arguments: '{}' } };
  const body = [event({ choices: [{ index: 0, delta: { tool_calls: [call] } }] }), ended('tool_calls')];
  const { clock, fetch, models, context } = bench([{ body }]);
  const events = await runOn(clock, gather(models.chat, { ...asked, tools: [{ name }] }, context()));
  assert.match(fetch.asked[0]?.body ?? '', /"name":"weather_get_now"/);
  assert.deepEqual(
    events.flatMap((one) => (one.type === 'tool' ? [one.name] : [])),
    [name],
  );
});

test('what a dialect cannot say is told with provider and model', async () => {
  const { clock, fetch, models, context } = bench([]);
  const fault = await faultOf(clock, gather(models.chat, { ...asked, extra: { model: 'x' } }, context()));
  assert.deepEqual([fault.kind, fault.data.provider, fault.data.model], ['INVALID_INPUT', 'corp', 'm']);
  assert.equal(fetch.asked.length, 0);
});

test('sends are counted over the whole call, however often it comes this way', async () => {
  const { clock, models, context } = bench([good, good]);
  const ctx = context();
  await runOn(clock, gather(models.chat, asked, ctx));
  await runOn(clock, gather(models.chat, asked, ctx));
  assert.deepEqual(
    ctx.phases.filter((phase) => phase.startsWith('connecting')),
    ['connecting 1', 'connecting 2'],
  );
});

test('another provider is told under the names of its own settings', async () => {
  const names = { key: 'GROQ_API_KEY', baseUrl: 'GROQ_BASE_URL' };
  const { clock, models, context } = bench([refusal(401), refusal(404)], { names });
  assert.equal((await faultOf(clock, gather(models.chat, asked, context()))).data.next, 'Check GROQ_API_KEY.');
  const fault = await faultOf(clock, gather(models.chat, asked, context()));
  assert.equal(fault.data.next, 'Check GROQ_BASE_URL: the address probably lacks or repeats a part of its path.');
});

test('calls take the keys in turn', async () => {
  const { clock, fetch, models, context } = bench([good, good, good], { apiKeys: () => ['one', 'two'] });
  for (let i = 0; i < 3; i++) await runOn(clock, gather(models.chat, asked, context()));
  assert.deepEqual(keysSent(fetch), ['one', 'two', 'one']);
});

test('401 takes a key out: the next one is tried at once, uncounted, and stays first', async () => {
  const { clock, fetch, models, context } = bench([refusal(401), good, good, good], {
    apiKeys: () => ['one', 'two'],
    maxRetries: 0,
  });
  await runOn(clock, gather(models.chat, asked, context()));
  assert.equal(clock.now(), 0);
  await runOn(clock, gather(models.chat, asked, context()));
  clock.advance(5 * 60_000);
  await runOn(clock, gather(models.chat, asked, context()));
  assert.deepEqual(keysSent(fetch), ['one', 'two', 'two', 'one']);
});

test('a key that has used up its limit is left alone by the calls that follow', async () => {
  const spent = refusal(429, { code: 'insufficient_quota' });
  for (const limited of [refusal(429, {}, { 'retry-after': '20' }), spent]) {
    const { clock, fetch, models, context } = bench([limited, good, good, good, good], {
      apiKeys: () => ['one', 'two', 'three'],
    });
    for (let i = 0; i < 4; i++) await runOn(clock, gather(models.chat, asked, context()));
    assert.deepEqual(keysSent(fetch), ['one', 'two', 'two', 'three', 'two']);
  }
});

test('when every key is refused the fault is the last one, after one send each', async () => {
  const { clock, fetch, models, context } = bench([refusal(401), refusal(401)], { apiKeys: () => ['one', 'two'] });
  assert.equal((await faultOf(clock, gather(models.chat, asked, context()))).kind, 'AUTH');
  assert.equal(fetch.asked.length, 2);
});

test('a key that was replaced in its file is tried after a 401, once', async () => {
  const { clock, fetch, models, context } = bench([refusal(401), refusal(401)], {
    apiKeys: (refused) => [refused === true ? 'new' : 'old'],
  });
  await faultOf(clock, gather(models.chat, asked, context()));
  assert.deepEqual(keysSent(fetch), ['old', 'new']);
});

test('never more sends than one, the mend, the other keys and MAX_RETRIES', async () => {
  const { clock, fetch, models, context } = bench(
    [refusal(401), refusal(400, unsupported), refusal(500), refusal(401), refusal(500), refusal(500)],
    { apiKeys: () => ['one', 'two', 'three'], maxRetries: 2 },
  );
  await faultOf(clock, gather(models.chat, { ...asked, maxTokens: 9 }, context()));
  assert.equal(fetch.asked.length, 6);
});

test('a cancel while waiting to try again ends the wait at once', async () => {
  const { clock, models, context } = bench([refusal(429, {}, { 'retry-after': '30' })]);
  const ctx = context();
  const work = gather(models.chat, asked, ctx);
  await settle();
  const reason = new Fault('cancelled', 'not wanted');
  ctx.cancel.cancel(reason);
  assert.equal(await faultOf(clock, work), reason);
  assert.equal(clock.now(), 0);
  assert.equal(clock.pending, 0);
});

test('a cancelled call is not sent again, and is on record as cancelled', async () => {
  const { clock, fetch, models, context } = bench([{ body: [said('a'), SILENCE] }]);
  const ctx = context();
  const work = gather(models.chat, asked, ctx);
  await settle();
  ctx.cancel.cancel(new Fault('cancelled', 'not wanted'));
  await faultOf(clock, work);
  assert.equal(fetch.asked.length, 1);
  assert.equal(ctx.served.attempts[0]?.error, 'cancelled');
});

test('a consumer that fails leaves a closed connection and a record, and is not asked again', async () => {
  const { clock, fetch, models, context } = bench([{ body: [said('a'), said('b'), SILENCE] }]);
  const ctx = context();
  const failing = models.chat(asked, ctx, () => {
    throw new TypeError('broken');
  });
  const fault = await faultOf(clock, failing);
  assert.equal(fault.kind, 'internal');
  assert.ok(fault.cause instanceof TypeError);
  assert.equal(fetch.asked.length, 1);
  assert.equal(fetch.asked[0]?.ended, 'left');
  assert.equal(ctx.served.attempts[0]?.error, 'internal');
});

test('the deadline in mid-answer says what was received, and without text a timeout', async () => {
  const { clock, models, context } = bench([{ body: [said('Hel'), { afterMs: 4000 }, said('lo'), SILENCE] }]);
  const fault = await faultOf(clock, gather(models.chat, asked, context(5000)));
  assert.equal(fault.kind, 'INCOMPLETE');
  assert.match(fault.message, /5 characters of the answer were received/);
  const silent = bench([{ hangs: 'waiting' }]);
  assert.equal((await faultOf(silent.clock, gather(silent.models.chat, asked, silent.context(5000)))).kind, 'TIMEOUT');
  assert.equal(silent.clock.now(), 5000);
});

test("the provider's own total brings the deadline nearer", async () => {
  const timeout = { connectMs: 1000, firstTokenMs: 30_000, idleMs: 30_000, totalMs: 2000 };
  const { clock, models, context } = bench([{ hangs: 'waiting' }], { timeout });
  await faultOf(clock, gather(models.chat, asked, context()));
  assert.equal(clock.now(), 2000);
});

test('a wait that the deadline would cut is not begun', async () => {
  const { clock, models, context } = bench([refusal(429, {}, { 'retry-after': '10' })]);
  const fault = await faultOf(clock, gather(models.chat, asked, context(5000)));
  assert.equal(clock.now(), 0);
  assert.match(fault.message, /time left for the call was too short/);
});

test('a stream is asked for unless the provider cannot', async () => {
  const reply = { choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] };
  const { clock, fetch, models, context } = bench([{ headers: json, body: [JSON.stringify(reply)] }], {
    capabilities: { streaming: false },
  });
  assert.equal(textOf(await runOn(clock, gather(models.chat, asked, context()))), 'Hello');
  assert.doesNotMatch(fetch.asked[0]?.body ?? '', /stream/);
});

const list = (...ids: string[]): ScriptedAnswer => ({
  headers: json,
  body: [JSON.stringify({ data: ids.map((id) => ({ id })) })],
});

test('a model that is not known is told which was meant, though nobody asked for the list', async () => {
  const unknown = refusal(404, { message: 'The model `gpt-4p` does not exist', code: 'model_not_found' });
  const { clock, fetch, models, context } = bench([unknown, list('gpt-4o', 'other')]);
  const ctx = context();
  const fault = await faultOf(clock, gather(models.chat, { ...asked, model: 'gpt-4p' }, ctx));
  assert.equal(fault.data.next, 'Did you mean "gpt-4o"? The list_models tool shows which models there are.');
  assert.deepEqual([fetch.asked.length, ctx.served.attempts.length], [2, 1]);
});

test('a hint is not waited for longer than five seconds', async () => {
  const unknown = refusal(404, { message: 'The model `gpt-4p` does not exist', code: 'model_not_found' });
  const { clock, models, context } = bench([unknown, { body: [SILENCE] }]);
  const before = clock.now();
  const fault = await faultOf(clock, gather(models.chat, { ...asked, model: 'gpt-4p' }, context()));
  assert.equal(fault.kind, 'MODEL_NOT_FOUND');
  assert.equal(clock.now() - before, 5000);
});

test('a list that does not come is given up after half a minute, all attempts together', async () => {
  const { clock, models, context } = bench([{ body: [SILENCE] }, { body: [SILENCE] }]);
  const before = clock.now();
  const fault = await faultOf(clock, models.list({}, context()));
  assert.equal(fault.kind, 'TIMEOUT');
  assert.equal(clock.now() - before, 30_000);
});

test('the list is fresh for a minute, and asked for again on request', async () => {
  const { clock, fetch, models, context } = bench([list('a'), list('b'), list('c')]);
  const ids = async (refresh = false): Promise<string[]> =>
    (await runOn(clock, models.list({ refresh }, context()))).models.map(({ id }) => id);
  assert.deepEqual([await ids(), await ids()], [['a'], ['a']]);
  assert.deepEqual(await ids(true), ['b']);
  clock.advance(60_000);
  assert.deepEqual(await ids(), ['b'], 'an old one is given at once');
  assert.deepEqual(await ids(), ['c'], 'and was asked for again meanwhile');
  assert.equal(fetch.asked[0]?.url, 'https://llm.example.com/v1/models');
});

test('configured models are the list', async () => {
  const { clock, models, context } = bench([], { models: ['x', 'y'] });
  const { models: listed } = await runOn(clock, models.list({}, context()));
  assert.deepEqual(listed, [
    { id: 'x', provider: 'corp' },
    { id: 'y', provider: 'corp' },
  ]);
});

test('without a name the only listed model is asked, and its list is no attempt of the call', async () => {
  const { clock, fetch, models, context } = bench([list('only'), good]);
  const ctx = context();
  await runOn(clock, gather(models.chat, { ...asked, model: '' }, ctx));
  assert.match(fetch.asked[1]?.body ?? '', /"model":"only"/);
  assert.equal(ctx.served.attempts.length, 1);
});

test('the configured default is asked without its provider, a named model as well', async () => {
  const { clock, fetch, models, context } = bench([good, good], { defaultModel: 'corp/big' });
  await runOn(clock, gather(models.chat, { ...asked, model: '' }, context()));
  await runOn(clock, gather(models.chat, { ...asked, model: 'corp/small' }, context()));
  assert.deepEqual(
    fetch.asked.map(({ body }) => /"model":"([^"]+)"/.exec(body)?.[1]),
    ['big', 'small'],
  );
});

test('a model that is not found is answered with the name it is like', async () => {
  const { clock, models, context } = bench([list('gpt-4o', 'llama3'), refusal(404, { code: 'model_not_found' })]);
  await runOn(clock, models.list({}, context()));
  const fault = await faultOf(clock, gather(models.chat, { ...asked, model: 'gpt4o' }, context()));
  assert.equal(fault.kind, 'MODEL_NOT_FOUND');
  assert.match(fault.data.next ?? '', /Did you mean "gpt-4o"/);
});

test('OpenAI without a key is not asked', async () => {
  const { clock, fetch, models, context } = bench([], { baseUrl: 'https://api.openai.com/v1', apiKeys: () => [] });
  const fault = await faultOf(clock, gather(models.chat, asked, context()));
  assert.equal(fault.kind, 'NOT_CONFIGURED');
  assert.match(fault.data.next ?? '', /API_KEY/);
  assert.equal(fetch.asked.length, 0);
});

test('embeddings go through the same loop', async () => {
  const reply = { data: [{ index: 0, embedding: [0.5] }], model: 'e-1', usage: { prompt_tokens: 1 } };
  const { clock, models, context } = bench([refusal(500), { headers: json, body: [JSON.stringify(reply)] }]);
  const ctx = context();
  const embeddings = await runOn(clock, models.embed({ model: 'e', input: ['a'] }, ctx));
  assert.deepEqual(embeddings, { model: 'e-1', vectors: [[0.5]], usage: { inputTokens: 1 } });
  assert.equal(ctx.served.model, 'e-1');
  assert.deepEqual(
    ctx.served.attempts.map(({ error }) => error),
    ['UPSTREAM', undefined],
  );
});

test('vectors that are not as many as the texts are no answer', async () => {
  const reply = { data: [{ index: 0, embedding: [0.5] }], model: 'e-1' };
  const { clock, models, context } = bench([{ headers: json, body: [JSON.stringify(reply)] }]);
  const fault = await faultOf(clock, models.embed({ model: 'e', input: ['a', 'b'] }, context()));
  assert.equal(fault.kind, 'UPSTREAM');
  assert.equal(fault.message, 'The upstream answered 1 embeddings to 2 texts.');
});

test('a completion is the same stream', async () => {
  const { clock, fetch, models, context } = bench([
    { body: [event({ choices: [{ index: 0, text: 'Once', finish_reason: 'stop' }] }), 'data: [DONE]\n\n'] },
  ]);
  assert.equal(textOf(await runOn(clock, gather(models.complete, { model: 'm', prompt: 'x' }, context()))), 'Once');
  assert.equal(fetch.asked[0]?.url, 'https://llm.example.com/v1/completions');
});

test('without any provider every question says what to set', async () => {
  const { models, explain } = testRouter({ clock: new FakeClock(), providers: {} });
  const notConfigured = { kind: 'NOT_CONFIGURED' };
  await assert.rejects(
    models.chat(asked, testContext(new FakeClock()), () => {}),
    notConfigured,
  );
  await assert.rejects(models.list({}, testContext(new FakeClock())), notConfigured);
  assert.throws(() => explain('m'), notConfigured);
});

test('every request that is made for a call names the instances it has passed', async () => {
  const listed = { headers: { 'content-type': 'application/json' }, body: ['{"data":[{"id":"only"}]}'] };
  const { clock, fetch, models, context } = bench([listed, refusal(500), { body: [said('Hello'), ended()] }]);
  const ctx = { ...context(), via: 'one, two' };
  await runOn(
    clock,
    models.chat({ model: '', messages: [{ role: 'user', content: 'hi' }] }, ctx, () => {}),
  );
  assert.deepEqual(
    fetch.asked.map(({ url, headers }) => `${new URL(url).pathname} ${headers['anymodel-via']}`),
    ['/v1/models one, two', '/v1/chat/completions one, two', '/v1/chat/completions one, two'],
  );
});
