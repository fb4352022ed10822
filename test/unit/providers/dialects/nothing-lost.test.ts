// What a dialect cannot say is refused, or left out and reported in `changed`: each member of a chat request, each
// role and each kind of content, in every dialect and for the kinds of models it tells apart. WIRE.md 2.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type {
  AttachmentKind,
  ChatMessage,
  ChatRequest,
  CompletionRequest,
  ContentPart,
} from '../../../../src/providers/chat.ts';
import type { Ask, Habit, Sending } from '../../../../src/providers/dialect.ts';
import { DIALECTS } from '../../../../src/providers/dialects/table.ts';
import { lessonsOf } from '../../../support/lessons.ts';

/** Where a request may go: what the dialects tell apart by type, address or name of the model. */
const TARGETS: readonly (readonly [type: string, baseUrl: string, model: string])[] = [
  ['openai', 'https://api.openai.com/v1', 'gpt-4o'],
  ['openai', 'https://api.openai.com/v1', 'o3'],
  ['openai', 'https://api.openai.com/v1', 'o3-pro'],
  ['openai', 'https://llm.example.com/v1', 'deepseek-chat'],
  ['azure', 'https://corp.openai.azure.com?api-version=2024-10-21', 'gpt-4o'],
  ['azure', 'https://corp.openai.azure.com', 'gpt-4o'],
  ['openrouter', 'https://openrouter.ai/api/v1', 'meta-llama/llama-3.3-70b-instruct'],
  ['vllm', 'http://127.0.0.1:8000', 'Qwen/Qwen3-8B'],
  ['lmstudio', 'http://127.0.0.1:1234', 'qwen3-8b'],
  ['local', 'http://127.0.0.1:8080', 'tiny.gguf'],
  ['ollama', 'http://127.0.0.1:11434', 'llama3.2'],
  ['ollama', 'http://127.0.0.1:11434', 'gpt-oss:20b'],
  ['anthropic', 'https://api.anthropic.com', 'claude-3-5-haiku-latest'],
  ['anthropic', 'https://api.anthropic.com', 'claude-opus-4-1'],
  ['anthropic', 'https://api.anthropic.com', 'claude-sonnet-4-6'],
  ['anthropic', 'https://api.anthropic.com', 'claude-sonnet-5-5'],
  ['anthropic', 'https://api.anthropic.com', 'claude-fable-5'],
  ['anthropic', 'http://127.0.0.1:8080', 'qwen3-8b'],
];

const HABITS: readonly (readonly Habit[])[] = [
  [],
  ['system-as-user'],
  ['schema-as-object'],
  ['schema-in-words', 'system-as-user'],
];

const ASKED: ChatMessage = { role: 'user', content: 'Hi' };
const IMAGE = { type: 'image', url: 'data:image/png;base64,TUFSSw==' } as const;
const TOOLS = [{ name: 'weather' }, { name: 'time.now' }];
const CALL = { id: 'call_a', name: 'weather', arguments: '{"city":"marker"}' };
const SCHEMA = { type: 'object', properties: { marker: { type: 'string' } } };

interface Case {
  readonly without: Partial<ChatRequest>;
  readonly given: Partial<ChatRequest>;
  /** What has to be somewhere in the body, as a sign that more than the place of it was kept. */
  readonly mark?: string;
}

const member = (given: Partial<ChatRequest>, mark?: string): Case => withTools({}, given, mark);
const withTools = (without: Partial<ChatRequest>, given: Partial<ChatRequest>, mark?: string): Case => ({
  without,
  given: { ...without, ...given },
  ...(mark === undefined ? {} : { mark }),
});
const spoken = (without: readonly ChatMessage[], given: readonly ChatMessage[], mark?: string): Case =>
  withTools({ messages: without }, { messages: given }, mark);

const attached = (kind: AttachmentKind, name: string): ContentPart => ({
  type: 'attachment',
  kind,
  body: { [name]: 'marker' },
});
const called: ChatMessage = { role: 'assistant', content: null, toolCalls: [CALL] };
const answered = (content: ChatMessage['content']): ChatMessage => ({ role: 'tool', content, toolCallId: 'call_a' });

const CASES: Readonly<Record<string, Case>> = {
  temperature: member({ temperature: 0.37 }),
  'temperature above one': member({ temperature: 1.7 }),
  topP: member({ topP: 0.37 }),
  'both temperature and topP': withTools({ temperature: 0.37 }, { topP: 0.73 }),
  maxTokens: member({ maxTokens: 3777 }),
  'a small maxTokens': member({ maxTokens: 5 }),
  stop: member({ stop: ['marker'] }, 'marker'),
  'stop of white space': member({ stop: ['\n'] }),
  'the fifth stop': member({ stop: ['a', 'b', 'c', 'd', 'marker'] }, 'marker'),
  seed: member({ seed: 3777 }),
  'effort minimal': member({ reasoningEffort: 'minimal' }),
  'effort low': member({ reasoningEffort: 'low' }),
  'effort xhigh': member({ reasoningEffort: 'xhigh' }),
  'effort max': member({ reasoningEffort: 'max' }),
  'an unknown effort': member({ reasoningEffort: 'marker' }, 'marker'),
  'a JSON object': member({ responseFormat: { type: 'json_object' } }),
  'a JSON schema': member(
    { responseFormat: { type: 'json_schema', json_schema: { name: 'a', schema: SCHEMA } } },
    'marker',
  ),
  'what a JSON schema is': withTools(
    { responseFormat: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } } },
    {
      responseFormat: {
        type: 'json_schema',
        json_schema: { name: 'a', description: 'marker', schema: { type: 'object' } },
      },
    },
    'marker',
  ),
  'another response format': member({ responseFormat: { type: 'grammar', grammar: 'marker' } }, 'marker'),
  tools: member({ tools: [{ name: 'marker', description: 'm', parameters: SCHEMA }] }, 'marker'),
  'a strict tool': withTools({ tools: TOOLS }, { tools: [{ name: 'weather', strict: true }, { name: 'time.now' }] }),
  'no tool to be called': withTools({ tools: TOOLS }, { toolChoice: 'none' }),
  'some tool to be called': withTools({ tools: TOOLS }, { toolChoice: 'required' }),
  'one tool to be called': withTools({ tools: TOOLS }, { toolChoice: { name: 'weather' } }),
  'one tool at a time': withTools({ tools: TOOLS }, { parallelToolCalls: false }),
  extra: member({ extra: { marker: { nested: [1, { marker: null }] } } }, 'marker'),
  'extra that is an argument': member({ extra: { temperature: 0.37 } }),
  'extra that is set for the caller': member({ extra: { stream: false } }),
  'extra n': member({ extra: { n: 2 } }),
  'extra with another name for an argument': member({ extra: { max_completion_tokens: 9 } }),
  'name of a message': spoken([ASKED], [{ ...ASKED, name: 'marker' }], 'marker'),
  'a system message': spoken([ASKED], [{ role: 'system', content: 'marker' }, ASKED], 'marker'),
  'a developer message': spoken([ASKED], [{ role: 'developer', content: 'marker' }, ASKED], 'marker'),
  'a later system message': spoken([ASKED], [ASKED, { role: 'system', content: 'marker' }, ASKED], 'marker'),
  'only a system message': spoken([ASKED], [{ role: 'system', content: 'marker' }], 'marker'),
  'a second text': spoken(
    [ASKED],
    [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'text', text: 'marker' },
        ],
      },
    ],
    'marker',
  ),
  'image of a user': spoken([ASKED], [{ role: 'user', content: [{ type: 'text', text: 'Hi' }, IMAGE] }], 'TUFSSw=='),
  'image by address': spoken(
    [ASKED],
    [{ role: 'user', content: [{ type: 'image', url: 'https://x.example/marker' }] }],
  ),
  'detail of an image': spoken(
    [{ role: 'user', content: [IMAGE] }],
    [{ role: 'user', content: [{ ...IMAGE, detail: 'marker' }] }],
    'marker',
  ),
  'audio of a user': spoken([ASKED], [{ role: 'user', content: [attached('input_audio', 'data')] }], 'marker'),
  'file of a user': spoken([ASKED], [{ role: 'user', content: [attached('file', 'file_data')] }], 'marker'),
  'file of an assistant': spoken(
    [ASKED],
    [ASKED, { role: 'assistant', content: [attached('file', 'file_data')] }, ASKED],
    'marker',
  ),
  'image of the system': spoken([ASKED], [{ role: 'system', content: [IMAGE] }, ASKED], 'TUFSSw=='),
  'image of an assistant': spoken([ASKED], [ASKED, { role: 'assistant', content: [IMAGE] }, ASKED], 'TUFSSw=='),
  'image of a tool': spoken([ASKED, called, answered('1')], [ASKED, called, answered([IMAGE])], 'TUFSSw=='),
  'an assistant that only calls': spoken([ASKED], [ASKED, called, answered('1')], 'marker'),
  'result of a tool': spoken([ASKED, called, answered('1')], [ASKED, called, answered('marker')], 'marker'),
  'text beside a call': spoken(
    [ASKED, called, answered('1')],
    [ASKED, { ...called, content: 'marker!' }, answered('1')],
    'marker!',
  ),
  'the second of two results': spoken(
    [ASKED, called, answered('1')],
    [
      ASKED,
      { ...called, toolCalls: [CALL, { ...CALL, id: 'call_b' }] },
      answered('1'),
      { ...answered('marker!'), toolCallId: 'call_b' },
    ],
    'marker!',
  ),
};

type Target = (typeof TARGETS)[number];

function encoded([type, baseUrl]: Target, ask: Ask, habits: readonly Habit[] = []): Sending {
  const endpoint = { provider: 'corp', type, baseUrl, apiKey: 'k', headers: {}, query: {} };
  const dialect = DIALECTS[type];
  assert.ok(dialect !== undefined);
  return dialect.encode(ask, endpoint, lessonsOf({ habits }));
}

function chat([, , model]: Target, more: Partial<ChatRequest>): Ask {
  return { op: 'chat', stream: true, request: { model, messages: [ASKED], ...more } };
}

/** Undefined for what is refused. */
function refusable(encode: () => Sending): Sending | undefined {
  try {
    return encode();
  } catch (thrown) {
    assert.ok(thrown instanceof Fault && thrown.kind === 'INVALID_INPUT', String(thrown));
    return undefined;
  }
}

for (const target of TARGETS) {
  for (const habits of HABITS) {
    test(`nothing is lost on the way to ${[...target, ...habits].join(' ')}`, () => {
      const lost = Object.entries(CASES).filter(([, { without, given, mark = '' }]) => {
        const sent = refusable(() => encoded(target, chat(target, given), habits));
        if (sent === undefined) return false;
        const before = encoded(target, chat(target, without), habits);
        const isReported = sent.changed.length > before.changed.length;
        return !isReported && (sent.body === before.body || sent.body?.includes(mark) !== true);
      });
      assert.deepEqual(
        lost.map(([name]) => name),
        [],
      );
    });
  }
}

const COMPLETIONS: readonly Partial<CompletionRequest>[] = [
  { suffix: '3777' },
  { maxTokens: 3777 },
  { temperature: 0.3777 },
  { topP: 0.3777 },
  { stop: ['3777'] },
  { seed: 3777 },
  { extra: { other: { nested: 3777 } } },
];

for (const target of TARGETS.filter(([type]) => type !== 'anthropic')) {
  const [, , model] = target;
  test(`nothing of a completion or an embedding is lost on the way to ${target.join(' ')}`, () => {
    for (const given of COMPLETIONS) {
      const { body = '', changed } = encoded(target, {
        op: 'complete',
        stream: false,
        request: { model, prompt: 'Hi', ...given },
      });
      assert.ok(changed.length > 0 || body.includes('3777'), JSON.stringify(given));
    }
    const { body = '' } = encoded(target, { op: 'embed', request: { model, input: ['Hi'], dimensions: 3777 } });
    assert.ok(body.includes('3777'));
  });
}
