import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import { Secrets } from '../../../../src/core/secrets.ts';
import { wholeReply } from '../../../../src/providers/attempt/whole-reply.ts';
import type { Send } from '../../../../src/providers/attempt/attempt.ts';
import { openai } from '../../../../src/providers/dialects/openai.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testContext } from '../../../support/model-context.ts';
import { faultOf, runOn, ScriptedFetch, SILENCE } from '../../../support/scripted-fetch.ts';
import type { ScriptedAnswer } from '../../../support/scripted-fetch.ts';
import { lessonsOf } from '../../../support/lessons.ts';

function ask(answer: ScriptedAnswer): { clock: FakeClock; fetch: ScriptedFetch; reply: () => Promise<string> } {
  const clock = new FakeClock();
  const ctx = testContext(clock);
  const fetch = new ScriptedFetch(clock, [answer]);
  const secrets = new Secrets();
  secrets.add('secret-key');
  const endpoint = {
    provider: 'corp',
    type: 'openai',
    baseUrl: 'https://x.example',
    apiKey: 'secret-key',
    headers: {},
    query: {},
  };
  const send: Send = {
    ctx,
    ask: { op: 'models' },
    sending: openai.encode({ op: 'models' }, endpoint, lessonsOf()),
    provider: 'corp',
    model: '',
    clocks: { connectMs: 10_000, firstTokenMs: 30_000, idleMs: 20_000 },
    deadline: ctx.deadline,
    number: 1,
    facts: { status: 0 },
  };
  const upstream = { dialect: openai, fetch: fetch.fetch, clock, secrets };
  return { clock, fetch, reply: () => wholeReply(upstream, send, (body) => body) };
}

const json = { 'content-type': 'application/json' };

test('the pieces of a reply are one text, scrubbed, a character cut in two included', async () => {
  const bytes = Buffer.from('{"a":"é secret-key"}');
  const { clock, fetch, reply } = ask({ headers: json, body: [bytes.subarray(0, 7), bytes.subarray(7)] });
  assert.equal(await runOn(clock, reply()), '{"a":"é [redacted]"}');
  assert.equal(fetch.asked[0]?.ended, 'read');
  assert.equal(clock.pending, 0);
});

test('silence meets the clock, and the fault names no model where none was asked', async () => {
  const { clock, reply } = ask({ headers: json, body: ['{', SILENCE] });
  const fault = await faultOf(clock, reply());
  assert.equal(fault.message, 'No first token came from corp within 30 s.');
  assert.equal(fault.data.model, undefined);
});

test('a page and a refusal are faults', async () => {
  const page = ask({ body: ['<!doctype html><title>Hi</title>'] });
  assert.match((await faultOf(page.clock, page.reply())).message, /web page/);
  const refused = ask({ status: 404, headers: json, body: ['{"detail":"Not Found"}'] });
  assert.equal((await faultOf(refused.clock, refused.reply())).data.status, 404);
});

test('a reply that is cut is no reply', async () => {
  const { clock, reply } = ask({ headers: json, body: ['{"a"', new Fault('INCOMPLETE', 'cut')] });
  assert.equal((await faultOf(clock, reply())).kind, 'INCOMPLETE');
});
