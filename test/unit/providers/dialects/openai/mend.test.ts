// Which way of asking a refusal calls for. Whole exchanges are fixtures/dialects/openai/8*; here is what is not
// sent by a plain chat, and what must not be taken for any of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mend } from '../../../../../src/providers/dialect.ts';
import { mendOpenAi } from '../../../../../src/providers/dialects/openai/mend.ts';
import { readRefusal } from '../../../../../src/providers/faults/refusal.ts';

function mends(status: number, error: unknown, body: object, op: 'chat' | 'complete' = 'chat'): readonly Mend[] {
  const fault = readRefusal(status, { get: () => null }, JSON.stringify({ error }), 0);
  const request = { model: 'm', messages: [], prompt: '' };
  const sending = {
    method: 'POST',
    url: 'https://llm.example.com/',
    headers: {},
    changed: [],
    body: JSON.stringify(body),
  } as const;
  return mendOpenAi(fault, { ask: { op, stream: true, request }, sending });
}

const adopt = (habit: string, once?: true): unknown[] => [
  { action: 'adopt', habit, ...(once === true ? { once } : {}) },
];
const messages = [
  { role: 'system', content: 'Be kind.' },
  { role: 'user', content: 'hi' },
];

test('the endpoint of responses, and back', () => {
  const only = {
    message: 'This model is only supported in v1/responses and not in v1/chat/completions.',
    param: 'model',
  };
  assert.deepEqual(mends(404, only, { messages }), adopt('responses'));
  assert.deepEqual(
    mends(
      400,
      {
        message:
          'Function tools with reasoning_effort are not supported in /v1/chat/completions. Please use /v1/responses instead.',
      },
      { messages, reasoning_effort: 'low' },
    ),
    adopt('responses'),
  );
  assert.deepEqual(mends(404, only, { input: [] }), []);
  assert.deepEqual(mends(404, { message: 'Not Found' }, { input: [] }), adopt('chat'));
  assert.deepEqual(mends(404, { message: 'The model `x` does not exist' }, { input: [] }), []);
  assert.deepEqual(
    mends(400, { message: 'This model is not supported with the Responses API.' }, { input: [] }),
    adopt('chat'),
  );
  assert.deepEqual(mends(404, { message: 'Not Found' }, { messages }), []);
});

test('a system role that is not there, whatever the status', () => {
  const texts = [
    "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
    'System role not supported',
    'Developer instruction is not enabled for models/gemma-3-27b-it',
    'system messages are not supported by this model',
    'Conversation roles must alternate user/assistant/user/assistant/...',
    'Only user and assistant roles are supported!',
  ];
  for (const text of texts) {
    assert.deepEqual(mends(400, { message: text }, { messages }), adopt('system-as-user'), text);
    assert.deepEqual(mends(500, { message: text }, { messages: messages.slice(1) }), [], text);
  }
  assert.deepEqual(mends(500, { message: texts[1] }, { messages }), adopt('system-as-user'));
});

test('a stream that is not there', () => {
  const texts = [
    "Unsupported value: 'stream' does not support true with this model. Only the default (false) value is supported.",
    'This model does not support streaming.',
    'streaming is not supported for this model',
    'stream must be false',
    'Your organization must be verified to stream this model.',
  ];
  for (const text of texts) {
    assert.deepEqual(mends(400, { message: text, param: 'stream' }, { stream: true }), adopt('not-streamed'), text);
    assert.deepEqual(mends(400, { message: text, param: 'stream' }, {}), [], text);
  }
  const options = { stream: true, stream_options: {} };
  assert.deepEqual(mends(400, { message: "'stream_options' is not supported" }, options), [
    { action: 'drop', param: 'stream_options' },
  ]);
});

const schema = (strict: boolean): object => ({
  response_format: { type: 'json_schema', json_schema: { name: 's', schema: {}, strict } },
});

test('a schema that is refused is said less and less formally, and a wrong one only this once', () => {
  const invalid =
    "Invalid schema for response_format 's': In context=(), 'additionalProperties' is required to be supplied and to be false.";
  assert.deepEqual(
    mends(400, { message: invalid, param: 'response_format' }, schema(true)),
    adopt('schema-not-strict', true),
  );
  assert.deepEqual(mends(400, { message: invalid, param: 'response_format' }, schema(false)), []);
  const text = { text: { format: { type: 'json_schema', name: 's', schema: {}, strict: true } } };
  assert.deepEqual(
    mends(400, { message: invalid.replace('response_format', 'text.format') }, text),
    adopt('schema-not-strict', true),
  );
  const listed = "Invalid value: 'json_schema'. Supported values are: 'text' and 'json_object'.";
  assert.deepEqual(
    mends(400, { message: listed, param: 'response_format.type' }, schema(true)),
    adopt('schema-as-object'),
  );
  const none = "'response_format' of type 'json_schema' is not supported with this model.";
  assert.deepEqual(mends(400, { message: none }, schema(true)), adopt('schema-in-words'));
  assert.deepEqual(
    mends(400, { message: 'This response_format type is unavailable now' }, schema(true)),
    adopt('schema-in-words'),
  );
  const object = { response_format: { type: 'json_object' } };
  assert.deepEqual(
    mends(400, { message: "'response_format.type' must be 'json_schema' or 'text'" }, object),
    adopt('schema-in-words'),
  );
  assert.deepEqual(
    mends(
      400,
      { message: "'messages' must contain the word 'json' to use 'response_format' of type 'json_object'" },
      object,
    ),
    [],
  );
});

test('what the caller asks for is never left out', () => {
  for (const name of ['model', 'messages', 'tools', 'tool_choice', 'input', 'prompt', 'dimensions', 'response_format'])
    assert.deepEqual(mends(400, { message: `Unknown parameter: '${name}'` }, { [name]: 'x' }), [], name);
  assert.deepEqual(mends(400, { message: 'This model does not support streaming.' }, { stream: true }, 'complete'), []);
  assert.deepEqual(mends(401, { message: "Unknown parameter: 'seed'" }, { seed: 1 }), []);
});
