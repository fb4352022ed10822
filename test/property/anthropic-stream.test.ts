// Random Anthropic streams: blocks that overlap, pings, padding, what we do not know. However the bytes are cut, and
// whether a delta is cut out or parsed, the same is heard, and it is what the stream was made of; and random bytes
// give events or a Fault, never another throw.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../src/core/fault.ts';
import type { ChatEvent } from '../../src/providers/chat.ts';
import { AnthropicAnswer } from '../../src/providers/dialects/anthropic/answer.ts';
import { EventBatch } from '../../src/providers/dialects/event-batch.ts';
import { anthropicStream } from '../support/anthropic-stream.ts';
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
  '"}}',
  '","text":"x',
  '"} }',
  '{}',
  '\u0001',
  '\ud800',
];

type Json = Record<string, unknown>;

interface Made {
  readonly events: readonly Json[];
  readonly text: string;
  readonly reasoning: string;
  /** The arguments of each call, in the order the calls begin. */
  readonly calls: readonly string[];
  /** The signatures that have to be kept. */
  readonly signatures: readonly string[];
}

function randomText(draw: Draw): string {
  return Array.from({ length: integer(draw, 4) }, () => oneOf(draw, SNIPPETS)).join('');
}

const KINDS = ['text', 'thinking', 'tool_use', 'server_tool_use'] as const;

interface Open {
  readonly index: number;
  readonly kind: (typeof KINDS)[number];
  readonly call: number;
  left: number;
}

/** Several blocks at once, each with its deltas in order; what they add up to is noted on the way. */
function randomStream(draw: Draw): Made {
  const events: Json[] = [{ type: 'message_start', message: { id: 'm1', model: 'm', usage: { input_tokens: 1 } } }];
  const calls: string[] = [];
  const signatures: string[] = [];
  let text = '';
  let reasoning = '';
  const open: Open[] = [];
  const waiting = Array.from({ length: integer(draw, 5) }, (_, index) => index);
  const say = (index: number, delta: Json): void => void events.push({ type: 'content_block_delta', index, delta });
  while (waiting.length > 0 || open.length > 0) {
    if (draw() < 0.1) events.push({ type: oneOf(draw, ['ping', 'future_event']), index: 0, text: 'no' });
    if (waiting.length > 0 && (open.length === 0 || draw() < 0.1)) {
      const block: Open = {
        index: waiting.shift() ?? 0,
        kind: oneOf(draw, KINDS),
        call: calls.length,
        left: integer(draw, 8),
      };
      open.push(block);
      const { index, kind, call } = block;
      if (kind === 'tool_use') calls.push('');
      const shell = kind.endsWith('tool_use') ? { id: `t${call}`, name: 'f', input: {} } : { [kind]: '' };
      events.push({ type: 'content_block_start', index, content_block: { type: kind, ...shell } });
      continue;
    }
    const block = oneOf(draw, open);
    const { index, kind, call } = block;
    const piece = randomText(draw);
    if (block.left-- === 0) {
      open.splice(open.indexOf(block), 1);
      const signs = kind === 'thinking' && draw() < 0.7;
      const isLate = draw() < 0.3;
      const signature = { type: 'signature_delta', signature: `s${index}` };
      if (signs) signatures.push(`s${index}`);
      if (signs && !isLate) say(index, signature);
      events.push({ type: 'content_block_stop', index });
      if (signs && isLate) say(index, signature);
    } else if (kind === 'text') {
      text += piece;
      say(index, { type: 'text_delta', text: piece });
    } else if (kind === 'thinking') {
      reasoning += piece;
      say(index, { type: 'thinking_delta', thinking: piece });
    } else {
      if (kind === 'tool_use') calls[call] += piece;
      say(index, { type: 'input_json_delta', partial_json: piece });
    }
  }
  events.push({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } });
  events.push({ type: 'message_stop' });
  return { events, text, reasoning, calls: calls.map((args) => args || '{}'), signatures };
}

function written(draw: Draw, event: Json): string {
  let json = JSON.stringify(event);
  if (draw() < 0.2) json = `${json.slice(0, -1)}${' '.repeat(integer(draw, 9))}}`;
  if (draw() < 0.1) json = json.replace('":', '": ');
  const end = draw() < 0.2 ? '\r\n' : '\n';
  return `${draw() < 0.7 ? `event: ${String(event['type'])}${end}` : ''}data: ${json}${end}${end}`;
}

/** Through a batch once more, which joins what the cuts have parted. */
function joined(events: readonly ChatEvent[]): ChatEvent[] {
  const batch = new EventBatch();
  for (const event of events) {
    if (event.type === 'text' || event.type === 'reasoning') batch.text(event.type, event.text, event.choice ?? 0);
    else batch.add(event);
  }
  return batch.take();
}

function streamed(pieces: readonly Uint8Array[]): ChatEvent[] {
  const stream = anthropicStream();
  return joined(pieces.flatMap((piece) => stream.push(piece)).concat(stream.end()));
}

/** Everything parsed, nothing cut out. */
function parsed(events: readonly Json[]): ChatEvent[] {
  const answer = new AnthropicAnswer(new Map());
  const batch = new EventBatch();
  for (const event of events) answer.accept(event, batch);
  answer.finish(batch);
  return batch.take();
}

function said(events: readonly ChatEvent[], type: 'text' | 'reasoning'): string {
  return events.map((event) => (event.type === type ? event.text : '')).join('');
}

test('any stream says what it was made of, however it is cut', () => {
  forSeeds(1500, (draw) => {
    const { events, text, reasoning, calls, signatures } = randomStream(draw);
    const bytes = Buffer.from(events.map((event) => written(draw, event)).join(''));
    const heard = streamed([bytes]);
    assert.deepEqual(heard, parsed(events));
    assert.deepEqual(streamed(randomCuts(draw, bytes, 80)), heard);
    assert.equal(said(heard, 'text'), text);
    assert.equal(said(heard, 'reasoning'), reasoning);
    const args = calls.map((_, call) =>
      heard.map((event) => (event.type === 'tool' && event.index === call ? event.arguments : '')).join(''),
    );
    assert.deepEqual(args, calls);
    const kept = heard.flatMap((event) => (event.type === 'reasoning_detail' ? [event.detail['signature']] : []));
    assert.deepEqual(new Set(kept), new Set(signatures));
    assert.deepEqual(heard.at(-1), { type: 'finish', reason: calls.length > 0 ? 'tool_calls' : 'stop' });
  });
});

const FRAGMENTS = [
  'data: ',
  '\n\n',
  '\r',
  '{"type":"content_block_start","index":0,"content_block":{"type":"text"}}',
  '{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","input":',
  '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"',
  '{"type":"message_start","message":{"content":[',
  '"}}',
  '}',
  ']',
  '{"type":"message_stop"}',
  'event: error\n',
  '\u0000',
  '{"type":"error","error":',
  '[',
  '{}',
  'null',
  '"index":-1',
];

test('any bytes give events or a Fault', () => {
  forSeeds(3000, (draw) => {
    const stream = anthropicStream();
    try {
      for (let i = integer(draw, 30); i > 0; i--) {
        const piece = draw() < 0.8 ? Buffer.from(oneOf(draw, FRAGMENTS)) : Buffer.from([integer(draw, 256)]);
        stream.push(piece);
      }
      stream.end();
    } catch (thrown) {
      assert.ok(thrown instanceof Fault, String(thrown));
      assert.notEqual(thrown.kind, 'internal');
    }
  });
});
