// One attempt on the fake clock: clocks, phases, what a body may be, and how a connection is left. Cases 25, 41,
// 44, 45, 50, 88, 89, 90 and 93 of WIRE.md, and the clocks of the product sheet, section 8.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import { Secrets } from '../../../../src/core/secrets.ts';
import type { Send } from '../../../../src/providers/attempt/attempt.ts';
import { streamAnswer } from '../../../../src/providers/attempt/stream-answer.ts';
import type { ChatEvent, Hear } from '../../../../src/providers/chat.ts';
import type { Ask } from '../../../../src/providers/dialect.ts';
import { openai } from '../../../../src/providers/dialects/openai.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testContext } from '../../../support/model-context.ts';
import type { TestContext } from '../../../support/model-context.ts';
import { ended, event, said, thought } from '../../../support/openai-stream.ts';
import { faultOf, runOn, ScriptedFetch, settle, SILENCE } from '../../../support/scripted-fetch.ts';
import type { ScriptedAnswer } from '../../../support/scripted-fetch.ts';
import { lessonsOf } from '../../../support/lessons.ts';

const KEY = 'corp-secret-key';

interface Bench {
  readonly clock: FakeClock;
  readonly ctx: TestContext;
  readonly fetch: ScriptedFetch;
  readonly send: Send;
  readonly answer: (hear: Hear) => Promise<void>;
}

function bench(answer: ScriptedAnswer, options: { stream?: boolean; limitMs?: number } = {}): Bench {
  const clock = new FakeClock();
  const ctx = testContext(clock, options.limitMs);
  const fetch = new ScriptedFetch(clock, [answer]);
  const secrets = new Secrets();
  secrets.add(KEY);
  const { stream = true } = options;
  const ask: Ask = { op: 'chat', stream, request: { model: 'm', messages: [{ role: 'user', content: 'hi' }] } };
  const endpoint = {
    provider: 'corp',
    type: 'openai',
    baseUrl: 'https://x.example/v1',
    apiKey: KEY,
    headers: {},
    query: {},
  };
  const send: Send = {
    ctx,
    ask,
    sending: openai.encode(ask, endpoint, lessonsOf()),
    provider: 'corp',
    model: 'm',
    clocks: { connectMs: 10_000, firstTokenMs: stream ? 30_000 : Infinity, idleMs: 20_000 },
    deadline: ctx.deadline,
    number: 1,
    facts: { status: 0 },
  };
  const upstream = { dialect: openai, fetch: fetch.fetch, clock, secrets };
  return { clock, ctx, fetch, send, answer: (hear) => streamAnswer(upstream, send, hear) };
}

async function gather(answer: Bench['answer']): Promise<ChatEvent[]> {
  const events: ChatEvent[] = [];
  await answer((batch) => void events.push(...batch));
  return events;
}

/** Hears each batch and has room again `ms` later. */
function slowly(clock: FakeClock, ms: number, heard: ChatEvent[]): Hear {
  return (batch) => {
    heard.push(...batch);
    return new Promise((resolve) => {
      clock.after(ms, resolve);
    });
  };
}

const textOf = (events: readonly ChatEvent[]): string =>
  events.map((one) => (one.type === 'text' ? one.text : '')).join('');

test('an answer is told in phases, and its connection is read to the end', async () => {
  const { clock, ctx, fetch, send, answer } = bench({ body: [said('Hel'), said('lo'), ended()] });
  const events = await runOn(clock, gather(answer));
  assert.equal(textOf(events), 'Hello');
  assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop' });
  assert.deepEqual(ctx.phases, ['connecting 1', 'waiting 1', 'streaming 1']);
  assert.equal(fetch.asked[0]?.headers['x-request-id'], 'call-1');
  assert.equal(send.facts.status, 200);
  await settle();
  assert.equal(fetch.asked[0]?.ended, 'read');
  assert.equal(clock.pending, 0);
});

test('the text of one read is one event', async () => {
  const { clock, answer } = bench({ body: [said('x') + said('y') + said('z'), ended()] });
  const events = await runOn(clock, gather(answer));
  assert.deepEqual(events[1], { type: 'text', text: 'xyz' });
});

test('88: a server that never answers meets the first-token clock, whose text says what to set', async () => {
  const { clock, ctx, answer } = bench({ hangs: 'waiting' });
  const fault = await faultOf(clock, gather(answer));
  assert.equal(fault.kind, 'TIMEOUT');
  assert.equal(fault.message, 'No first token came from corp (m) within 30 s.');
  assert.match(fault.data.next ?? '', /TIMEOUT/);
  assert.equal(fault.retry, 'again');
  assert.equal(clock.now(), 30_000);
  assert.deepEqual(ctx.phases, ['connecting 1', 'waiting 1']);
});

test('88: comments do not put off the first token, a reasoning delta does', async () => {
  const silent = bench({ body: [': ping\n\n', { afterMs: 25_000 }, ': ping\n\n', SILENCE] });
  assert.equal((await faultOf(silent.clock, gather(silent.answer))).kind, 'TIMEOUT');
  assert.equal(silent.clock.now(), 30_000);
  const { clock, answer } = bench({
    body: [thought('hm'), { afterMs: 19_000 }, ': x\n\n', { afterMs: 19_000 }, said('a'), ended()],
  });
  assert.equal(textOf(await runOn(clock, gather(answer))), 'a');
});

test('89: comments keep a stream alive, silence ends it', async () => {
  const alive = bench({ body: [said('a'), { afterMs: 19_000 }, ': x\n\n', { afterMs: 19_000 }, said('b'), ended()] });
  assert.equal(textOf(await runOn(alive.clock, gather(alive.answer))), 'ab');
  const { clock, fetch, answer } = bench({ body: [said('a'), SILENCE] });
  const fault = await faultOf(clock, gather(answer));
  assert.equal(fault.message, 'The stream from corp (m) was silent for 20 s.');
  assert.equal(clock.now(), 20_000);
  assert.equal(fetch.asked[0]?.ended, 'left');
  assert.equal(clock.pending, 0);
});

test('time in which nobody reads counts for neither clock', async () => {
  const { clock, answer } = bench({ body: [said('a'), { afterMs: 15_000 }, said('b'), ended()] });
  const heard: ChatEvent[] = [];
  await runOn(clock, answer(slowly(clock, 100_000, heard)));
  assert.equal(textOf(heard), 'ab');
});

test('time in which nobody reads does not use up the wait for the first token', async () => {
  const { clock, answer } = bench({ body: [event({ choices: [] }), { afterMs: 29_000 }, said('a'), ended()] });
  const heard: ChatEvent[] = [];
  await runOn(clock, answer(slowly(clock, 60_000, heard)));
  assert.equal(textOf(heard), 'a');
});

test('nothing is read while the hearer has no room', async () => {
  const { clock, answer } = bench({ body: [said('a'), said('b'), ended()] });
  const heard: ChatEvent[] = [];
  const work = answer(slowly(clock, 1000, heard));
  await settle();
  assert.equal(textOf(heard), 'a');
  clock.advance(1000);
  await settle();
  assert.equal(textOf(heard), 'ab');
  await runOn(clock, work);
});

test('the deadline ends what the other clocks would allow', async () => {
  const { clock, answer } = bench({ body: [said('a'), SILENCE] }, { limitMs: 5000 });
  const fault = await faultOf(clock, gather(answer));
  assert.equal(fault.message, 'The time for the call ran out while the answer was streaming from corp (m).');
  assert.equal(fault.retry, 'never');
  assert.equal(clock.now(), 5000);
});

test('asked in one piece, only the deadline counts', async () => {
  const reply = JSON.stringify({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] });
  const { clock, answer } = bench(
    { headers: { 'content-type': 'application/json' }, body: [{ afterMs: 400_000 }, reply] },
    { stream: false },
  );
  assert.equal(textOf(await runOn(clock, gather(answer))), 'Hello');
});

test('90: a cancel ends the wait with its own reason and closes the connection', async () => {
  const { clock, ctx, fetch, answer } = bench({ body: [said('a'), SILENCE] });
  const work = gather(answer);
  await settle();
  const reason = new Fault('cancelled', 'not wanted');
  ctx.cancel.cancel(reason);
  assert.equal(await faultOf(clock, work), reason);
  assert.equal(fetch.asked[0]?.ended, 'left');
});

test('a hearer that fails closes the connection', async () => {
  const { clock, fetch, answer } = bench({ body: [said('a'), said('b'), SILENCE] });
  const failing = answer(() => {
    throw new TypeError('broken');
  });
  assert.equal((await faultOf(clock, failing)).kind, 'internal');
  assert.equal(fetch.asked[0]?.ended, 'left');
  assert.equal(clock.pending, 0);
});

test('41: an error in the same read as text comes after the text, and at once', async () => {
  const { clock, answer } = bench({ body: [`${said('Hel')}data: {"error":{"message":"boom"}}\n\n`, SILENCE] });
  const seen: ChatEvent[] = [];
  const work = answer((batch) => void seen.push(...batch));
  const fault = await faultOf(clock, work);
  assert.equal(textOf(seen), 'Hel');
  assert.match(fault.message, /boom/);
  assert.equal(clock.now(), 0);
});

test('50: an answer without text or tool call is none', async () => {
  const cases: readonly (readonly [string, RegExp, string])[] = [
    ['data: [DONE]\n\n', /answered nothing/, 'again'],
    [thought('hm') + ended(), /reasoned, but answered nothing/, 'again'],
    [thought('hm') + ended('length'), /output tokens were used up on reasoning, before the answer began/, 'never'],
    [ended('length'), /output tokens were used up before the answer began/, 'never'],
    [said('<think>hm</think>') + ended(), /reasoned, but answered nothing/, 'again'],
  ];
  for (const [body, message, retry] of cases) {
    const { clock, answer } = bench({ body: [body] });
    const fault = await faultOf(clock, gather(answer));
    assert.equal(fault.kind, 'EMPTY_ANSWER');
    assert.match(fault.message, message);
    assert.equal(fault.retry, retry);
  }
});

test('a filtered answer hands on its text and no finish', async () => {
  const { clock, answer } = bench({ body: [said('Hel') + ended('content_filter')] });
  const seen: ChatEvent[] = [];
  const work = answer((batch) => void seen.push(...batch));
  assert.equal((await faultOf(clock, work)).kind, 'CONTENT_FILTER');
  assert.equal(textOf(seen), 'Hel');
  assert.ok(!seen.some((one) => one.type === 'finish'));
});

test('45: a page is named, shortly', async () => {
  const page = `<html><head><title>Sign in</title></head>${'x'.repeat(100_000)}</html>`;
  const { clock, answer } = bench({ headers: { 'content-type': 'text/html' }, body: [page] });
  const fault = await faultOf(clock, gather(answer));
  assert.equal(fault.message, 'The upstream answered with a web page instead of JSON: "Sign in".');
  assert.equal(fault.data.status, 200);
});

test('44: blank lines before a whole reply are passed over', async () => {
  const reply = JSON.stringify({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] });
  const { clock, answer } = bench({ body: ['\n', '\r\n', reply.slice(0, 9), reply.slice(9)] });
  assert.equal(textOf(await runOn(clock, gather(answer))), 'Hello');
});

test('93: neither a refusal nor an answer repeats the key', async () => {
  const refused = bench({
    status: 401,
    headers: { 'x-request-id': 'r1' },
    body: [`{"error":{"message":"bad key ${KEY}","code":"${KEY}"}}`],
  });
  const fault = await faultOf(refused.clock, gather(refused.answer));
  assert.ok(!JSON.stringify([fault.message, fault.data]).includes(KEY));
  assert.deepEqual(
    [fault.data.provider, fault.data.model, fault.data.status, fault.data.requestId],
    ['corp', 'm', 401, 'r1'],
  );
  const { clock, answer } = bench({ body: [said(`it is ${KEY.slice(0, 5)}`), said(KEY.slice(5)), ended()] });
  assert.equal(textOf(await runOn(clock, gather(answer))), 'it is [redacted]');
});

test('an error body that is cut, or endless, still gives its status', async () => {
  const cut = bench({ status: 503, body: ['{"error":{"mess', new Fault('INCOMPLETE', 'cut')] });
  assert.equal((await faultOf(cut.clock, gather(cut.answer))).data.status, 503);
  const endless = bench({ status: 500, body: Array.from({ length: 50 }, () => 'x'.repeat(10_000)) });
  assert.equal((await faultOf(endless.clock, gather(endless.answer))).data.status, 500);
  assert.equal(endless.fetch.asked[0]?.ended, 'left');
});

test('what follows the end of an answer is read for a second and no longer', async () => {
  const { clock, fetch, answer } = bench({ body: [said('a') + ended(), SILENCE] });
  const events = await runOn(clock, gather(answer));
  assert.equal(events.at(-1)?.type, 'finish');
  assert.equal(clock.now(), 0);
  clock.advance(1000);
  await settle();
  assert.equal(fetch.asked[0]?.ended, 'left');
  assert.equal(clock.pending, 0);
});
