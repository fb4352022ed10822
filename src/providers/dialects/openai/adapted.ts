// What is changed about a question before it is written in either of OpenAI's forms: habits a target has taught us
// (dialect.ts) and what a kind of server is known not to take (profiles.ts), each replaced by what comes nearest.
// Every change is one line of the report. A question that needs none is handed back as it is.

import type { ChatMessage, ChatRequest, ContentPart, ToolCall } from '../../chat.ts';
import type { Habit } from '../../dialect.ts';
import { schemaInWords } from '../schema-words.ts';
import { sentToolNames } from '../tool-names.ts';
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
  const adaptations: Adaptation[] = asked.tools === undefined ? [] : [renamed];
  if (!profile.namedToolChoice && typeof asked.toolChoice === 'object') adaptations.push(onlyTool);
  if (habits.size > 0) for (const [habit, adaptation] of OF_HABITS) if (habits.has(habit)) adaptations.push(adaptation);
  if (!profile.jsonObject && asked.responseFormat !== undefined) adaptations.push(anyObject);
  if (adaptations.length === 0) return { request: asked, changed: NOTHING };
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
  const messages: ChatMessage[] = [{ role: 'system', content: words }, ...request.messages];
  const sent = as === 'words' ? { ...rest, messages } : { ...rest, messages, responseFormat: { type: as } };
  return { request: sent, changed: [`response_format -> ${as === 'words' ? 'words' : `${as} and words`}`] };
}

/** What the system says opens the first user message; without one it is a user message. */
function systemAsUser({ messages, ...rest }: ChatRequest): Adapted | undefined {
  const isSystem = ({ role }: ChatMessage): boolean => role === 'system' || role === 'developer';
  const said = messages.filter(isSystem).map(({ content }) => textOf(content));
  if (said.length === 0) return undefined;
  const others = messages.filter((message) => !isSystem(message));
  const at = others.findIndex(({ role }) => role === 'user');
  const opening = said.join('\n\n');
  const user = others[at];
  const merged: ChatMessage[] =
    user === undefined ? [{ role: 'user', content: opening }, ...others] : others.with(at, opened(user, opening));
  return { request: { ...rest, messages: merged }, changed: ['system -> the first user message'] };
}

function opened(message: ChatMessage, opening: string): ChatMessage {
  const { content } = message;
  if (typeof content === 'string') return { ...message, content: `${opening}\n\n${content}` };
  return { ...message, content: [{ type: 'text', text: `${opening}\n\n` }, ...(content ?? [])] };
}

/** The texts of a message, in their order. */
function textOf(content: string | readonly ContentPart[] | null): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
}
