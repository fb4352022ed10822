// What is changed about a question before it is written in either of OpenAI's forms: habits a target has taught us
// (dialect.ts) and what a kind of server is known not to take (profiles.ts), each replaced by what comes nearest.
// Every change is one line of the report. A question that needs none is handed back as it is.

import type { ChatMessage, ChatRequest, ContentPart, ToolCall } from '../../chat.ts';
import type { Habit } from '../../dialect.ts';
import { schemaInWords } from '../sending/schema-words.ts';
import { sentToolNames } from '../sending/tool-names.ts';
import type { Profile } from './profiles.ts';

interface Adapted {
  readonly request: ChatRequest;
  readonly changed: readonly string[];
}

type Adaptation = (request: ChatRequest) => Adapted | undefined;

/** The most characters the name of a tool may have. */
export const LONGEST_NAME = 64;

const NOTHING: readonly string[] = [];

const OF_HABITS: readonly (readonly [Habit, Adaptation])[] = [
  ['schema-not-strict', schemaNotStrict],
  ['schema-as-object', (request) => schemaSaid(request, 'json_object')],
  ['schema-in-words', (request) => schemaSaid(request, 'words')],
  // Last: the schema may have been said in a system message.
  ['system-as-user', systemAsUser],
];

export function adaptedRequest(asked: ChatRequest, profile: Profile, habits: ReadonlySet<Habit>): Adapted {
  const adaptations: Adaptation[] = [renamed];
  if (!profile.namedToolChoice && typeof asked.toolChoice === 'object') adaptations.push(onlyTool);
  if (profile.jsonObject && !habits.has('schema-in-words')) adaptations.push(objectSaid);
  if (habits.size > 0)
    for (const [habit, adaptation] of OF_HABITS)
      if (habits.has(habit) && !(habit === 'schema-as-object' && habits.has('schema-in-words')))
        adaptations.push(adaptation);
  if (!profile.jsonObject) adaptations.push(anyObject);
  let request = asked;
  const changed: string[] = [];
  for (const adapt of adaptations) {
    const adapted = adapt(request);
    if (adapted === undefined) continue;
    request = adapted.request;
    changed.push(...adapted.changed);
  }
  return { request, changed };
}

/** Names of tools that cannot be sent as they are; the answer gives them back as the caller knows them. */
function renamed(request: ChatRequest): Adapted | undefined {
  const names = sentToolNames(request, LONGEST_NAME);
  if (names.size === 0) return undefined;
  const own = <T extends { readonly name: string }>(named: T): T => ({
    ...named,
    name: names.get(named.name) ?? named.name,
  });
  const { messages, tools = [], toolChoice } = request;
  const sent = {
    ...request,
    tools: tools.map(own),
    messages: messages.map((message) => withCalls(message, own)),
  };
  return {
    request: typeof toolChoice === 'object' ? { ...sent, toolChoice: own(toolChoice) } : sent,
    changed: NOTHING,
  };
}

function withCalls(message: ChatMessage, own: (call: ToolCall) => ToolCall): ChatMessage {
  return message.toolCalls === undefined ? message : { ...message, toolCalls: message.toolCalls.map(own) };
}

/** A tool that must be called and is the only one is the tool that was chosen. */
function onlyTool(request: ChatRequest): Adapted | undefined {
  const { tools, toolChoice } = request;
  const name = typeof toolChoice === 'object' ? toolChoice.name : undefined;
  const chosen = tools?.filter((tool) => tool.name === name) ?? [];
  if (chosen.length === 0) return undefined;
  return {
    request: { ...request, tools: chosen, toolChoice: 'required' },
    changed: [`tool_choice "${name}" -> required, with no other tool`],
  };
}

function anyObject(request: ChatRequest): Adapted | undefined {
  if (request.responseFormat?.['type'] !== 'json_object') return undefined;
  const responseFormat = { type: 'json_schema', json_schema: { name: 'object', schema: { type: 'object' } } };
  return {
    request: { ...request, responseFormat },
    changed: ['response_format json_object -> any object as a schema'],
  };
}

/** OpenAI and several others refuse to write JSON when no message says the word. */
function objectSaid(request: ChatRequest): Adapted | undefined {
  const { responseFormat: format, messages } = request;
  if (format?.['type'] !== 'json_object' || messages.some(({ content }) => /json/i.test(textOf(content)))) {
    return undefined;
  }
  return {
    request: { ...request, messages: instructed(messages, schemaInWords(format)) },
    changed: ['response_format json_object -> said in words too'],
  };
}

/** The words go into the first system message: several templates of local servers refuse a second one. */
function instructed(messages: readonly ChatMessage[], words: string): readonly ChatMessage[] {
  const [first, ...rest] = messages;
  if (first === undefined || !isSystem(first) || typeof first.content !== 'string')
    return [{ role: 'system', content: words }, ...messages];
  return [{ ...first, content: `${words}\n\n${first.content}` }, ...rest];
}

function isSystem({ role }: ChatMessage): boolean {
  return role === 'system' || role === 'developer';
}

function schemaNotStrict(request: ChatRequest): Adapted | undefined {
  const format = request.responseFormat;
  const schema = format?.['json_schema'];
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema) || schema['strict'] !== true) {
    return undefined;
  }
  const { strict: _, ...lax } = schema;
  return {
    request: { ...request, responseFormat: { ...format, json_schema: lax } },
    changed: ['response_format.json_schema.strict removed'],
  };
}

function schemaSaid(request: ChatRequest, as: 'json_object' | 'words'): Adapted | undefined {
  const { responseFormat: format, ...rest } = request;
  const words = format === undefined || format['type'] === as ? '' : schemaInWords(format);
  if (words === '') return undefined;
  const messages = instructed(request.messages, words);
  const sent = as === 'words' ? { ...rest, messages } : { ...rest, messages, responseFormat: { type: as } };
  return { request: sent, changed: [`response_format -> ${as === 'words' ? 'words' : `${as} and words`}`] };
}

/** What the system says opens the first user message; without one it is a user message. */
function systemAsUser({ messages, ...rest }: ChatRequest): Adapted | undefined {
  const system = messages.filter(isSystem);
  if (system.length === 0) return undefined;
  const others = messages.filter((message) => !isSystem(message));
  const at = others.findIndex(({ role }) => role === 'user');
  const text = system.map(({ content }) => textOf(content)).join('\n\n');
  const images = system.flatMap(({ content }) => imagesOf(content));
  const user = others[at];
  const merged =
    user === undefined
      ? [opened({ role: 'user', content: '' }, text, images), ...others]
      : others.with(at, opened(user, text, images));
  return { request: { ...rest, messages: merged }, changed: ['system -> the first user message'] };
}

function opened(message: ChatMessage, text: string, images: readonly ContentPart[]): ChatMessage {
  const { content } = message;
  const rest = typeof content === 'string' ? textParts(content) : (content ?? []);
  const opening = rest.length === 0 ? text : `${text}\n\n`;
  if (typeof content === 'string' && images.length === 0) return { ...message, content: opening + content };
  return { ...message, content: [...textParts(opening), ...images, ...rest] };
}

function textParts(text: string): readonly ContentPart[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

function imagesOf(content: ChatMessage['content']): readonly ContentPart[] {
  return typeof content === 'string' ? [] : (content ?? []).filter(({ type }) => type !== 'text');
}

/** The texts of a message, in their order. */
function textOf(content: ChatMessage['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
}
