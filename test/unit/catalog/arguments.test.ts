import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, widened } from '../../../src/catalog/request/arguments.ts';
import { fromOpenAi } from '../../../src/catalog/request/openai-request.ts';
import { CHAT_SCHEMA } from '../../../src/catalog/tools/chat.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { ObjectSchema } from '../../../src/core/schema.ts';

const texts: ObjectSchema = {
  type: 'object',
  properties: {
    input: { type: 'array', items: { type: 'string' } },
    other: { type: 'array', items: { type: 'string' } },
  },
};

test('a scalar where a list is declared becomes a list of one, for three names only', () => {
  assert.deepEqual(widened(texts, { input: 'a', other: 'b' }), { input: ['a'], other: 'b' });
  assert.deepEqual(widened(CHAT_SCHEMA, { stop: '\n', images: 'https://x' }), { stop: ['\n'], images: ['https://x'] });
  assert.deepEqual(widened(texts, { input: ['a'] }), { input: ['a'] });
});

test('what is no scalar is left for the check to name', () => {
  assert.deepEqual(widened(texts, { input: null }), { input: null });
  assert.throws(
    () => accepted(texts, { input: { a: 1 } }),
    /^Fault: Invalid arguments: input must be an array, not an object\.$/,
  );
  assert.throws(() => accepted(texts, { input: 3 }), /input\[0\] must be a string, not 3/);
});

test('a response format may be its type alone', () => {
  assert.deepEqual(widened(CHAT_SCHEMA, { response_format: 'json_object' }), {
    response_format: { type: 'json_object' },
  });
  assert.deepEqual(widened(CHAT_SCHEMA, { response_format: { type: 'text' } }), { response_format: { type: 'text' } });
});

test('names that are not known are refused with the nearest, though the schema does not say so', () => {
  assert.equal('additionalProperties' in CHAT_SCHEMA, false);
  assert.throws(() => widened(CHAT_SCHEMA, { prompt: 'x', temprature: 1, maxTokens: 2 }), {
    kind: 'INVALID_INPUT',
    message:
      'Invalid arguments: temprature is not known here (did you mean "temperature"?); ' +
      'maxTokens is not known here (did you mean "max_tokens"?).',
  });
  assert.throws(
    () => widened(CHAT_SCHEMA, JSON.parse('{"__proto__":{},"toString":1}')),
    /__proto__ is not known.*toString is not known/,
  );
});

function intake(request: JsonObject): JsonObject {
  return fromOpenAi(CHAT_SCHEMA, request);
}

test('an OpenAI request keeps what chat knows and gives the rest to extra', () => {
  assert.deepEqual(
    intake({
      model: 'm',
      messages: [],
      temperature: 1,
      top_k: 4,
      user: 'u',
      parallel_tool_calls: true,
      extra: { top_a: 1 },
    }),
    { model: 'm', messages: [], temperature: 1, extra: { top_k: 4, user: 'u', parallel_tool_calls: true, top_a: 1 } },
  );
});

test('what only the wire needs is dropped, and null means absent', () => {
  assert.deepEqual(
    intake({ prompt: 'x', n: 1, stream: false, stream_options: { include_usage: true }, stop: null, logit_bias: null }),
    {
      prompt: 'x',
      stream: false,
      extra: {},
    },
  );
});

test('the newer name of the token limit is understood', () => {
  assert.deepEqual(intake({ max_completion_tokens: 7, max_tokens: 3 }), { max_tokens: 7, extra: {} });
  assert.deepEqual(intake({ max_completion_tokens: null, max_tokens: 3 }), { max_tokens: 3, extra: {} });
});

test('a member of the same name and another meaning goes upstream', () => {
  assert.deepEqual(intake({ provider: { order: ['a'] } }), { extra: { provider: { order: ['a'] } } });
  assert.deepEqual(intake({ provider: 'corp' }), { provider: 'corp', extra: {} });
});

test('several answers at once are refused', () => {
  assert.throws(() => intake({ n: 2 }), /n must be 1, not 2: a call has one answer/);
});

test('an extra that is no object is left for the check to name', () => {
  assert.throws(() => accepted(CHAT_SCHEMA, intake({ prompt: 'x', extra: 'y' })), /extra must be an object, not "y"/);
});
