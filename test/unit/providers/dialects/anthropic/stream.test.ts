// What a stream's decoder promises beside the events of the fixtures: when they come, and what stays bounded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../../src/core/fault.ts';
import { anthropicStream } from '../../../../support/anthropic-stream.ts';

function event(members: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(`event: ${String(members['type'])}\ndata: ${JSON.stringify(members)}\n\n`);
}

const begun = (index: number, block: unknown): Buffer =>
  event({ type: 'content_block_start', index, content_block: block });
const said = (index: number, delta: unknown): Buffer => event({ type: 'content_block_delta', index, delta });

test('a call is announced when it begins, before any of its arguments', () => {
  const stream = anthropicStream();
  const events = stream.push(begun(0, { type: 'tool_use', id: 't1', name: 'find', input: {} }));
  assert.deepEqual(events, [{ type: 'tool', index: 0, id: 't1', name: 'find', arguments: '' }]);
});

test('text and thinking are heard although the start of their block was lost', () => {
  const stream = anthropicStream();
  assert.deepEqual(stream.push(said(3, { type: 'text_delta', text: 'a' })), [{ type: 'text', text: 'a' }]);
  assert.deepEqual(stream.push(said(4, { type: 'thinking_delta', thinking: 'b' })), [{ type: 'reasoning', text: 'b' }]);
  assert.deepEqual(stream.push(said(5, { type: 'input_json_delta', partial_json: '{' })), []);
});

test('a delta that only looks like text of the open block is read as what it is', () => {
  const stream = anthropicStream();
  stream.push(begun(0, { type: 'text', text: '' }));
  const head = 'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"';
  assert.deepEqual(stream.push(Buffer.from(`${head},"text":"b"}}\n\n`)), [{ type: 'text', text: 'b' }]);
  assert.deepEqual(stream.push(Buffer.from(`${head}},"type":"ping"}\n\n`)), []);
  assert.deepEqual(stream.push(Buffer.from(`${head} } }  \n\n`)), [{ type: 'text', text: 'a' }]);
  assert.deepEqual(stream.push(said(0, { type: 'text_delta', text: '"\\\u0001\u2028' })), [
    { type: 'text', text: '"\\\u0001\u2028' },
  ]);
});

test('an event that is cut and one that is broken are told apart', () => {
  const stream = anthropicStream();
  stream.push(begun(0, { type: 'text', text: '' }));
  const head = '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a\u0001"}}';
  assert.throws(
    () => stream.push(Buffer.from(`data: ${head}\n\n`)),
    (thrown) => thrown instanceof Fault && thrown.kind === 'UPSTREAM' && thrown.message.startsWith('Event 2 '),
  );
});

test('text whose event is closed too early or too late is not taken for whole', () => {
  for (const tail of ['"}', '"}}}', '"', '"]}']) {
    const stream = anthropicStream();
    stream.push(begun(0, { type: 'text', text: '' }));
    const head = '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a';
    assert.throws(
      () => stream.push(Buffer.from(`data: ${head}${tail}\n\n`)),
      (thrown) => thrown instanceof Fault && thrown.kind === 'UPSTREAM',
      tail,
    );
  }
});

test('arguments nested beyond the stack of this Node are a malformed answer', () => {
  const stream = anthropicStream();
  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  const start = `{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","name":"f","input":${deep}}}`;
  assert.equal(stream.push(Buffer.from(`data: ${start}\n\n`)).length, 1);
  try {
    // Newer ones have a stack that does, or need none.
    const [call] = stream.push(event({ type: 'content_block_stop', index: 0 }));
    assert.ok(call?.type === 'tool' && call.arguments === deep);
  } catch (thrown) {
    assert.ok(thrown instanceof Fault && thrown.kind === 'UPSTREAM', String(thrown));
  }
});

test('nothing is heard after the end', () => {
  const stream = anthropicStream();
  stream.push(event({ type: 'message_stop' }));
  assert.deepEqual(stream.push(said(0, { type: 'text_delta', text: 'a' })), []);
  assert.deepEqual(stream.end(), []);
});

test('more calls than anybody answers with are refused, under one index too', () => {
  const stream = anthropicStream();
  const block = { type: 'tool_use', id: 't', name: 'f', input: {} };
  for (let i = 0; i < 256; i++) stream.push(begun(0, block));
  assert.throws(() => stream.push(begun(0, block)), /more than 256 tools/);
});

test('input that comes after the stop of its call is its input', () => {
  const stream = anthropicStream();
  stream.push(begun(0, { type: 'tool_use', id: 't', name: 'f', input: {} }));
  stream.push(event({ type: 'content_block_stop', index: 0 }));
  stream.push(said(0, { type: 'input_json_delta', partial_json: '{"a":1}' }));
  const events = stream.push(event({ type: 'message_stop' }));
  assert.ok(!events.some((one) => one.type === 'tool'), JSON.stringify(events));
});
