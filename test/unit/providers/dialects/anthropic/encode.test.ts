// What cannot be asked of Anthropic at all, and the bounds of what can; the shapes themselves are in the fixtures.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../../src/core/fault.ts';
import { isObject } from '../../../../../src/core/json.ts';
import type { ChatRequest } from '../../../../../src/providers/chat.ts';
import type { Ask } from '../../../../../src/providers/dialect.ts';
import { anthropic } from '../../../../../src/providers/dialects/anthropic.ts';
import { anthropicEndpoint, anthropicSending } from '../../../../support/anthropic-stream.ts';
import { lessonsOf } from '../../../../support/lessons.ts';

function bodyOf(request: Partial<ChatRequest>): Record<string, unknown> {
  const body: unknown = JSON.parse(anthropicSending(request).body ?? '');
  assert.ok(isObject(body));
  return body;
}

const call = (args: string): Partial<ChatRequest> => ({
  messages: [
    { role: 'user', content: 'x' },
    { role: 'assistant', content: null, toolCalls: [{ id: 'c9', name: 'find', arguments: args }] },
  ],
});

const image = (url: string, role: 'user' | 'system' = 'user'): Partial<ChatRequest> => ({
  messages: [{ role, content: [{ type: 'image', url }] }],
});

const refused: readonly (readonly [string, Partial<ChatRequest>, RegExp, string])[] = [
  ['arguments that are no JSON', call('{"a":'), /"find" \(c9\) are not a JSON object/, 'messages'],
  ['arguments that are a list', call('[1]'), /"find" \(c9\) are not a JSON object/, 'messages'],
  ['an image without a type', image('data:;base64,AAAA'), /does not say its type/, 'messages'],
  ['an image that is not in base64', image('data:image/svg+xml,%3Csvg/%3E'), /not in base64/, 'messages'],
  ['a data URL without data', image('data:image/png;base64'), /not in base64/, 'messages'],
  ['an image in a system message', image('https://x/y.png', 'system'), /only text/, 'messages'],
  ['nothing but white space', { messages: [{ role: 'user', content: ' \n' }] }, /None of the messages/, 'messages'],
  ['an effort nobody knows', { reasoningEffort: 'huge' }, /"huge"/, 'reasoning_effort'],
  ['a member that is set already', { extra: { thinking: {} } }, /"thinking"/, 'thinking'],
];

for (const [name, request, message, param] of refused) {
  test(`refused: ${name}`, () => {
    assert.throws(
      () => anthropicSending(request),
      (thrown) =>
        thrown instanceof Fault &&
        thrown.kind === 'INVALID_INPUT' &&
        message.test(thrown.message) &&
        thrown.data.param === param &&
        thrown.data.next !== undefined,
    );
  });
}

test('what the API does not offer is not sent', () => {
  const asks: readonly Ask[] = [
    { op: 'complete', stream: false, request: { model: 'm', prompt: 'x' } },
    { op: 'embed', request: { model: 'm', input: ['x'] } },
    { op: 'describe', model: 'm' },
  ];
  for (const ask of asks) {
    assert.throws(
      () => anthropic.encode(ask, anthropicEndpoint(), lessonsOf()),
      (thrown) => thrown instanceof Fault && thrown.kind === 'INVALID_INPUT' && /does not offer/.test(thrown.message),
    );
  }
});

test('what is nested too deeply for this Node is refused and does not overflow', () => {
  let schema = {};
  for (let depth = 0; depth < 20_000; depth++) schema = { items: schema };
  try {
    // Newer ones write it.
    assert.ok((anthropicSending({ tools: [{ name: 'f', parameters: schema }] }).body?.length ?? 0) > 20_000);
  } catch (thrown) {
    assert.ok(thrown instanceof Fault && thrown.kind === 'INVALID_INPUT', String(thrown));
  }
});

test('temperature is kept within 0 and 1', () => {
  assert.equal(bodyOf({ temperature: -1 })['temperature'], 0);
  assert.equal(bodyOf({ temperature: 0 })['temperature'], 0);
  assert.deepEqual(anthropicSending({ temperature: -1 }).changed, ['temperature -1 -> 0']);
});

test('a budget of thinking is at least 1024 and leaves room for the answer, whatever was asked for', () => {
  for (const maxTokens of [1, 500, 2048, 31_999, 63_999, 64_000, 200_000]) {
    for (const reasoningEffort of ['low', 'medium', 'high', 'xhigh', 'max']) {
      const { max_tokens: most, thinking } = bodyOf({ maxTokens, reasoningEffort });
      assert.ok(isObject(thinking));
      const budget = Number(thinking['budget_tokens']);
      assert.ok(budget >= 1024, `${maxTokens} ${reasoningEffort}: ${budget}`);
      assert.ok(Number(most) - budget >= Math.min(maxTokens, Number(most) / 2), `${maxTokens} ${reasoningEffort}`);
    }
  }
});

test('where there is no room to think, the answer is not thought about', () => {
  const { body, changed } = anthropicSending({ reasoningEffort: 'high' }, { values: { max_tokens: 1500 } });
  assert.doesNotMatch(body ?? '', /"thinking"/);
  assert.deepEqual(changed, ['reasoning_effort removed: max_tokens leaves no room for it']);
});

test('a choice of tools without tools is not sent', () => {
  const body = bodyOf({ tools: [], toolChoice: 'required', parallelToolCalls: false });
  assert.deepEqual(Object.keys(body), ['model', 'max_tokens', 'messages', 'stream']);
});
