// What no recorded answer shows: sizes, and what a decoder says after its end. The rest is fixtures.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../../src/core/fault.ts';
import { openAiStream } from '../../../../support/openai-stream.ts';
import { ended, event, said } from '../../../../support/openai-stream.ts';

test('a hundred thousand deltas of one read are one event', () => {
  const stream = openAiStream();
  const events = stream.push(Buffer.from(said('ab').repeat(100_000) + ended()));
  assert.equal(events.length, 3);
  assert.deepEqual(events[1], { type: 'text', text: 'ab'.repeat(100_000) });
});

test('a fault waits for the events before it, and then stays', () => {
  const stream = openAiStream();
  const events = stream.push(Buffer.from(`${said('a')}data: {"error":"boom"}\n\n`));
  assert.equal(events.length, 2);
  for (let i = 0; i < 2; i++) assert.throws(() => stream.push(new Uint8Array(0)), /boom/);
  assert.throws(() => stream.end(), /boom/);
});

test('an empty push changes nothing', () => {
  const stream = openAiStream();
  assert.deepEqual(stream.push(new Uint8Array(0)), []);
  stream.push(Buffer.from(said('a').slice(0, 20)));
  assert.deepEqual(stream.push(new Uint8Array(0)), []);
});

test('more tools than anybody calls are refused', () => {
  const stream = openAiStream();
  const calls = Array.from({ length: 257 }, (_, i) => ({ id: `c${i}`, function: { name: 'f', arguments: '{}' } }));
  stream.push(Buffer.from(event({ choices: [{ index: 0, delta: { tool_calls: calls } }] })));
  assert.throws(
    () => stream.push(new Uint8Array(0)),
    (thrown) => thrown instanceof Fault && /more than 256 tools/.test(thrown.message),
  );
});

test('a signed block that follows its pieces is not said twice; one that comes alone is said', () => {
  const delta = (one: object): string => event({ choices: [{ index: 0, delta: one }] });
  const block = delta({ reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 's' }] });
  const reasoning = (bytes: string): string =>
    openAiStream()
      .push(Buffer.from(bytes))
      .map((one) => (one.type === 'reasoning' ? one.text : ''))
      .join('');
  assert.equal(reasoning(delta({ reasoning_content: 'h' }) + delta({ reasoning_content: 'm' }) + block), 'hm');
  assert.equal(reasoning(block), 'hm');
});
