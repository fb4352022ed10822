// The bodies themselves are fixtures; here is what `extra` may and may not hold (product sheet, section 4).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../../../src/core/fault.ts';
import type { JsonObject } from '../../../../../../src/core/json.ts';
import type { ChatRequest } from '../../../../../../src/providers/chat.ts';
import { openai } from '../../../../../../src/providers/dialects/openai.ts';
import { openrouter } from '../../../../../../src/providers/dialects/openrouter.ts';
import { lessonsOf } from '../../../../../support/lessons.ts';

const endpoint = {
  provider: 'corp',
  type: 'openai',
  baseUrl: 'https://x.example/v1',
  apiKey: '',
  headers: {},
  query: {},
};
const nothingLearnt = lessonsOf();

function chatBody(extra: JsonObject): string {
  const request = { model: 'm', messages: [], extra };
  return openai.encode({ op: 'chat', stream: true, request }, endpoint, nothingLearnt).body ?? '';
}

test('a member that is set for the caller is refused in extra', () => {
  const members = ['model', 'messages', 'stream', 'stream_options', 'n', 'tools', 'tool_choice', 'max_tokens', 'seed'];
  for (const name of [...members, 'max_completion_tokens', 'temperature', 'response_format']) {
    assert.throws(
      () => chatBody({ [name]: 1 }),
      (thrown) => thrown instanceof Fault && thrown.kind === 'INVALID_INPUT' && thrown.message.includes(`"${name}"`),
    );
  }
  const request = { model: 'm', prompt: 'x', extra: { prompt: 'y' } };
  assert.throws(() => openai.encode({ op: 'complete', stream: false, request }, endpoint, nothingLearnt), /"prompt"/);
});

test('so is any other member that this very request sets', () => {
  const extra = { reasoning: { max_tokens: 9 } };
  const request = { model: 'm', messages: [], extra };
  const at = { ...endpoint, type: 'openrouter' };
  const bodyOf = (asked: ChatRequest): string =>
    openrouter.encode({ op: 'chat', stream: true, request: asked }, at, nothingLearnt).body ?? '';
  assert.ok(bodyOf(request).includes('"reasoning":{"max_tokens":9}'));
  assert.throws(() => bodyOf({ ...request, reasoningEffort: 'low' }), /"reasoning"/);
  for (const name of ['input', 'store', 'messages', 'max_tokens']) {
    const asked = { model: 'o3-pro', messages: [], extra: { [name]: 1 } };
    const openAi = { ...endpoint, baseUrl: 'https://api.openai.com' };
    assert.throws(() => openai.encode({ op: 'chat', stream: true, request: asked }, openAi, nothingLearnt), {
      kind: 'INVALID_INPUT',
    });
  }
});

test('any other member goes as it is, a hostile name included', () => {
  const extra: JsonObject = JSON.parse('{"top_k":4,"__proto__":{"x":1},"messages2":[null]}');
  const body: unknown = JSON.parse(chatBody(extra));
  assert.deepEqual(Object.getOwnPropertyNames(body).slice(-3), ['top_k', '__proto__', 'messages2']);
});

test('what is nested deeper than it can be written is bad input, not a bug', () => {
  const text = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  const deep: JsonObject = JSON.parse(text);
  // Node 26 writes it without recursion; before that, the stack ends.
  let isWritable = true;
  try {
    JSON.stringify(deep);
  } catch {
    isWritable = false;
  }
  if (isWritable) assert.ok(chatBody({ deep }).includes(text));
  else assert.throws(() => chatBody({ deep }), { kind: 'INVALID_INPUT' });
});

test('what was worked out for an endpoint belongs to that endpoint', () => {
  const other = { ...endpoint, baseUrl: 'https://y.example', apiKey: 'k' };
  const url = (at: typeof endpoint): string => openai.encode({ op: 'models' }, at, nothingLearnt).url;
  assert.deepEqual(
    [url(endpoint), url(other), url(endpoint)],
    ['https://x.example/v1/models', 'https://y.example/v1/models', 'https://x.example/v1/models'],
  );
});
