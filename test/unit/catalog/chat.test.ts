import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToolContext, ToolResult } from '../../../src/catalog/tool.ts';
import { chatTool } from '../../../src/catalog/tools/chat.ts';
import type { Terms } from '../../../src/catalog/tools/terms.ts';
import { Fault } from '../../../src/core/fault.ts';
import { LongText } from '../../../src/core/json.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { ChatEvent } from '../../../src/providers/chat.ts';
import { answering, scripted, toolContext } from '../../support/models.ts';
import type { Script } from '../../support/models.ts';

interface Given {
  readonly args?: JsonObject;
  readonly ctx?: ToolContext;
  readonly terms?: Partial<Terms>;
}

async function run(
  script: Script,
  { args = { prompt: 'hi' }, ctx = toolContext().ctx, terms = {} }: Given = {},
): Promise<ToolResult> {
  const { models } = scripted(script);
  const tool = chatTool({ models, providers: ['corp'], maxOutputChars: 1_000_000, generateTemperature: 0.2, ...terms });
  const { tail = () => [], ...result } = await tool.run(tool.widen?.(args) ?? args, ctx);
  const said = tail();
  return said.length === 0 ? result : { ...result, tail: () => said };
}

const META = {
  'anymodel/model': 'gpt-4o-mini',
  'anymodel/provider': 'corp',
  'anymodel/attempts': [{ provider: 'corp', model: 'gpt-4o-mini', status: 200, ms: 12 }],
  'anymodel/finish_reason': 'stop',
  'anymodel/usage': { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
};

const callEvents: readonly ChatEvent[] = [
  { type: 'tool', index: 0, id: 'a', name: 'add', arguments: '{"x":1}' },
  { type: 'finish', reason: 'tool_calls' },
];
const CALLS = '{"tool_calls":[{"id":"a","type":"function","function":{"name":"add","arguments":"{\\"x\\":1}"}}]}';

test('the first block is the answer and nothing else, the account is in _meta', async () => {
  assert.deepEqual(await run({ batches: [answering('Hello!')] }), {
    content: [{ type: 'text', text: 'Hello!' }],
    meta: META,
  });
});

test('the request reaches the model; the answer is heard as it comes, unless silenced', async () => {
  const { models, asked } = scripted({ batches: [answering('Hello!')] });
  const tool = chatTool({ models, providers: [], maxOutputChars: 100, generateTemperature: 0.2 });
  const loud = toolContext();
  await tool.run({ prompt: 'hi', model: 'm' }, loud.ctx);
  assert.deepEqual(asked.chat, [{ model: 'm', messages: [{ role: 'user', content: 'hi' }] }]);
  assert.deepEqual(loud.heard, { texts: ['Hello!'], counted: 0 });
  const quiet = toolContext();
  await tool.run({ prompt: 'hi', stream: false }, quiet.ctx);
  assert.deepEqual(quiet.heard, { texts: [], counted: 6 });
});

test('tool calls are one more block, and the only one when there is no text', async () => {
  const both = await run({ batches: [[{ type: 'text', text: 'Adding.' }, ...callEvents]] });
  assert.deepEqual(both.content, [
    { type: 'text', text: 'Adding.' },
    { type: 'text', text: CALLS },
  ]);
  const only = await run({ batches: [callEvents] });
  assert.deepEqual(only.content, [{ type: 'text', text: CALLS }]);
});

test('reasoning that must come back with the results stands beside the tool calls', async () => {
  const detail = { type: 'reasoning.text', text: 'hm', signature: 's1', format: 'anthropic-claude-v1' };
  const batches = [[{ type: 'reasoning_detail' as const, detail }, ...callEvents]];
  const { content } = await run({ batches });
  assert.deepEqual(content, [
    { type: 'text', text: `${CALLS.slice(0, -1)},"reasoning_details":[${JSON.stringify(detail)}]}` },
  ]);
  const said = await run({ batches: [[{ type: 'reasoning_detail', detail }, ...answering('Hello!')]] });
  assert.deepEqual(said.content, [{ type: 'text', text: 'Hello!' }]);
});

test('what an answer says of its reasoning is what the next turn hands back', async () => {
  const detail = { type: 'reasoning.encrypted', data: 'AAAA', id: 'rs_1', format: 'openai-responses-v1' };
  const batches = [[{ type: 'reasoning_detail' as const, detail }, ...callEvents]];
  const { structuredContent } = await run({ batches }, { args: { prompt: 'hi', detail: 'full' } });
  const { models, asked } = scripted({ batches: [answering('3')] });
  const tool = chatTool({ models, providers: [], maxOutputChars: 100, generateTemperature: 0.2 });
  const messages = [
    { role: 'user', content: 'hi' },
    structuredContent?.['message'] ?? null,
    { role: 'tool', tool_call_id: 'a', content: '1' },
  ];
  await tool.run({ messages }, toolContext().ctx);
  assert.deepEqual(asked.chat[0]?.messages[1], {
    role: 'assistant',
    content: null,
    toolCalls: [{ id: 'a', name: 'add', arguments: '{"x":1}' }],
    reasoningDetails: [detail],
  });
});

test('a page instead of a name is cut wherever it would stand', async () => {
  const page = 'm'.repeat(5000);
  const cut = `${'m'.repeat(200)}…`;
  const batch: readonly ChatEvent[] = [
    { type: 'start', id: page, model: page },
    { type: 'text', text: 'x' },
    { type: 'finish', reason: page },
  ];
  const script: Script = { batches: [batch], serve: ({ served }) => void (served.model = page) };
  const { structuredContent, meta } = await run(script, { args: { prompt: 'hi', detail: 'full' } });
  assert.equal(meta?.['anymodel/model'], cut);
  assert.equal(meta['anymodel/finish_reason'], cut);
  assert.deepEqual(structuredContent, {
    id: cut,
    model: cut,
    message: { role: 'assistant', content: 'x' },
    finish_reason: cut,
  });
});

test('a name is never cut inside a character', async () => {
  const script: Script = { batches: [[{ type: 'finish', reason: `${'m'.repeat(199)}😀😀` }]] };
  assert.equal((await run(script)).meta?.['anymodel/finish_reason'], `${'m'.repeat(199)}…`);
});

test('an answer that is empty still has a block', async () => {
  assert.deepEqual((await run({ batches: [[{ type: 'finish', reason: 'stop' }]] })).content, [
    { type: 'text', text: '' },
  ]);
});

test('an answer that ended by length is a success that says so last', async () => {
  const result = await run({ batches: [answering('Once upon', 'length')] });
  assert.equal(result.isError, undefined);
  assert.deepEqual(result.content, [
    { type: 'text', text: 'Once upon' },
    {
      type: 'text',
      text: '[The answer stops at its token limit (finish_reason "length"). Raise max_tokens, or ask for the rest.]',
    },
  ]);
  assert.equal(result.meta?.['anymodel/finish_reason'], 'length');
});

test('an answer over the cap is cut, closed, and says what is missing', async () => {
  const result = await run({ batches: [answering('```\n0123456789', 'length')] }, { terms: { maxOutputChars: 8 } });
  assert.deepEqual(result.content, [
    { type: 'text', text: '```\n0123\n```' },
    {
      type: 'text',
      text:
        '[The answer is longer than one result may be: 12 characters are above, 6 more are left out. Ask for it in parts, or ' +
        'raise MAX_OUTPUT_CHARS on the server. The answer stops at its token limit (finish_reason "length"). Raise max_tokens, ' +
        'or ask for the rest.]',
    },
  ]);
});

test('a long answer is handed on in pieces', async () => {
  const batches = [
    ...Array.from({ length: 10 }, () => [{ type: 'text' as const, text: 'x'.repeat(10_000) }]),
    answering('.'),
  ];
  const [block] = (await run({ batches })).content;
  assert.ok(block?.type === 'text' && block.text instanceof LongText);
  assert.equal(block.text.length, 100_001);
});

test('a filtered answer is always an error with the partial text', async () => {
  await assert.rejects(run({ batches: [answering('I would', 'content_filter')] }), (thrown) => {
    assert.ok(thrown instanceof Fault);
    assert.equal(thrown.kind, 'CONTENT_FILTER');
    assert.equal(thrown.message, 'The content filter of corp stopped the answer of gpt-4o-mini.');
    assert.deepEqual(thrown.data, {
      provider: 'corp',
      model: 'gpt-4o-mini',
      attempts: [{ provider: 'corp', model: 'gpt-4o-mini', status: 200, ms: 12 }],
      partial: 'I would',
    });
    return true;
  });
});

const FULL = {
  id: 'chatcmpl-1',
  created: 1_700_000_000,
  model: 'gpt-4o-mini',
  message: { role: 'assistant', content: 'Hello!' },
  finish_reason: 'stop',
  usage: { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 },
};

test('full detail is the answer, then the OpenAI shape, with equal JSON as text', async () => {
  const args = { prompt: 'hi', detail: 'full' };
  assert.deepEqual(await run({ batches: [answering('Hello!')] }, { args }), {
    content: [
      { type: 'text', text: 'Hello!' },
      { type: 'text', text: JSON.stringify(FULL) },
    ],
    structuredContent: FULL,
    meta: META,
  });
  const { ctx } = toolContext({ structured: false });
  assert.deepEqual(await run({ batches: [answering('Hello!')] }, { args, ctx }), {
    content: [
      { type: 'text', text: 'Hello!' },
      { type: 'text', text: JSON.stringify(FULL) },
    ],
    meta: META,
  });
});

test('full detail of an answer that only calls tools has null as its content', async () => {
  const { structuredContent } = await run({ batches: [callEvents] }, { args: { prompt: 'hi', detail: 'full' } });
  assert.deepEqual(structuredContent, {
    id: 'chatcmpl-req-1',
    model: 'gpt-4o-mini',
    message: {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'add', arguments: '{"x":1}' } }],
    },
    finish_reason: 'tool_calls',
  });
});

test('_meta says what was mended and what was thought, and leaves out what is not known', async () => {
  const result = await run({
    batches: [
      [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'x' },
        { type: 'finish', reason: 'stop' },
      ],
    ],
    serve: ({ served }) => {
      served.changed.push('max_tokens -> max_completion_tokens');
      served.attempts.push(
        { provider: 'a', model: 'm', status: 0, ms: 5, error: 'NETWORK' },
        { provider: 'a', model: 'm', status: 200, ms: 6 },
      );
    },
  });
  assert.deepEqual(result.meta, {
    'anymodel/attempts': [
      { provider: 'a', model: 'm', status: 0, ms: 5, error: 'NETWORK' },
      { provider: 'a', model: 'm', status: 200, ms: 6 },
    ],
    'anymodel/changed': ['max_tokens -> max_completion_tokens'],
    'anymodel/finish_reason': 'stop',
    'anymodel/reasoning': 'hm',
  });
});

test('the model is the one the upstream names when the route has not', async () => {
  const result = await run({ batches: [answering('x')], serve: ({ served }) => void (served.model = '') });
  assert.equal(result.meta?.['anymodel/model'], 'gpt-4o-mini-2024');
});

test('all token counts have their place, and none is 0 for unknown', async () => {
  const usage = {
    inputTokens: 9,
    cachedTokens: 4,
    cacheWriteTokens: 2,
    outputTokens: 7,
    reasoningTokens: 3,
    costUsd: 0.5,
  };
  const result = await run({
    batches: [
      [
        { type: 'usage', usage },
        { type: 'finish', reason: 'stop' },
      ],
    ],
  });
  assert.deepEqual(result.meta?.['anymodel/usage'], {
    prompt_tokens: 9,
    completion_tokens: 7,
    total_tokens: 16,
    prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
    completion_tokens_details: { reasoning_tokens: 3 },
    cost: 0.5,
  });
  const partly = await run({
    batches: [
      [
        { type: 'usage', usage: { outputTokens: 7 } },
        { type: 'finish', reason: 'stop' },
      ],
    ],
  });
  assert.deepEqual(partly.meta?.['anymodel/usage'], { completion_tokens: 7 });
});

test('bad arguments are refused before anything is asked', async () => {
  const { models, asked } = scripted({ batches: [answering('x')] });
  const tool = chatTool({ models, providers: [], maxOutputChars: 100, generateTemperature: 0.2 });
  await assert.rejects(tool.run({ messages: [{ role: 'usr', content: 'x' }] }, toolContext().ctx), {
    kind: 'INVALID_INPUT',
    message:
      'Invalid arguments: messages[0].role must be one of "system", "developer", "user", "assistant", "tool", not "usr" (did you mean "user"?).',
  });
  assert.deepEqual(asked.chat, []);
});
