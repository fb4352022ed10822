// Tests of routing/limits/token-estimate.ts: the written rule, number by number.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenEstimate } from '../../../../src/routing/limits/token-estimate.ts';
import type { ChatRequest } from '../../../../src/providers/chat.ts';

function ofChat(request: Partial<ChatRequest>): object {
  return tokenEstimate({ op: 'chat', stream: true, request: { model: 'm', messages: [], ...request } });
}

test('a token for four characters, four for a message, and the cap for the answer', () => {
  const messages = [
    { role: 'system', content: 'x'.repeat(40) },
    { role: 'user', content: 'x'.repeat(41) },
  ] as const;
  assert.deepEqual(ofChat({ messages, maxTokens: 50 }), { inputTokens: 29, outputTokens: 50 });
  assert.deepEqual(ofChat({ messages }), { inputTokens: 29, outputTokens: 1000 });
});

test('an image is a thousand, whatever its address', () => {
  const url = `data:image/png;base64,${'A'.repeat(100_000)}`;
  const content = [
    { type: 'text', text: 'what?' },
    { type: 'image', url },
  ] as const;
  assert.deepEqual(ofChat({ messages: [{ role: 'user', content }] }), { inputTokens: 1006, outputTokens: 1000 });
});

test('tools, schemas and tool calls count as their text', () => {
  const tools = [{ name: 'add', description: 'x'.repeat(365) }];
  assert.deepEqual(ofChat({ tools }), { inputTokens: 100, outputTokens: 1000 });
  const toolCalls = [{ id: '1', name: 'add', arguments: '{"a":1}' }];
  assert.deepEqual(ofChat({ messages: [{ role: 'assistant', content: null, toolCalls }] }), {
    inputTokens: 7,
    outputTokens: 1000,
  });
});

test('an embedding has no answer to count', () => {
  const request = { model: 'm', input: ['abcd', 'abcdefgh'] };
  assert.deepEqual(tokenEstimate({ op: 'embed', request }), { inputTokens: 3, outputTokens: 0 });
});

test('a completion is its prompt, its suffix and its cap', () => {
  const request = { model: 'm', prompt: 'abcd', suffix: 'efgh', maxTokens: 7 };
  assert.deepEqual(tokenEstimate({ op: 'complete', stream: true, request }), { inputTokens: 2, outputTokens: 7 });
});
