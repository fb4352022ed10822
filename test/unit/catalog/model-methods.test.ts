import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createModelMethods } from '../../../src/catalog/model-methods.ts';
import type { ModelMethods } from '../../../src/catalog/tool.ts';
import { Fault } from '../../../src/core/fault.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { FakeClock } from '../../support/clock.ts';
import { answering, scripted, toolContext } from '../../support/models.ts';
import type { Asked, Script } from '../../support/models.ts';

function methodsOf(script: Script): { readonly methods: ModelMethods; readonly asked: Asked } {
  const { models, asked } = scripted(script);
  const terms = { models, providers: ['corp'], maxOutputChars: 100, generateTemperature: 0.2 };
  return { methods: createModelMethods(terms, new FakeClock(0, 1_800_000_000_999)), asked };
}

const { ctx } = toolContext();

function manyModels(count: number): { id: string; provider: string }[] {
  return Array.from({ length: count }, (_, i) => ({ id: `m${i}`, provider: 'corp' }));
}

test('models/list is one page as long as the list is not huge', async () => {
  const { methods, asked } = methodsOf({ models: [{ id: 'a', provider: 'corp', ownedBy: 'x' }] });
  assert.deepEqual(await methods.list({}, ctx), { models: [{ id: 'a', provider: 'corp', owned_by: 'x' }] });
  assert.deepEqual(await methods.list({ provider: 'corp' }, ctx), {
    models: [{ id: 'a', provider: 'corp', owned_by: 'x' }],
  });
  assert.deepEqual(asked.list, [{}, { provider: 'corp' }]);
  assert.deepEqual(await methodsOf({ models: [] }).methods.list({}, ctx), { models: [] });
  assert.equal('nextCursor' in (await methodsOf({ models: manyModels(500) }).methods.list({}, ctx)), false);
});

test('R-36: the pages of a huge list are the list, and the last one has no cursor', async () => {
  const { methods } = methodsOf({ models: manyModels(1201) });
  const ids: unknown[] = [];
  const sizes: number[] = [];
  let cursor: JsonObject = {};
  for (;;) {
    const page = await methods.list(cursor, ctx);
    assert.ok(Array.isArray(page['models']));
    sizes.push(page['models'].length);
    ids.push(...page['models'].map((model) => JSON.stringify(model)));
    if (page['nextCursor'] === undefined) break;
    cursor = { cursor: page['nextCursor'] };
  }
  assert.deepEqual(sizes, [500, 500, 201]);
  assert.equal(new Set(ids).size, 1201);
});

test('R-35: a cursor we never gave is invalid params', async () => {
  const { methods } = methodsOf({ models: manyModels(1201) });
  const forged = [
    '',
    'x',
    '500',
    Buffer.from('models:0').toString('base64url'),
    Buffer.from('models:7').toString('base64url'),
  ];
  forged.push(Buffer.from('models:1500').toString('base64url'));
  for (const cursor of forged) {
    await assert.rejects(methods.list({ cursor }, ctx), {
      kind: 'invalid-params',
      message: 'Invalid params: no page has this cursor.',
    });
  }
  await assert.rejects(methods.list({ cursor: 3 }, ctx), { kind: 'invalid-params' });
});

test('models/list names a provider that is not configured', async () => {
  const { methods } = methodsOf({});
  await assert.rejects(methods.list({ provider: 'cord' }, ctx), {
    kind: 'invalid-params',
    message: 'Invalid params: provider must be one of "corp", not "cord" (did you mean "corp"?).',
  });
  await assert.rejects(methods.list({ provider: 3 }, ctx), /provider must be a string, not 3/);
});

const messages = [{ role: 'user', content: 'hi' }];

test('completion/complete answers messages in either place', async () => {
  const { methods, asked } = methodsOf({ batches: [answering('Hello!')] });
  const expected = {
    completion: { values: ['Hello!'], total: 1, hasMore: false },
    message: { role: 'assistant', content: 'Hello!' },
    model: 'gpt-4o-mini',
    finish_reason: 'stop',
    usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
  };
  assert.deepEqual(
    await methods.complete({ prompt: { messages }, model: 'm', temperature: 0.5, max_tokens: 9 }, ctx),
    expected,
  );
  assert.deepEqual(await methods.complete({ messages, argument: { name: 'x', value: '' } }, ctx), expected);
  assert.deepEqual(asked.chat, [
    { model: 'm', messages, temperature: 0.5, maxTokens: 9 },
    { model: '', messages },
  ]);
});

test('completion/complete takes what chat takes, and names what it does not', async () => {
  const { methods } = methodsOf({ batches: [answering('x')] });
  await assert.rejects(methods.complete({ messages, temprature: 1 }, ctx), {
    kind: 'invalid-params',
    message: 'Invalid params: temprature is not known here (did you mean "temperature"?).',
  });
  await assert.rejects(
    methods.complete({}, ctx),
    /^Fault: Invalid params: messages or prompt is required, and not empty\.$/,
  );
  await assert.rejects(methods.complete({ prompt: {} }, ctx), /messages or prompt is required/);
  await assert.rejects(
    methods.complete({ prompt: { messages: [{ role: 'x' }] } }, ctx),
    /messages\[0\]\.role must be one of/,
  );
  await assert.rejects(methods.complete({ messages, temperature: 'hot' }, ctx), {
    message: 'Invalid params: temperature must be a number, not "hot".',
  });
});

test('createCompletion is an OpenAI request answered with an OpenAI completion', async () => {
  const { methods, asked } = methodsOf({ batches: [answering('Hello!')] });
  assert.deepEqual(await methods.createCompletion({ model: 'm', messages, n: 1, user: 'u', stop: 'x' }, ctx), {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'gpt-4o-mini',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hello!' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
  });
  assert.deepEqual(asked.chat, [{ model: 'm', messages, stop: ['x'], extra: { user: 'u' } }]);
});

test('createCompletion makes up what the upstream did not say, from the clock it was handed', async () => {
  const call = { type: 'tool' as const, index: 0, id: 'a', name: 'add', arguments: '' };
  const { methods } = methodsOf({ batches: [[call, { type: 'finish', reason: 'tool_calls' }]] });
  assert.deepEqual(await methods.createCompletion({ messages }, ctx), {
    id: 'chatcmpl-req-1',
    object: 'chat.completion',
    created: 1_800_000_000,
    model: 'gpt-4o-mini',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'add', arguments: '{}' } }],
        },
        finish_reason: 'tool_calls',
      },
    ],
  });
});

test('createCompletion refuses bad params as such', async () => {
  const { methods } = methodsOf({});
  await assert.rejects(methods.createCompletion({ messages, n: 3 }, ctx), {
    kind: 'invalid-params',
    message: 'Invalid params: n must be 1, not 3: a call has one answer.',
  });
  await assert.rejects(methods.createCompletion({ messages: 'hi' }, ctx), /messages must be an array, not "hi"/);
});

test('files are for the methods what they are for chat', async () => {
  const { methods, asked } = methodsOf({});
  const message =
    /^Invalid params: images\[0\] names a file, and this server may read none: ALLOWED_ROOTS is not set\.$/;
  const params = { messages, images: ['/etc/hostname'] };
  await assert.rejects(methods.createCompletion(params, ctx), { kind: 'invalid-params', message });
  await assert.rejects(methods.complete(params, ctx), { kind: 'invalid-params', message });
  assert.deepEqual(asked.chat, []);
});

test('methods are heard as they go, and a failure upstream keeps its code', async () => {
  const { ctx: own, heard } = toolContext();
  await methodsOf({ batches: [answering('Hello!')] }).methods.createCompletion({ messages }, own);
  assert.deepEqual(heard.texts, ['Hello!']);
  await methodsOf({ batches: [answering('Hello!')] }).methods.createCompletion({ messages, stream: false }, own);
  assert.deepEqual(heard, { texts: ['Hello!'], counted: 6 });
  const failing = methodsOf({ batches: [new Fault('QUOTA', 'Nothing left.')] }).methods;
  await assert.rejects(failing.complete({ messages }, ctx), { kind: 'QUOTA', message: 'Nothing left.' });
  const filtered = methodsOf({ batches: [answering('I', 'content_filter')] }).methods;
  await assert.rejects(filtered.complete({ messages }, ctx), { kind: 'CONTENT_FILTER' });
});

test('an answer over the cap says how much is left out', async () => {
  const { methods } = methodsOf({ batches: [answering('x'.repeat(150))] });
  const result = await methods.complete({ messages }, ctx);
  assert.equal(result['omitted_chars'], 50);
  assert.deepEqual(result['completion'], { values: ['x'.repeat(100)], total: 1, hasMore: false });
});

test('images are in the message as OpenRouter has them: who asks for an OpenAI answer reads one', async () => {
  const url = 'data:image/png;base64,AAAA';
  const { methods } = methodsOf({
    batches: [
      [
        { type: 'image', url },
        { type: 'finish', reason: 'stop' },
      ],
    ],
  });
  const message = { role: 'assistant', content: '', images: [{ type: 'image_url', image_url: { url } }] };
  const { choices } = await methods.createCompletion({ messages }, ctx);
  assert.deepEqual(choices, [{ index: 0, message, finish_reason: 'stop' }]);
  assert.deepEqual((await methods.complete({ messages }, ctx))['message'], message);
});
