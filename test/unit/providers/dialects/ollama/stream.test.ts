// An Ollama answer: what recorded bytes cannot show well, guards above all. WIRE.md 4.5, cases 71 and 72.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../../src/core/fault.ts';
import type { ChatEvent } from '../../../../../src/providers/chat.ts';
import type { Sent } from '../../../../../src/providers/dialect.ts';
import { ollama } from '../../../../../src/providers/dialects/ollama.ts';

const sent: Sent = {
  ask: { op: 'chat', stream: true, request: { model: 'm', messages: [{ role: 'user', content: 'hi' }] } },
  sending: { method: 'POST', url: 'http://x/api/chat', headers: {}, changed: [] },
};

function read(lines: readonly unknown[]): ChatEvent[] {
  const decoder = ollama.decoder(sent);
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return [...decoder.push(Buffer.from(text)), ...decoder.end()];
}

const isFault = (kind: string, says: RegExp) => (thrown: unknown) =>
  thrown instanceof Fault && thrown.kind === kind && says.test(thrown.message);

const call = (id?: string): unknown => ({
  ...(id === undefined ? {} : { id }),
  function: { name: 'f', arguments: {} },
});
const calls = (time: string | undefined, ...list: unknown[]): unknown => ({
  ...(time === undefined ? {} : { created_at: time }),
  message: { tool_calls: list },
  done: true,
});
const idsOf = (events: readonly ChatEvent[]): unknown[] => events.flatMap((e) => (e.type === 'tool' ? [e.id] : []));

test('72: made-up ids differ within an answer and between answers, and are the same for the same answer', () => {
  const first = idsOf(read([calls('2026-08-21T18:48:22.123456789Z', call(), call())]));
  const second = idsOf(read([calls('2026-08-21T18:48:22.123456790Z', call(), call())]));
  assert.equal(new Set([...first, ...second]).size, 4);
  assert.deepEqual(first, idsOf(read([calls('2026-08-21T18:48:22.123456789Z', call(), call())])));
  assert.ok([...first, ...second].every((id) => /^[a-zA-Z0-9_-]{1,40}$/.test(String(id))));
});

test('72: an answer without a time has ids by place, and one id given twice is used once', () => {
  assert.deepEqual(idsOf(read([calls(undefined, call(), call('x'), call('x'))])), ['call_0', 'x', 'call_2']);
});

test('a time of any length makes a short id', () => {
  const [id] = idsOf(read([calls('1'.repeat(5000), call())]));
  assert.ok(String(id).length < 40);
});

test('more calls than anybody makes are refused', () => {
  assert.equal(idsOf(read([calls('t', ...Array.from({ length: 256 }, () => call()))])).length, 256);
  const decoder = ollama.decoder(sent);
  const line = JSON.stringify(calls('t', ...Array.from({ length: 257 }, () => call())));
  assert.equal(decoder.push(Buffer.from(`${line}\n`)).length, 256);
  assert.throws(() => decoder.push(new Uint8Array(0)), isFault('UPSTREAM', /more than 256 tools/));
});

test('a line longer than any is refused before it ends', () => {
  const decoder = ollama.decoder(sent);
  const piece = Buffer.alloc(1024 * 1024, 0x20);
  assert.throws(
    () => {
      for (let i = 0; i < 17; i++) decoder.push(piece);
    },
    isFault('UPSTREAM', /Line 1 .* longer than 16777216 bytes/),
  );
});

test('thoughts are handed back only with calls, and not when they are endless', () => {
  const details = (thinking: string, last: unknown): number =>
    read([{ message: { thinking } }, last]).filter((event) => event.type === 'reasoning_detail').length;
  assert.equal(details('hm', { done: true }), 0);
  assert.equal(details('hm', calls('t', call())), 1);
  assert.equal(details('x'.repeat(262_145), calls('t', call())), 0);
});

test('the year 1 is no time', () => {
  assert.deepEqual(read([{ model: 'm', created_at: '0001-01-01T00:00:00Z', done: true }])[0], {
    type: 'start',
    model: 'm',
  });
});

test('71: a whole reply that does not say it is done is incomplete', () => {
  for (const body of ['{"message":{"content":"x"}}', '{"message":{"content":"x"},"done":false}', '', '{"mess']) {
    assert.throws(() => ollama.decode(sent, body), isFault('INCOMPLETE', /./));
  }
  assert.throws(() => ollama.decode(sent, '[]'), isFault('UPSTREAM', /not a JSON object/));
});

test('an error among the lines of a mislabelled stream is not lost', () => {
  const body = '{"message":{"content":"x"}}\n{"error":"boom"}\n';
  assert.throws(() => ollama.decode(sent, body), isFault('UPSTREAM', /boom/));
});
