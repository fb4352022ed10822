import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted } from '../../../src/catalog/request/arguments.ts';
import { toChatRequest } from '../../../src/catalog/request/chat-request.ts';
import { CHAT_SCHEMA } from '../../../src/catalog/tools/chat.ts';
import type { JsonObject } from '../../../src/core/json.ts';

const terms = { schema: CHAT_SCHEMA, providers: ['corp'] };
const hi = { prompt: 'hi' };

function refusal(args: JsonObject): string {
  let message = 'nothing was refused';
  assert.throws(
    () => toChatRequest(args, terms),
    (thrown) => {
      assert.ok(thrown instanceof Error && 'kind' in thrown && thrown.kind === 'INVALID_INPUT', String(thrown));
      message = thrown.message.replace(/^Invalid arguments: (.*)\.$/, '$1');
      return true;
    },
  );
  return message;
}

test('a prompt is one user message, and nothing else is set', () => {
  assert.deepEqual(toChatRequest(hi, terms), { model: '', messages: [{ role: 'user', content: 'hi' }] });
});

test('every argument finds its place', () => {
  const tool = {
    type: 'function',
    function: { name: 'add', description: 'Adds.', parameters: { type: 'object' }, strict: true },
  };
  assert.deepEqual(
    toChatRequest(
      {
        messages: [{ role: 'user', content: 'hi' }],
        system: 'Be brief.',
        model: 'm',
        provider: 'corp',
        temperature: 0,
        top_p: 0.5,
        max_tokens: 9,
        stop: ['\n'],
        seed: 1,
        reasoning_effort: 'low',
        response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } },
        tools: [tool, { name: 'now', description: null }],
        tool_choice: { type: 'function', function: { name: 'add' } },
        extra: { top_k: 5, parallel_tool_calls: false },
      },
      terms,
    ),
    {
      model: 'corp/m',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hi' },
      ],
      temperature: 0,
      topP: 0.5,
      maxTokens: 9,
      stop: ['\n'],
      seed: 1,
      reasoningEffort: 'low',
      responseFormat: { type: 'json_schema', json_schema: { name: 'x', schema: {} } },
      tools: [{ name: 'add', description: 'Adds.', parameters: { type: 'object' }, strict: true }, { name: 'now' }],
      toolChoice: { name: 'add' },
      parallelToolCalls: false,
      extra: { top_k: 5 },
    },
  );
});

test('either messages or prompt; the other may be empty', () => {
  const messages = [{ role: 'user', content: 'a' }];
  assert.equal(refusal({}), 'messages or prompt is required, and not empty');
  assert.equal(refusal({ messages: [], prompt: '' }), 'messages or prompt is required, and not empty');
  assert.equal(refusal({ messages, prompt: 'b' }), 'prompt cannot be given together with messages');
  assert.deepEqual(toChatRequest({ messages, prompt: '', system: '' }, terms).messages, messages);
  assert.deepEqual(toChatRequest({ messages: [], prompt: 'b' }, terms).messages, [{ role: 'user', content: 'b' }]);
});

test('images go to the last message of the user', () => {
  const images = ['https://x/a.png', 'data:image/png;base64,AA'];
  const parts = [
    { type: 'image', url: 'https://x/a.png' },
    { type: 'image', url: 'data:image/png;base64,AA' },
  ];
  assert.deepEqual(toChatRequest({ prompt: 'what?', images }, terms).messages, [
    { role: 'user', content: [{ type: 'text', text: 'what?' }, ...parts] },
  ]);
  const messages = [
    { role: 'user', content: '1' },
    { role: 'user', content: [{ type: 'text', text: '2' }] },
    { role: 'assistant', content: '3' },
  ];
  assert.deepEqual(toChatRequest({ messages, images }, terms).messages[1], {
    role: 'user',
    content: [{ type: 'text', text: '2' }, ...parts],
  });
  assert.deepEqual(toChatRequest({ messages: [{ role: 'user', content: '' }], images }, terms).messages, [
    { role: 'user', content: parts },
  ]);
  assert.equal(
    refusal({ messages: [{ role: 'system', content: 'x' }], images }),
    'images need a user message to go with',
  );
  assert.equal(
    refusal({ prompt: 'x', images: ['https://x/a.png', 'cat.png'] }),
    'images[1] must be an https: URL or a data:image/…;base64,… URL, not "cat.png"',
  );
});

test('extra may not say what the server sets', () => {
  assert.equal(
    refusal({ ...hi, extra: { stream: true, temperature: 1, max_completion_tokens: 5, n: 2 } }),
    'extra.stream is not for extra (answers are streamed wherever the model can); ' +
      'extra.temperature is not for extra (use the argument "temperature"); ' +
      'extra.max_completion_tokens is not for extra (use the argument "max_tokens"); ' +
      'extra.n is not for extra (a call has one answer)',
  );
  for (const name of ['model', 'messages', 'stream_options', 'tools', 'tool_choice', 'prompt']) {
    assert.match(refusal({ ...hi, extra: { [name]: null } }), new RegExp(`^extra\\.${name} is not for extra`));
  }
  assert.equal(
    refusal({ ...hi, extra: { parallel_tool_calls: 'no' } }),
    'extra.parallel_tool_calls must be a boolean, not "no"',
  );
});

test('names of the prototype are for extra like any other', () => {
  assert.deepEqual(toChatRequest({ ...hi, extra: { constructor: 1 } }, terms).extra, { constructor: 1 });
});

test('cache is true, false or refresh, and listed without a type because it is either', () => {
  for (const cache of [true, false, 'refresh']) assert.equal(toChatRequest({ ...hi, cache }, terms).cache, cache);
  assert.equal('cache' in toChatRequest(hi, terms), false);
  assert.equal(refusal({ ...hi, cache: 'yes' }), 'cache must be true, false or "refresh", not "yes"');
  assert.equal(CHAT_SCHEMA.properties['cache']?.type, undefined);
});

test('a choice of tool must be one that can be made', () => {
  const tools = [{ type: 'function', function: { name: 'add' } }];
  assert.equal(toChatRequest({ ...hi, tools, tool_choice: 'required' }, terms).toolChoice, 'required');
  assert.equal(toChatRequest({ ...hi, tools, tool_choice: 'none' }, terms).toolChoice, 'none');
  assert.deepEqual(toChatRequest({ ...hi, tools, tool_choice: { name: 'add' } }, terms).toolChoice, { name: 'add' });
  assert.equal('toolChoice' in toChatRequest({ ...hi, tool_choice: 'auto' }, terms), false);
  assert.equal(refusal({ ...hi, tool_choice: 'required' }), 'tool_choice needs tools to choose from');
  assert.equal(
    refusal({ ...hi, tools, tool_choice: 'any' }),
    'tool_choice must be "auto", "none", "required" or {type: "function", function: {name}}, not "any"',
  );
  assert.equal(
    refusal({ ...hi, tools, tool_choice: { type: 'function', function: { name: 'ad' } } }),
    'tool_choice names a tool that is not among tools: it must be one of "add", not "ad" (did you mean "add"?)',
  );
});

test('a malformed tool is named with its path', () => {
  assert.equal(
    refusal({ ...hi, tools: [{ type: 'function', function: { description: 3, parameters: [] } }] }),
    'tools[0].function.name must be a non-empty string, not nothing; ' +
      'tools[0].function.description must be a string, not 3; ' +
      'tools[0].function.parameters must be an object, not an array',
  );
  assert.equal(
    refusal({ ...hi, tools: [{ type: 'web_search' }] }),
    'tools[0] must be an object {type: "function", function: {name, description, parameters}}',
  );
});

test('an argument that is there and empty is not meant', () => {
  assert.deepEqual(
    toChatRequest(
      { ...hi, system: '', model: '', provider: '', stop: [], reasoning_effort: '', tools: [], images: [], extra: {} },
      terms,
    ),
    { model: '', messages: [{ role: 'user', content: 'hi' }] },
  );
});

/** WIRE sheet, 2.2: each form a message takes there, in one conversation of two tool turns. */
const everyForm = [
  { role: 'system', content: 'Be brief.' },
  { role: 'developer', name: 'ops', content: [{ type: 'text', text: 'Be kind.' }] },
  {
    role: 'user',
    name: 'ann',
    content: [
      { type: 'text', text: 'What are these?' },
      { type: 'image_url', image_url: { url: 'https://x/a.png', detail: 'high' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
    ],
  },
  {
    role: 'assistant',
    content: null,
    tool_calls: [
      { id: 'a', type: 'function', function: { name: 'fs.read/one', arguments: '{"path":"x"}' } },
      { id: 'b', type: 'function', function: { name: 'now', arguments: '' } },
    ],
    reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 's' }],
  },
  {
    role: 'tool',
    tool_call_id: 'b',
    content: [
      { type: 'text', text: 'noon' },
      { type: 'text', text: ' sharp' },
    ],
  },
  { role: 'tool', tool_call_id: 'a', content: '' },
  { role: 'assistant', content: 'Cats.' },
  { role: 'user', content: 'Sure?' },
];

test('a conversation may have every form of message there is', () => {
  const args = accepted(CHAT_SCHEMA, { messages: everyForm, stop: '\n', response_format: 'json_object' });
  assert.deepEqual(toChatRequest(args, terms), {
    model: '',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }], name: 'ops' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What are these?' },
          { type: 'image', url: 'https://x/a.png', detail: 'high' },
          { type: 'image', url: 'data:image/png;base64,AA' },
        ],
        name: 'ann',
      },
      {
        role: 'assistant',
        content: null,
        toolCalls: [
          { id: 'a', name: 'fs.read/one', arguments: '{"path":"x"}' },
          { id: 'b', name: 'now', arguments: '{}' },
        ],
        reasoningDetails: [{ type: 'reasoning.text', text: 'hm', signature: 's' }],
      },
      {
        role: 'tool',
        content: [
          { type: 'text', text: 'noon' },
          { type: 'text', text: ' sharp' },
        ],
        toolCallId: 'b',
      },
      { role: 'tool', content: '', toolCallId: 'a' },
      { role: 'assistant', content: 'Cats.' },
      { role: 'user', content: 'Sure?' },
    ],
    stop: ['\n'],
    responseFormat: { type: 'json_object' },
  });
});

test('a response format is one of three', () => {
  assert.equal(
    refusal({ ...hi, response_format: { type: 'json_objet' } }),
    'response_format.type must be one of "text", "json_object", "json_schema", not "json_objet" (did you mean "json_object"?)',
  );
  assert.equal(
    refusal({ ...hi, response_format: { type: 'json_schema' } }),
    'response_format.json_schema must be an object {name, schema} when type is "json_schema"',
  );
});

test('a JSON schema is there and is one; its name and the object around it may be left out', () => {
  const schema = { type: 'object' };
  const format = (responseFormat: JsonObject): unknown =>
    toChatRequest({ ...hi, response_format: { type: 'json_schema', ...responseFormat } }, terms).responseFormat;
  const named = { type: 'json_schema', json_schema: { name: 'answer', schema } };
  assert.deepEqual(format({ json_schema: { schema } }), named);
  assert.deepEqual(format({ schema }), named);
  assert.deepEqual(format({ json_schema: null, schema }), named);
  assert.deepEqual(format({ name: 'x', strict: true, schema: true }), {
    type: 'json_schema',
    json_schema: { name: 'x', strict: true, schema: true },
  });
  assert.deepEqual(format({ json_schema: { name: 'x', schema, strict: false } }), {
    type: 'json_schema',
    json_schema: { name: 'x', schema, strict: false },
  });
  const why = (response_format: JsonObject): string => refusal({ ...hi, response_format });
  assert.equal(
    why({ type: 'json_schema', json_schema: { name: 'x' } }),
    'response_format.json_schema.schema must be a JSON Schema, not nothing',
  );
  assert.equal(
    why({ type: 'json_schema', schema: 'x' }),
    'response_format.json_schema.schema must be a JSON Schema, not "x"',
  );
  assert.equal(
    why({ type: 'json_schema', json_schema: { schema: [] } }),
    'response_format.json_schema.schema must be a JSON Schema, not an array',
  );
  assert.equal(
    why({ type: 'json_schema', json_schema: 'x', schema }),
    'response_format.json_schema must be an object {name, schema} when type is "json_schema"',
  );
});

test('a provider is put before the model, once', () => {
  const model = (args: JsonObject): string => toChatRequest({ ...hi, ...args }, terms).model;
  assert.equal(model({ provider: 'corp', model: 'm' }), 'corp/m');
  assert.equal(model({ provider: 'corp', model: 'mock/m' }), 'corp/mock/m');
  assert.equal(model({ provider: 'corp', model: 'corp/m' }), 'corp/m');
  assert.equal(model({ provider: 'corp' }), 'corp/');
  assert.equal(model({ provider: '', model: 'm' }), 'm');
});

test('a provider must be configured; with none configured the call itself says what to set', () => {
  assert.equal(
    refusal({ ...hi, provider: 'crop' }),
    'provider must be one of "corp", not "crop" (did you mean "corp"?)',
  );
  assert.equal(toChatRequest({ ...hi, provider: 'any' }, { ...terms, providers: [] }).model, 'any/');
});

test('all problems are named at once, five of them at most', () => {
  const many = Array.from({ length: 9 }, () => 'x');
  assert.match(refusal({ ...hi, tools: many, provider: 'zzz' }), /^provider .*; tools\[3\] [^;]*; and more$/);
});
