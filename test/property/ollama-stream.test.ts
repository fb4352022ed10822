// An Ollama stream means the same however it is cut, and any bytes yield events or a Fault. WIRE.md 4.5, case 68.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../src/core/fault.ts';
import type { ChatEvent } from '../../src/providers/chat.ts';
import type { Sent } from '../../src/providers/dialect.ts';
import { ollama } from '../../src/providers/dialects/ollama.ts';
import { forSeeds, integer, oneOf, randomCuts } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

const sent: Sent = {
  ask: { op: 'chat', stream: true, request: { model: 'm', messages: [{ role: 'user', content: 'hi' }] } },
  sending: { method: 'POST', url: 'http://x/api/chat', headers: {}, changed: [] },
};

const TEXTS = ['', 'a', ' word', 'é', '日本', '🙂', '"q"\\', '\n', '\r\n', '\u2028', '{"done":true}'];
const ENDS = ['\n', '\r\n', '\n\n', '\n \r\n'];

function randomLine(draw: Draw): string {
  const message: Record<string, unknown> = { role: 'assistant', content: oneOf(draw, TEXTS) };
  if (draw() < 0.2) message['thinking'] = oneOf(draw, TEXTS);
  if (draw() < 0.1) message['tool_calls'] = [{ function: { name: 'f', arguments: { a: oneOf(draw, TEXTS) } } }];
  if (draw() < 0.1) message['images'] = null;
  return JSON.stringify({ model: 'm', created_at: '2026-08-21T18:48:22.1Z', message, done: false });
}

function randomEnd(draw: Draw): string {
  const ends = [
    '{"message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":4}',
    '{"message":{"content":"."},"done":true,"done_reason":"length"}\n{"after":"the end"}',
    '{"error":"boom"}',
    '{"model":"m","mess',
    'no json',
    '',
  ];
  return oneOf(draw, ends);
}

/** Everything that was said, with neighbouring text joined, and the Fault it ended in. */
function heard(chunks: readonly Uint8Array[]): unknown[] {
  const decoder = ollama.decoder(sent);
  const events: ChatEvent[] = [];
  const said: unknown[] = [];
  try {
    for (const chunk of chunks) events.push(...decoder.push(chunk));
    events.push(...decoder.end());
    events.push(...decoder.push(new Uint8Array(0)));
  } catch (thrown) {
    assert.ok(thrown instanceof Fault && thrown.kind !== 'internal', String(thrown));
    said.push({ fault: thrown.kind, message: thrown.message });
  }
  let open: { type: string; text: string } | undefined;
  const joined: unknown[] = [];
  for (const event of events) {
    if (event.type === 'text' || event.type === 'reasoning') {
      if (open?.type === event.type) open.text += event.text;
      else joined.push((open = { type: event.type, text: event.text }));
    } else {
      open = undefined;
      joined.push(event);
    }
  }
  return [...joined, ...said];
}

test('68: any chunking says the same', () => {
  forSeeds(400, (draw) => {
    const lines = Array.from({ length: integer(draw, 12) }, () => randomLine(draw) + oneOf(draw, ENDS));
    const bytes = Buffer.from(lines.join('') + randomEnd(draw) + oneOf(draw, ['', '\n']));
    const whole = heard([bytes]);
    assert.deepEqual(heard(randomCuts(draw, bytes, 60)), whole);
    for (const at of [integer(draw, bytes.length + 1), integer(draw, bytes.length + 1)]) {
      assert.deepEqual(heard([bytes.subarray(0, at), bytes.subarray(at)]), whole);
    }
  });
});

test('random bytes and broken answers yield events or a Fault', () => {
  forSeeds(400, (draw) => {
    const text = Array.from({ length: integer(draw, 6) }, () => `${randomLine(draw)}\n`).join('') + randomEnd(draw);
    const bytes = Buffer.from(text);
    for (let i = 0; i < integer(draw, 8) && bytes.length > 0; i++)
      bytes[integer(draw, bytes.length)] = integer(draw, 256);
    const chunks = randomCuts(draw, bytes, 50);
    assert.ok(heard(chunks).length > 0);
    try {
      ollama.decode(sent, bytes.toString('latin1'));
    } catch (thrown) {
      assert.ok(thrown instanceof Fault && thrown.kind !== 'internal', String(thrown));
    }
  });
});
