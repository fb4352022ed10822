// The tools beside chat: generate, list_models, embed and complete.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tool, ToolResult } from '../../../src/catalog/tool.ts';
import { completeTool } from '../../../src/catalog/tools/complete.ts';
import { embedAlias, embedTool } from '../../../src/catalog/tools/embed.ts';
import { generateTool } from '../../../src/catalog/tools/generate.ts';
import { listModelsTool } from '../../../src/catalog/tools/list-models.ts';
import type { Terms } from '../../../src/catalog/tools/terms.ts';
import { Fault } from '../../../src/core/fault.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { check } from '../../../src/core/schema.ts';
import { answering, scripted, toolContext } from '../../support/models.ts';
import type { Asked, Script } from '../../support/models.ts';

interface Ran {
  readonly result: ToolResult;
  readonly asked: Asked;
}

async function run(make: (terms: Terms) => Tool, script: Script, args: JsonObject, structured = true): Promise<Ran> {
  const { models, asked } = scripted(script);
  const tool = make({ models, providers: ['corp'], maxOutputChars: 1000, generateTemperature: 0.2 });
  const shaped = tool.widen?.(args) ?? args;
  assert.deepEqual(check(tool.inputSchema, shaped), []);
  return { result: await tool.run(shaped, toolContext({ structured }).ctx), asked };
}

const GENERATED = {
  text: 'Hello!',
  model: 'gpt-4o-mini',
  finish_reason: 'stop',
  usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
};

test('R-45: generate answers with structured content and equal JSON text', async () => {
  const { result } = await run(generateTool, { batches: [answering('Hello!')] }, { prompt: 'hi' });
  assert.deepEqual(result.content, [{ type: 'text', text: JSON.stringify(GENERATED) }]);
  assert.deepEqual(result.structuredContent, GENERATED);
  assert.equal(result.meta?.['anymodel/provider'], 'corp');
});

test('generate answers with the JSON alone where structured content is not known', async () => {
  const { result } = await run(generateTool, { batches: [answering('Hello!')] }, { prompt: 'hi' }, false);
  assert.deepEqual(result.content, [{ type: 'text', text: JSON.stringify(GENERATED) }]);
  assert.equal('structuredContent' in result, false);
});

test('what generate answers conforms to what it promises, whatever is known', async () => {
  const { result } = await run(
    generateTool,
    {
      batches: [
        [
          { type: 'text', text: 'x'.repeat(2000) },
          { type: 'finish', reason: 'length' },
        ],
      ],
    },
    { prompt: 'hi' },
  );
  assert.deepEqual(result.structuredContent, {
    text: 'x'.repeat(1000),
    model: 'gpt-4o-mini',
    finish_reason: 'length',
    omitted_chars: 1000,
  });
  assert.match(JSON.stringify(result.content[1]), /1000 more are left out.*finish_reason/);
  const { outputSchema } = generateTool({
    models: scripted({}).models,
    providers: [],
    maxOutputChars: 1,
    generateTemperature: 1,
  });
  assert.ok(outputSchema);
  assert.deepEqual(outputSchema.required, ['text', 'model', 'finish_reason']);
  assert.deepEqual(check(outputSchema, result.structuredContent), []);
});

test('generate has its own temperature, where the model takes one', async () => {
  const temperatures: Readonly<Record<string, number | undefined>> = {
    '': 0.2,
    'gpt-4o': 0.2,
    'gpt-5-chat-latest': 0.2,
    'o3-mini': undefined,
    'openai/o1': undefined,
    'gpt-5.1': undefined,
    'GPT-5-mini': undefined,
  };
  for (const [model, temperature] of Object.entries(temperatures)) {
    const { asked } = await run(generateTool, { batches: [answering('x')] }, { prompt: 'hi', model });
    assert.equal(asked.chat[0]?.temperature, temperature, model);
  }
  const { asked } = await run(
    generateTool,
    { batches: [answering('x')] },
    { prompt: 'hi', model: 'o3', temperature: 1 },
  );
  assert.equal(asked.chat[0]?.temperature, 1);
});

test('generate passes on in extra what it has no argument for', async () => {
  const { asked } = await run(
    generateTool,
    { batches: [answering('x')] },
    { prompt: 'hi', max_tokens: 5, extra: { top_k: 1 } },
  );
  assert.deepEqual(asked.chat, [
    { model: '', messages: [{ role: 'user', content: 'hi' }], temperature: 0.2, maxTokens: 5, extra: { top_k: 1 } },
  ]);
  await assert.rejects(run(generateTool, {}, { prompt: 'hi', extra: { temperature: 1, top_p: 1 } }), {
    message:
      'Invalid arguments: extra.temperature is not for extra (use the argument "temperature"); ' +
      'extra.top_p is not for extra (a tool that can set it has an argument for it).',
  });
});

const LISTED = [
  {
    id: 'gpt-4o',
    provider: 'corp',
    ownedBy: 'openai',
    created: 1_700_000_000,
    contextLength: 128_000,
    capabilities: { tools: true },
  },
  { id: 'llama3.2', provider: 'corp' },
];

test('list_models is one name a line', async () => {
  const { result, asked } = await run(listModelsTool, { models: LISTED }, {});
  assert.deepEqual(result.content, [{ type: 'text', text: 'gpt-4o\nllama3.2' }]);
  assert.equal('structuredContent' in result, false);
  assert.deepEqual(result.meta, {
    'anymodel/provider': 'corp',
    'anymodel/attempts': [{ provider: 'corp', model: 'gpt-4o-mini', status: 200, ms: 12 }],
  });
  assert.deepEqual(asked.list, [{}]);
});

test('list_models names the models of another provider as they must be asked for', async () => {
  const list = [...LISTED, { id: 'echo', provider: 'mock' }, { id: 'x', provider: 'unheard-of' }];
  const { models } = scripted({ models: list });
  const terms = { models, maxOutputChars: 1000, generateTemperature: 0.2 };
  const tool = listModelsTool({ ...terms, providers: ['corp', 'mock'], mainProvider: 'corp' });
  const { content } = await tool.run({}, toolContext().ctx);
  assert.deepEqual(content, [{ type: 'text', text: 'gpt-4o\nllama3.2\nmock/echo\nx' }]);
  const narrowed = await tool.run({ filter: 'MOCK/' }, toolContext().ctx);
  assert.deepEqual(narrowed.content, [{ type: 'text', text: 'mock/echo' }]);
});

test('list_models puts every provider in front where none is the main one', async () => {
  const { models } = scripted({ models: [...LISTED, { id: 'claude', provider: 'anthropic' }] });
  const terms = { models, maxOutputChars: 1000, generateTemperature: 0.2 };
  const several = listModelsTool({ ...terms, providers: ['corp', 'anthropic'], mainProvider: undefined });
  assert.deepEqual((await several.run({}, toolContext().ctx)).content, [
    { type: 'text', text: 'corp/gpt-4o\ncorp/llama3.2\nanthropic/claude' },
  ]);
  const nothing = listModelsTool({ ...terms, models: scripted({}).models, providers: ['corp', 'anthropic'] });
  assert.deepEqual((await nothing.run({}, toolContext().ctx)).content, [
    { type: 'text', text: 'The providers list no models.' },
  ]);
});

test('list_models names the providers that are down, apart from the names', async () => {
  const fault = new Fault('NETWORK', 'Nothing answers at 127.0.0.1:11434.');
  const { models } = scripted({ models: LISTED, failed: [{ provider: 'ollama', fault }] });
  const tool = listModelsTool({
    models,
    providers: ['corp', 'ollama'],
    mainProvider: 'corp',
    maxOutputChars: 1000,
    generateTemperature: 0.2,
  });
  assert.deepEqual((await tool.run({}, toolContext().ctx)).content, [
    { type: 'text', text: 'gpt-4o\nllama3.2' },
    { type: 'text', text: '[ollama could not be asked: Nothing answers at 127.0.0.1:11434.]' },
  ]);
  const { structuredContent } = await tool.run({ detail: 'full' }, toolContext().ctx);
  assert.deepEqual(structuredContent?.['failed'], [
    { provider: 'ollama', code: 'NETWORK', error: 'Nothing answers at 127.0.0.1:11434.' },
  ]);
});

test('list_models says whose list it is, though nobody was asked for it just now', async () => {
  const kept = { models: LISTED, serve: () => {} };
  const { result } = await run(listModelsTool, kept, {});
  assert.deepEqual(result.meta, { 'anymodel/provider': 'corp', 'anymodel/attempts': [] });
  const { models } = scripted(kept);
  const tool = listModelsTool({
    models,
    providers: ['corp', 'mock'],
    mainProvider: 'corp',
    maxOutputChars: 1,
    generateTemperature: 1,
  });
  const named = await tool.run({ provider: 'mock' }, toolContext().ctx);
  assert.deepEqual(named.meta, { 'anymodel/provider': 'mock', 'anymodel/attempts': [] });
  assert.deepEqual((await tool.run({}, toolContext().ctx)).meta, {
    'anymodel/provider': 'corp',
    'anymodel/attempts': [],
  });
});

test('list_models says whose lists are in it when they are those of several', async () => {
  const aliased = [{ id: 'fast', provider: 'alias' }, { id: 'echo', provider: 'mock' }, ...LISTED];
  const { models } = scripted({ models: aliased, serve: () => {} });
  const terms = { models, maxOutputChars: 1, generateTemperature: 1, mainProvider: 'corp' };
  const of = async (...providers: readonly string[]): Promise<unknown> =>
    (await listModelsTool({ ...terms, providers }).run({}, toolContext().ctx)).meta?.['anymodel/provider'];
  assert.equal(await of('corp', 'down', 'mock'), 'corp, mock');
  const none = listModelsTool({ ...terms, models: scripted({ serve: () => {} }).models, providers: ['a', 'b'] });
  assert.deepEqual((await none.run({}, toolContext().ctx)).meta, { 'anymodel/attempts': [] });
});

test('list_models narrows in any case, and says so when nothing is left', async () => {
  const { result } = await run(listModelsTool, { models: LISTED }, { filter: 'LLAMA' });
  assert.deepEqual(result.content, [{ type: 'text', text: 'llama3.2' }]);
  const none = await run(listModelsTool, { models: LISTED }, { filter: 'claude' });
  assert.deepEqual(none.result.content, [{ type: 'text', text: 'No model matches; without the filter there are 2.' }]);
  const empty = await run(listModelsTool, { models: [] }, {});
  assert.deepEqual(empty.result.content, [{ type: 'text', text: 'The provider lists no models.' }]);
});

test('list_models hands on the provider and the wish to ask again', async () => {
  const { asked } = await run(listModelsTool, { models: LISTED }, { provider: 'corp', refresh: true });
  assert.deepEqual(asked.list, [{ provider: 'corp', refresh: true }]);
  await assert.rejects(
    run(listModelsTool, {}, { provider: 'elsewhere' }),
    /provider must be one of "corp", not "elsewhere"/,
  );
});

test('list_models in full detail is structured, with equal JSON text', async () => {
  const models = {
    models: [
      {
        id: 'gpt-4o',
        provider: 'corp',
        owned_by: 'openai',
        created: 1_700_000_000,
        context_length: 128_000,
        capabilities: { tools: true },
      },
      { id: 'llama3.2', provider: 'corp' },
    ],
  };
  const { result } = await run(listModelsTool, { models: LISTED }, { detail: 'full' });
  assert.deepEqual(result.structuredContent, models);
  assert.deepEqual(result.content, [{ type: 'text', text: JSON.stringify(models) }]);
  const old = await run(listModelsTool, { models: LISTED }, { detail: 'full' }, false);
  assert.equal('structuredContent' in old.result, false);
  assert.deepEqual(old.result.content, [{ type: 'text', text: JSON.stringify(models) }]);
});

const EMBEDDINGS = {
  model: 'text-embedding-3-small',
  vectors: [
    [0.5, -1, 0],
    [1, 2, 3],
  ],
  usage: { inputTokens: 4 },
};
const EMBEDDED = {
  model: 'text-embedding-3-small',
  dimensions: 3,
  embeddings: [
    [0.5, -1, 0],
    [1, 2, 3],
  ],
  usage: { prompt_tokens: 4, total_tokens: 4 },
};

test('embed answers with the vectors and one line about them', async () => {
  const { result, asked } = await run(
    embedTool,
    { embeddings: EMBEDDINGS },
    { input: ['a', 'b'], dimensions: 3, model: 'e' },
  );
  assert.deepEqual(asked.embed, [{ model: 'e', input: ['a', 'b'], dimensions: 3 }]);
  assert.deepEqual(result.structuredContent, EMBEDDED);
  assert.deepEqual(result.content, [
    {
      type: 'text',
      text: '2 embeddings of 3 dimensions from text-embedding-3-small; the vectors are in structuredContent.',
    },
  ]);
  assert.deepEqual(result.meta, {
    'anymodel/model': 'text-embedding-3-small',
    'anymodel/provider': 'corp',
    'anymodel/attempts': [{ provider: 'corp', model: 'gpt-4o-mini', status: 200, ms: 12 }],
    'anymodel/usage': { prompt_tokens: 4, total_tokens: 4 },
  });
});

test('embed says what it cost, where that is known', async () => {
  const costly = { ...EMBEDDINGS, usage: { inputTokens: 4, costUsd: 0.25 } };
  const { result } = await run(embedTool, { embeddings: costly }, { input: ['a', 'b'] });
  assert.equal(result.meta?.['anymodel/cost_usd'], 0.25);
});

test('embed answers with JSON as text where structured content is not known', async () => {
  const { result } = await run(embedTool, { embeddings: EMBEDDINGS }, { input: ['a', 'b'] }, false);
  assert.equal('structuredContent' in result, false);
  assert.deepEqual(result.content, [{ type: 'text', text: JSON.stringify(EMBEDDED) }]);
});

test('embed takes one text for a list of one, and names what it does not take', async () => {
  const one = { model: '', vectors: [[1]], usage: {} };
  const { result, asked } = await run(embedTool, { embeddings: one }, { input: 'a' });
  assert.deepEqual(asked.embed, [{ model: '', input: ['a'] }]);
  assert.deepEqual(result.structuredContent, { model: 'gpt-4o-mini', dimensions: 1, embeddings: [[1]], usage: {} });
  const { inputSchema } = embedTool({
    models: scripted({}).models,
    providers: [],
    maxOutputChars: 1,
    generateTemperature: 1,
  });
  assert.deepEqual(check(inputSchema, { input: ['a', ''] }), [{ path: 'input[1]', message: 'must not be empty' }]);
  assert.deepEqual(check(inputSchema, { input: [] }), [{ path: 'input', message: 'must have at least 1 item' }]);
  assert.deepEqual(check(inputSchema, {}), [{ path: 'input', message: 'is required' }]);
});

test('the aliases of embed take an OpenAI request', async () => {
  const make = (terms: Terms): Tool => embedAlias(embedTool(terms));
  const { asked } = await run(
    make,
    { embeddings: EMBEDDINGS },
    { input: 'a', model: 'e', encoding_format: 'base64', user: 'u' },
  );
  assert.deepEqual(asked.embed, [{ model: 'e', input: ['a'] }]);
  await assert.rejects(run(make, {}, { input: 'a', truncate: 'END' }), /truncate is not known here/);
});

test('complete asks the legacy endpoint and answers in plain text', async () => {
  const { result, asked } = await run(
    completeTool,
    { batches: [answering(' world', 'length')] },
    {
      prompt: 'Hello',
      suffix: '!',
      model: 'm',
      max_tokens: 4,
      temperature: 0,
      top_p: 1,
      stop: '\n',
      seed: 7,
      extra: { echo: false },
    },
  );
  assert.deepEqual(asked.complete, [
    {
      model: 'm',
      prompt: 'Hello',
      suffix: '!',
      maxTokens: 4,
      temperature: 0,
      topP: 1,
      stop: ['\n'],
      seed: 7,
      extra: { echo: false },
    },
  ]);
  assert.deepEqual(result.content, [
    { type: 'text', text: ' world' },
    {
      type: 'text',
      text: '[The answer stops at its token limit (finish_reason "length"). Raise max_tokens, or ask for the rest.]',
    },
  ]);
  await assert.rejects(
    run(completeTool, {}, { prompt: 'x', extra: { suffix: 'y' } }),
    /extra\.suffix is not for extra/,
  );
});
