// Neutral questions into Ollama's request bodies: /api/chat, /api/generate, /api/embed (WIRE.md 2.1). Pure.
//
// `truncate: false` and `shift: false` are sent unless the caller says otherwise: a prompt that does not fit is then
// refused instead of cut (servers since 0.12.6), and an answer that outgrows the context ends by `length` instead of
// forgetting the question.

import { isObject } from '../../../core/json.ts';
import type { ChatRequest, CompletionRequest, EmbedRequest, ToolChoice, ToolDefinition } from '../../chat.ts';
import type { AnswerAsk, Ask, Lessons } from '../../dialect.ts';
import type { Body } from '../sending/apply-lessons.ts';
import { objectAt } from '../fields.ts';
import { schemaInWords } from '../sending/schema-words.ts';
import { contextSize, roomFor } from './context-size.ts';
import { messageBodies, toolBody } from './messages.ts';
import { optionsBody, RESERVED, splitExtra } from './options.ts';
import { thinkOf } from './think.ts';

type BodyAsk = Exclude<Ask, { op: 'models' | 'describe' }>;

const NOT_CUT = { truncate: false, shift: false };

/** Adds to `changed` what was asked for and is not sent as it was asked. */
export function requestBody(ask: BodyAsk, lessons: Lessons, changed: Set<string>): Body {
  switch (ask.op) {
    case 'chat':
      return chatBody(ask.request, isStreamed(ask, lessons, changed), lessons, changed);
    case 'complete':
      return completionBody(ask.request, isStreamed(ask, lessons, changed), changed);
    case 'embed':
      return embeddingBody(ask.request);
  }
}

/** Said in either case: Ollama streams when it is told nothing. */
function isStreamed(ask: AnswerAsk, lessons: Lessons, changed: Set<string>): boolean {
  if (!ask.stream || !lessons.habits.has('not-streamed')) return ask.stream;
  changed.add('stream -> whole reply');
  return false;
}

function chatBody(request: ChatRequest, stream: boolean, lessons: Lessons, changed: Set<string>): Body {
  const { members, options } = splitExtra(request.extra, reservedFor(request), changed);
  const messages = messageBodies(request.messages, changed);
  const { format, words } = formatOf(request, lessons, changed);
  // Last: a system message that comes first would take the place of the model's own.
  if (words !== '') messages.push({ role: 'system', content: words });
  const tools = toolBodies(request, changed);
  return {
    model: request.model,
    messages,
    stream,
    tools,
    format,
    ...NOT_CUT,
    ...members,
    think: thinkOf(request, lessons, changed),
    options: optionsBody(request, options, chatContext(messages, tools, request.maxTokens)),
  };
}

function reservedFor({ reasoningEffort, responseFormat }: ChatRequest): ReadonlySet<string> {
  const named = [
    ...(reasoningEffort === undefined ? [] : ['think']),
    ...(responseFormat === undefined ? [] : ['format']),
  ];
  return named.length === 0 ? RESERVED.chat : new Set([...RESERVED.chat, ...named]);
}

function chatContext(messages: readonly Body[], tools: unknown, maxTokens: number | undefined): number | undefined {
  const images = messages.flatMap((message) => message['images'] ?? []).length;
  const texts = images === 0 ? messages : messages.map((message) => ({ ...message, images: undefined }));
  return contextSize([texts, tools], images, roomFor(maxTokens));
}

/** There is no way to choose among tools but to offer only some, or none. */
function toolBodies(
  { tools = [], toolChoice, parallelToolCalls }: ChatRequest,
  changed: Set<string>,
): Body[] | undefined {
  if (tools.length === 0) return undefined;
  if (toolChoice === 'none') {
    changed.add('tools removed (tool_choice is none)');
    return undefined;
  }
  if (toolChoice === 'required') changed.add('tool_choice removed');
  if (parallelToolCalls === false) changed.add('parallel_tool_calls removed');
  return offered(tools, toolChoice, changed).map((tool) => toolBody(tool, changed));
}

/** A tool that is to be called is the only one. */
function offered(
  tools: readonly ToolDefinition[],
  choice: ToolChoice | undefined,
  changed: Set<string>,
): readonly ToolDefinition[] {
  if (typeof choice !== 'object') return tools;
  const chosen = tools.filter(({ name }) => name === choice.name);
  changed.add(chosen.length === 0 ? 'tool_choice removed' : `tool_choice "${choice.name}" -> no other tool`);
  return chosen.length === 0 ? tools : chosen;
}

interface Format {
  readonly format?: unknown;
  /** What is to be said to the model besides; empty for nothing. */
  readonly words: string;
}

function formatOf({ responseFormat }: ChatRequest, { habits }: Lessons, changed: Set<string>): Format {
  const type = responseFormat?.['type'];
  if (responseFormat === undefined || type === 'text') return { words: '' };
  if (type !== 'json_object' && type !== 'json_schema') {
    changed.add('response_format removed');
    return { words: '' };
  }
  if (habits.has('schema-in-words')) {
    changed.add('response_format -> words');
    return { words: schemaInWords(responseFormat) };
  }
  const { schema, description } = objectAt(responseFormat, 'json_schema') ?? {};
  if (!isObject(schema)) return { format: 'json', words: '' };
  if (!habits.has('schema-as-object')) {
    if (description !== undefined) changed.add('response_format.json_schema.description removed');
    return { format: schema, words: '' };
  }
  changed.add('response_format -> json_object and words');
  return { format: 'json', words: schemaInWords(responseFormat) };
}

function completionBody(request: CompletionRequest, stream: boolean, changed: Set<string>): Body {
  const { prompt, suffix, maxTokens } = request;
  const { members, options } = splitExtra(request.extra, RESERVED.complete, changed);
  const numCtx = contextSize([prompt, suffix], 0, roomFor(maxTokens));
  return {
    model: request.model,
    prompt,
    suffix,
    stream,
    ...NOT_CUT,
    ...members,
    options: optionsBody(request, options, numCtx),
  };
}

/** Every text has the context to itself. */
function embeddingBody({ model, input, dimensions }: EmbedRequest): Body {
  const longest = input.reduce((a, b) => (b.length > a.length ? b : a), '');
  const numCtx = contextSize(longest, 0, 0);
  return {
    model,
    input,
    dimensions,
    truncate: false,
    options: numCtx === undefined ? undefined : { num_ctx: numCtx },
  };
}
