// What of an OpenAI chat request is served, passed on, or refused by name.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { readChatRequest } from '../../../../src/openai-api/request/chat-request.ts';

const messages = [{ role: 'user', content: 'hi' }];

function read(more: JsonObject): ReturnType<typeof readChatRequest> {
  return readChatRequest({ model: 'm', messages, ...more });
}

/** The parameter and the sentence of a refusal. */
function refusal(more: JsonObject): [string | undefined, string] {
  try {
    read(more);
  } catch (thrown) {
    assert.ok(thrown instanceof Fault && thrown.kind === 'INVALID_INPUT');
    return [thrown.data.param, thrown.message];
  }
  throw new Error('was accepted');
}

test('every member that has a neutral name gets it', () => {
  const tool = {
    type: 'function',
    function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
  };
  const { request, stream, includeUsage } = read({
    temperature: 0,
    top_p: 0.5,
    max_tokens: 5,
    max_completion_tokens: 7,
    stop: 'END',
    seed: 1,
    reasoning_effort: 'low',
    response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' }, strict: true } },
    tools: [tool],
    tool_choice: { type: 'function', function: { name: 'f' } },
    parallel_tool_calls: false,
    cache: 'refresh',
    stream: true,
    stream_options: { include_usage: true, include_obfuscation: false },
  });
  assert.deepEqual(request, {
    model: 'm',
    messages,
    temperature: 0,
    topP: 0.5,
    maxTokens: 7,
    stop: ['END'],
    seed: 1,
    reasoningEffort: 'low',
    responseFormat: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' }, strict: true } },
    tools: [{ name: 'f', description: 'd', parameters: { type: 'object' }, strict: true }],
    toolChoice: { name: 'f' },
    parallelToolCalls: false,
    cache: 'refresh',
  });
  assert.deepEqual([stream, includeUsage], [true, true]);
});

test('all others go upstream as they are', () => {
  const extra = {
    user: 'u-1',
    metadata: { a: 'b' },
    store: true,
    service_tier: 'flex',
    logit_bias: { '50256': -100 },
    frequency_penalty: 0.5,
    prompt_cache_key: 'k',
    verbosity: 'low',
    web_search_options: {},
    top_k: 40,
  };
  assert.deepEqual(read(extra).request, { model: 'm', messages, extra });
});

test('null is as if absent, and what asks for nothing is dropped', () => {
  const nothing = {
    temperature: null,
    stop: null,
    tools: null,
    response_format: null,
    stream: null,
    stream_options: null,
    n: 1,
    logprobs: false,
    top_logprobs: 0,
    modalities: ['text'],
    audio: null,
    function_call: null,
    user: null,
  };
  assert.deepEqual(read(nothing), { request: { model: 'm', messages }, stream: false, includeUsage: false });
  assert.deepEqual(read({ stop: [], tools: [], tool_choice: 'auto', reasoning_effort: '' }).request, {
    model: 'm',
    messages,
  });
  assert.equal(readChatRequest({ messages }).request.model, '');
});

test('what an answer would lack is refused by name', () => {
  const refused: readonly (readonly [JsonObject, string, RegExp])[] = [
    [{ n: 2 }, 'n', /n must be 1, not 2: a call has one answer/],
    [{ logprobs: true }, 'logprobs', /logprobs must be false, not true/],
    [{ top_logprobs: 5 }, 'top_logprobs', /top_logprobs must be 0, not 5/],
    [{ modalities: ['text', 'audio'] }, 'modalities', /modalities must be \["text"\]/],
    [{ audio: { voice: 'x' } }, 'audio', /audio is not served: answers are text/],
    [{ functions: [] }, 'functions', /functions is not served: use tools/],
    [{ function_call: 'auto' }, 'function_call', /use tool_choice/],
  ];
  for (const [more, param, text] of refused) {
    const [named, message] = refusal(more);
    assert.equal(named, param);
    assert.match(message, text);
  }
});

test('what is wrong is named with its place', () => {
  assert.deepEqual(refusal({ messages: [{ role: 'user' }] }), [
    'messages[0].content',
    'Invalid request: messages[0].content must be a string or an array of parts, not nothing.',
  ]);
  assert.deepEqual(refusal({ messages: 'hi' })[0], 'messages');
  assert.deepEqual(refusal({ temperature: 'hot' }), [
    'temperature',
    'Invalid request: temperature must be a number, not "hot".',
  ]);
  assert.equal(refusal({ max_tokens: 1.5 })[0], 'max_tokens');
  assert.equal(refusal({ stop: ['a', 1] })[0], 'stop');
  assert.equal(refusal({ stream: 'yes' })[0], 'stream');
  assert.equal(refusal({ stream_options: { include_usage: 1 } })[0], 'stream_options.include_usage');
  assert.equal(refusal({ tools: [{ type: 'custom', custom: { name: 'x' } }] })[0], 'tools[0]');
  assert.equal(refusal({ tools: [{ function: { name: 'f' } }], tool_choice: 'f' })[0], 'tool_choice');
  assert.equal(refusal({ response_format: { type: 'xml' } })[0], 'response_format.type');
  assert.equal(refusal({ cache: 'yes' })[0], 'cache');
  assert.throws(() => readChatRequest({}), { message: 'Invalid request: messages is required.' });
});

test('no more problems are told than a reader can use', () => {
  const [, message] = refusal({ n: 2, logprobs: true, temperature: 'x', top_p: 'x', seed: 'x', stop: 1 });
  assert.match(message, /; and more\.$/);
});

test('a member with the name of what every object has is one like the others', () => {
  const { request } = readChatRequest(
    JSON.parse('{"messages":[{"role":"user","content":"x"}],"__proto__":{"a":1},"toString":1}'),
  );
  assert.deepEqual(Object.keys(request.extra ?? {}), ['toString']);
});
