// However an upstream's bytes are cut, a client of our own API hears the same answer: the deltas of the relayed stream,
// read by our own decoder as any client would read them, join to what the upstream said.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChatFrames } from '../../src/openai-api/relay/chat-frames.ts';
import type { ChatEvent } from '../../src/providers/chat.ts';
import { EventBatch } from '../../src/providers/dialects/event-batch.ts';
import { openai } from '../../src/providers/dialects/openai.ts';
import type { Sent } from '../../src/providers/dialect.ts';
import { forSeeds, integer, oneOf, randomCuts } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

const sent: Sent = {
  ask: { op: 'chat', stream: true, request: { model: 'm', messages: [] } },
  sending: { method: 'POST', url: '', headers: {}, changed: [] },
};

const PIECES = ['Hel', 'lo "', '\\', '\n\n', 'data: ', '[DONE]', 'é', '😀', '\u2028', '"}},', ': ', 'x'.repeat(300)];

const chunk = (choices: readonly object[], more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', created: 7, model: 'm-1', choices, ...more })}\n\n`;
const delta = (one: object): string => chunk([{ index: 0, delta: one, finish_reason: null }]);

/** An answer as an upstream sends it: reasoning, text, calls, and counts. */
function upstream(draw: Draw): string {
  const out = [delta({ role: 'assistant', content: '' })];
  for (let i = integer(draw, 3); i > 0; i--) out.push(delta({ reasoning_content: oneOf(draw, PIECES) }));
  for (let i = 1 + integer(draw, 20); i > 0; i--) out.push(delta({ content: oneOf(draw, PIECES) }));
  for (let call = 0; call < integer(draw, 3); call++) {
    const fn = { name: `f${call}`, arguments: '{"a"' };
    out.push(delta({ tool_calls: [{ index: call, id: `call_${call}`, type: 'function', function: fn }] }));
    out.push(delta({ tool_calls: [{ index: call, function: { arguments: `:"${oneOf(draw, ['é', 'x', '😀'])}"}` } }] }));
  }
  out.push(chunk([{ index: 0, delta: {}, finish_reason: oneOf(draw, ['stop', 'length']) }]));
  out.push(chunk([], { usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 } }), 'data: [DONE]\n\n');
  return out.join('');
}

/** The batches that bytes cut at random come in. */
function batches(draw: Draw, bytes: Uint8Array): ChatEvent[][] {
  const decoder = openai.decoder(sent);
  const cuts = randomCuts(draw, bytes, oneOf(draw, [3, 50, 5000]));
  return [...cuts.map((piece) => decoder.push(piece)), decoder.end()];
}

/** The same events with neighbours joined, so that only what is said counts. */
function joined(events: readonly ChatEvent[]): readonly ChatEvent[] {
  const batch = new EventBatch();
  for (const event of events) {
    if (event.type === 'text' || event.type === 'reasoning') batch.text(event.type, event.text, 0);
    else batch.add(event);
  }
  return batch.take();
}

test('any chunking of the upstream is the same answer to the client', () => {
  forSeeds(400, (draw) => {
    const bytes = Buffer.from(upstream(draw));
    const heard = batches(draw, bytes);
    const frames = new ChatFrames({ id: 'own', created: 1, model: () => 'own', includeUsage: true });
    const written = heard.map((events) => frames.take(events)).join('') + frames.end();
    const whole = openai.decoder(sent);
    const expected = joined([...whole.push(bytes), ...whole.end()]);
    assert.deepEqual(joined(batches(draw, Buffer.from(written)).flat()), expected);
    assert.ok(written.endsWith('data: [DONE]\n\n'));
  });
});
