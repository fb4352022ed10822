// What the Ollama dialect refuses to send, and the rules that a golden request does not show. WIRE.md 2.1, 2.2, case 76.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../../src/core/fault.ts';
import type { JsonObject } from '../../../../../src/core/json.ts';
import type { ChatRequest } from '../../../../../src/providers/chat.ts';
import type { Ask, Sending } from '../../../../../src/providers/dialect.ts';
import { ollama } from '../../../../../src/providers/dialects/ollama.ts';
import { lessonsOf } from '../../../../support/lessons.ts';
import type { WrittenLessons } from '../../../../support/lessons.ts';

const endpoint = {
  provider: 'local',
  type: 'ollama',
  baseUrl: 'http://127.0.0.1:11434',
  apiKey: '',
  headers: {},
  query: {},
};

function encode(request: Partial<ChatRequest>, lessons: WrittenLessons = {}): Sending {
  const messages = [{ role: 'user', content: 'hi' }] as const;
  const ask: Ask = { op: 'chat', stream: true, request: { model: 'm', messages, ...request } };
  return ollama.encode(ask, endpoint, lessonsOf(lessons));
}

function body(request: Partial<ChatRequest>, lessons: WrittenLessons = {}): Record<string, unknown> {
  return JSON.parse(encode(request, lessons).body ?? '');
}

function refusal(request: Partial<ChatRequest>): Fault {
  try {
    encode(request);
  } catch (thrown) {
    assert.ok(thrown instanceof Fault);
    assert.equal(thrown.kind, 'INVALID_INPUT');
    return thrown;
  }
  throw new assert.AssertionError({ message: 'it was not refused' });
}

const image = (url: string): Partial<ChatRequest> => ({
  messages: [{ role: 'user', content: [{ type: 'image', url }] }],
});

test('76: an image on the web is refused, and what to give instead is said', () => {
  const fault = refusal(image('https://example.com/cat.png'));
  assert.match(fault.message, /Ollama fetches no images/);
  assert.match(fault.data.next ?? '', /data URL.*file/);
  assert.match(refusal(image('HTTP://example.com/cat.png')).message, /fetches no images/);
});

test('76: a data URL that is not base64 is refused', () => {
  assert.match(refusal(image('data:image/svg+xml,%3Csvg/%3E')).message, /not a base64 data URL/);
});

test('76: the prefix of a data URL is stripped with its parameters', () => {
  const url = 'data:image/png;name=a.png;BASE64,iVBORw0KGgo=';
  assert.deepEqual(body(image(url))['messages'], [{ role: 'user', content: '', images: ['iVBORw0KGgo='] }]);
});

test('what we set may not stand in extra', () => {
  for (const name of ['model', 'messages', 'stream', 'tools', 'n', 'max_tokens', 'temperature', 'response_format']) {
    assert.equal(refusal({ extra: { [name]: 1 } }).data.param, name);
  }
  assert.equal(refusal({ reasoningEffort: 'low', extra: { think: true } }).data.param, 'think');
  assert.equal(refusal({ responseFormat: { type: 'json_object' }, extra: { format: 'json' } }).data.param, 'format');
});

test('an option that is an argument of ours is refused by the name of the argument', () => {
  const fault = refusal({ extra: { options: { num_predict: 5 } } });
  assert.equal(fault.data.param, 'options.num_predict');
  assert.equal(fault.data.next, 'Use the argument max_tokens.');
  for (const name of ['temperature', 'top_p', 'stop', 'seed']) {
    assert.equal(refusal({ extra: { options: { [name]: 1 } } }).data.param, `options.${name}`);
  }
  assert.match(refusal({ extra: { options: [1] } }).message, /has to be an object/);
});

test('think and format are sent as they are when nothing else says them', () => {
  const sent = body({ extra: { think: true, format: 'json', keep_alive: -1 } });
  assert.deepEqual([sent['think'], sent['format'], sent['keep_alive']], [true, 'json', -1]);
});

test('what other servers take at the top goes to the options, and the options win', () => {
  const { body: text, changed } = encode({ extra: { min_p: 0.1, num_ctx: 512, options: { num_ctx: 1024 } } });
  const sent: JsonObject = JSON.parse(text ?? '');
  assert.deepEqual(sent['options'], { min_p: 0.1, num_ctx: 1024 });
  assert.equal(sent['min_p'], undefined);
  assert.deepEqual(changed, ['min_p -> options.min_p', 'num_ctx -> options.num_ctx']);
});

test('arguments of a call that are no object are refused, none are an empty object', () => {
  const called = (text: string): Partial<ChatRequest> => ({
    messages: [{ role: 'assistant', content: null, toolCalls: [{ id: 'a', name: 'f', arguments: text }] }],
  });
  for (const bad of ['{"a":', '[1]', '"x"', 'null'])
    assert.match(refusal(called(bad)).message, /"a".*not a JSON object/);
  const call = { id: 'a', type: 'function', function: { index: 0, name: 'f', arguments: {} } };
  assert.deepEqual(body(called(' '))['messages'], [{ role: 'assistant', content: '', tool_calls: [call] }]);
});

test('a result whose call is not there has no tool name', () => {
  const messages = [{ role: 'tool', content: '1', toolCallId: 'x' }] as const;
  assert.deepEqual(body({ messages })['messages'], [{ role: 'tool', content: '1', tool_call_id: 'x' }]);
});

test('a chosen tool that is not among the tools leaves them all', () => {
  const { body: text, changed } = encode({ tools: [{ name: 'f' }], toolChoice: { name: 'g' } });
  assert.match(text ?? '', /"name":"f"/);
  assert.deepEqual(changed, ['tool_choice removed']);
});

test('auto and parallel calls are what Ollama does anyway', () => {
  assert.deepEqual(encode({ tools: [{ name: 'f' }], toolChoice: 'auto', parallelToolCalls: true }).changed, []);
});

test('a format that asks for no JSON is not sent', () => {
  assert.equal(body({ responseFormat: { type: 'text' } })['format'], undefined);
  assert.equal(body({ responseFormat: { type: 'json_schema', json_schema: {} } })['format'], 'json');
});

const efforts: readonly (readonly [string, unknown])[] = [
  ['none', false],
  ['minimal', 'low'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['xhigh', 'max'],
  ['max', 'max'],
];
for (const [effort, think] of efforts) {
  test(`effort ${effort}`, () => assert.equal(body({ reasoningEffort: effort })['think'], think));
}

test('what a server taught about one level says nothing about others', () => {
  const think = (reasoningEffort: string, value: boolean | string): unknown =>
    body({ reasoningEffort }, { values: { think: value } })['think'];
  assert.deepEqual([think('max', 'high'), think('low', 'high'), think('none', 'high')], ['high', 'low', false]);
  assert.deepEqual([think('max', true), think('low', true), think('none', true)], [true, true, false]);
});

test('a model that cannot think is not asked to', () => {
  const { body: text, changed } = encode({ reasoningEffort: 'high' }, { drop: ['think'] });
  assert.doesNotMatch(text ?? '', /think/);
  assert.deepEqual(changed, ['think removed']);
});
