import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCatalog } from '../../../src/catalog/catalog.ts';
import type { Catalog } from '../../../src/catalog/tool.ts';
import type { Schema } from '../../../src/core/schema.ts';
import { answering, scripted, toolContext } from '../../support/models.ts';
import { nothingOffered } from '../../support/sources-of.ts';

const DEFAULT = ['chat', 'generate', 'list_models', 'embed', 'job'];
const ALL = [...DEFAULT, 'complete', 'compare'];

function catalogOf(tools: readonly string[]): Catalog {
  return createCatalog({
    models: scripted({}).models,
    ...nothingOffered(),
    providers: ['corp'],
    maxOutputChars: 100,
    generateTemperature: 0.2,
    tools,
  });
}

function names({ tools }: Catalog): string[] {
  return tools.map(({ name }) => name);
}

test('tools are listed in one order, whatever order they were chosen in', () => {
  assert.deepEqual(names(catalogOf(['embed', 'chat'])), ['chat', 'embed']);
  assert.deepEqual(names(catalogOf(ALL)), ['chat', 'generate', 'list_models', 'embed', 'job', 'complete', 'compare']);
  assert.deepEqual(names(catalogOf([])), []);
});

test('a tool that was not chosen is not there', () => {
  assert.equal(catalogOf(DEFAULT).find('complete'), undefined);
  assert.equal(catalogOf(ALL).find('complete')?.name, 'complete');
  assert.equal(catalogOf(ALL).find('toString'), undefined);
});

test('a name that is no tool is a fault of the configuration', () => {
  assert.throws(() => catalogOf(['chta']), {
    kind: 'CONFIG',
    message: 'TOOLS names "chta", which is not a tool. Did you mean "chat"?',
  });
  assert.throws(() => catalogOf(['banana']), {
    kind: 'CONFIG',
    message:
      'TOOLS names "banana", which is not a tool. Available are chat, generate, list_models, embed, job, complete, compare.',
  });
});

test('the names other bridges use are found and never listed', () => {
  const aliases = {
    createCompletion: 'chat',
    create_completion: 'chat',
    proxy_completion: 'chat',
    listModels: 'list_models',
    createEmbedding: 'embed',
    embeddings: 'embed',
  };
  const catalog = catalogOf(DEFAULT);
  for (const [alias, name] of Object.entries(aliases)) {
    assert.equal(catalog.find(alias)?.name, name, alias);
    assert.equal(names(catalog).includes(alias), false);
  }
});

test('an alias exists only where its tool does', () => {
  const catalog = catalogOf(['generate']);
  for (const alias of [
    'createCompletion',
    'create_completion',
    'proxy_completion',
    'listModels',
    'createEmbedding',
    'embeddings',
  ]) {
    assert.equal(catalog.find(alias), undefined, alias);
  }
});

test('the aliases of chat take an OpenAI request', async () => {
  const { models, asked } = scripted({ batches: [answering('Hello!')] });
  const catalog = createCatalog({
    models,
    ...nothingOffered(),
    providers: [],
    maxOutputChars: 100,
    generateTemperature: 0.2,
    tools: ['chat'],
  });
  const tool = catalog.find('createCompletion');
  const args = tool?.widen?.({
    model: 'm',
    messages: [{ role: 'user', content: 'hi' }],
    max_completion_tokens: 5,
    stop: null,
    user: 'u',
    parallel_tool_calls: false,
  });
  assert.ok(tool !== undefined && args !== undefined);
  const result = await tool.run(args, toolContext().ctx);
  assert.deepEqual(asked.chat, [
    {
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      maxTokens: 5,
      parallelToolCalls: false,
      extra: { user: 'u' },
    },
  ]);
  assert.deepEqual(result.content, [{ type: 'text', text: 'Hello!' }]);
});

/** The whole result of tools/list, with every member any revision knows. */
function listing(catalog: Catalog): string {
  const tools = catalog.tools.map(
    ({ name, title, description, inputSchema, outputSchema, annotations, task, meta }) => ({
      name,
      title,
      description,
      inputSchema,
      outputSchema,
      annotations,
      execution: task && { taskSupport: task },
      _meta: meta,
    }),
  );
  return JSON.stringify({ tools });
}

test('the whole list stays under 6,000 bytes, and under 8,000 with what is not listed by default', () => {
  for (const [tools, most] of [
    [DEFAULT, 6000],
    [ALL, 8000],
  ] as const) {
    const bytes = Buffer.byteLength(listing(catalogOf(tools)));
    assert.ok(bytes < most, `${tools.join()}: ${bytes} bytes`);
  }
});

test('the list is the same every time', () => {
  assert.equal(listing(catalogOf(DEFAULT)), listing(catalogOf(DEFAULT)));
});

/** Every schema inside one, with its path. */
function* schemasIn(schema: Schema, path: string): Generator<readonly [string, Schema]> {
  yield [path, schema];
  for (const [name, inner] of Object.entries(schema.properties ?? {})) yield* schemasIn(inner, `${path}.${name}`);
  if (schema.items !== undefined) yield* schemasIn(schema.items, `${path}[]`);
}

/** What every client in the field is known to take (MCP sheet, section 7, "Schemas"). */
const PLAIN = new Set([
  'type',
  'description',
  'enum',
  'minimum',
  'maximum',
  'minLength',
  'minItems',
  'items',
  'properties',
  'required',
]);

test('R-38: schemas are plain: objects at the top, items on every array, nothing that a client rejects', () => {
  for (const tool of catalogOf(ALL).tools) {
    for (const top of [tool.inputSchema, tool.outputSchema ?? tool.inputSchema]) {
      assert.equal(top.type, 'object', tool.name);
      for (const [path, schema] of schemasIn(top, tool.name)) {
        for (const keyword of Object.keys(schema)) assert.ok(PLAIN.has(keyword), `${path}: ${keyword}`);
        assert.ok(schema.type === undefined || typeof schema.type === 'string', path);
        if (schema.type === 'array') assert.ok(schema.items, `${path} has no items`);
        if (schema.type === undefined) assert.ok(schema.description, `${path} says in no way what it is`);
        for (const name of schema.required ?? [])
          assert.ok(Object.hasOwn(schema.properties ?? {}, name), `${path}.${name}`);
      }
    }
  }
});

test('R-39: names fit every client, and every tool says what it is', () => {
  for (const tool of catalogOf(ALL).tools) {
    assert.match(tool.name, /^[a-zA-Z0-9_-]{1,40}$/);
    assert.ok(tool.title.length > 0 && tool.description.length > 0);
    // Whoever reads jobs may call one off, and reaches nothing outside.
    const isReader = tool.name === 'job';
    assert.equal(tool.annotations.readOnlyHint, !isReader);
    assert.equal(tool.annotations.openWorldHint, !isReader);
    assert.deepEqual(tool.meta, { 'anthropic/maxResultSizeChars': 500_000 });
  }
});

test('only generate promises a shape, and the arguments are those of the product sheet', () => {
  const tools = Object.fromEntries(catalogOf(ALL).tools.map((tool) => [tool.name, tool]));
  assert.deepEqual(
    Object.values(tools)
      .filter(({ outputSchema }) => outputSchema !== undefined)
      .map(({ name }) => name),
    ['generate'],
  );
  const args = Object.fromEntries(
    Object.entries(tools).map(([name, { inputSchema }]) => [name, Object.keys(inputSchema.properties).join(' ')]),
  );
  assert.deepEqual(args, {
    chat:
      'messages prompt system model provider temperature top_p max_tokens stop seed reasoning_effort response_format ' +
      'tools tool_choice images files detail stream cache extra',
    generate: 'prompt model temperature max_tokens extra',
    list_models: 'provider filter refresh detail',
    embed: 'input model provider dimensions',
    job: 'id action wait_s offset',
    complete: 'prompt suffix model provider max_tokens temperature top_p stop seed extra',
    compare:
      'models prompt messages system temperature top_p max_tokens stop seed reasoning_effort response_format images files ' +
      'detail extra',
  });
  assert.equal(tools['chat']?.inputSchema.properties['tool_choice']?.type, undefined);
  assert.equal(tools['chat']?.inputSchema.properties['messages']?.items?.properties?.['content']?.type, undefined);
});
