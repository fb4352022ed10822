// Random streams: the fast cut says what the full parse says, however the bytes are cut; and random bytes give
// events or a Fault, never another throw.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../src/core/fault.ts';
import type { ChatEvent } from '../../src/providers/chat.ts';
import { EventBatch } from '../../src/providers/dialects/event-batch.ts';
import { OpenAiAnswer } from '../../src/providers/dialects/openai/answer.ts';
import { openAiStream } from '../support/openai-stream.ts';
import { forSeeds, integer, oneOf, randomCuts } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

const SNIPPETS = [
  'Hello',
  ' world',
  '',
  '"',
  '\\',
  '\n',
  '\t',
  'é',
  '日本',
  '🙂',
  '\u2028',
  '"content":"x"',
  '","',
  '}]}',
  '\u0001',
  '\ud800',
];

function randomText(draw: Draw): string {
  return Array.from({ length: integer(draw, 4) }, () => oneOf(draw, SNIPPETS)).join('');
}

/** A delta as some server might send it: mostly text, sometimes anything else. */
function randomDelta(draw: Draw): Record<string, unknown> {
  const content = randomText(draw);
  switch (integer(draw, 10)) {
    case 0:
      return { role: 'assistant', content };
    case 1:
      return { content, reasoning_content: randomText(draw) };
    case 2:
      return { reasoning: randomText(draw) };
    case 3:
      return { content: null };
    case 4:
      return { content, refusal: null, tool_calls: [] };
    case 5:
      return { tool_calls: [{ index: integer(draw, 2), function: { name: 'f', arguments: randomText(draw) } }] };
    default:
      return { content };
  }
}

function randomChunk(draw: Draw): string {
  const choice = { index: draw() < 0.05 ? 1 : 0, delta: randomDelta(draw), finish_reason: null };
  const chunk: Record<string, unknown> = { id: 'c1', created: integer(draw, 2), model: 'm', choices: [choice] };
  if (draw() < 0.05) chunk['usage'] = { prompt_tokens: integer(draw, 9) };
  if (draw() < 0.1) chunk['obfuscation'] = randomText(draw);
  if (draw() < 0.1) chunk['decoy'] = { content: randomText(draw) };
  const json = JSON.stringify(chunk);
  return draw() < 0.2 ? json.replaceAll(':', ': ') : json;
}

/** Everything parsed, nothing cut. */
function parsed(chunks: readonly string[]): ChatEvent[] {
  const answer = new OpenAiAnswer();
  const batch = new EventBatch();
  for (const chunk of chunks) answer.accept(JSON.parse(chunk), batch);
  answer.finish(batch);
  return batch.take();
}

function streamed(pieces: readonly Uint8Array[]): ChatEvent[] {
  const stream = openAiStream();
  const batch = new EventBatch();
  for (const event of pieces.flatMap((piece) => stream.push(piece)).concat(stream.end())) {
    // Through a batch once more, which joins what the cuts have parted.
    if (event.type === 'text' || event.type === 'reasoning') batch.text(event.type, event.text, event.choice ?? 0);
    else batch.add(event);
  }
  return batch.take();
}

test('the fast cut and the full parse agree on any stream, however it is cut', () => {
  forSeeds(2000, (draw) => {
    const chunks = Array.from({ length: 2 + integer(draw, 20) }, () => randomChunk(draw));
    const text = chunks.map((chunk) => `data: ${chunk}\n\n`).join('');
    const bytes = Buffer.from(`${text}data: [DONE]\n\n`);
    const expected = parsed(chunks);
    assert.deepEqual(streamed([bytes]), expected);
    assert.deepEqual(streamed(randomCuts(draw, bytes, 60)), expected);
  });
});

const FRAGMENTS = [
  'data: ',
  '\n\n',
  '\r',
  '{"choices":[{"delta":{"content":"',
  '"}}]}',
  '[DONE]',
  'event: error\n',
  '\u0000',
  '{"error":',
  '[',
  '{}',
  'null',
];

test('any bytes give events or a Fault', () => {
  forSeeds(3000, (draw) => {
    const stream = openAiStream();
    try {
      for (let i = integer(draw, 30); i > 0; i--) {
        const piece = draw() < 0.8 ? Buffer.from(oneOf(draw, FRAGMENTS)) : Buffer.from([integer(draw, 256)]);
        stream.push(piece);
      }
      stream.end();
    } catch (thrown) {
      assert.ok(thrown instanceof Fault, String(thrown));
    }
  });
});
