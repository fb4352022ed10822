// The checker of `messages`: from what a caller sent to the neutral messages of a ChatRequest. JSON Schema in the
// plain subset that clients accept cannot say what a message is, so its `content` is listed in words.
// Follows the OpenAI chat request (WIRE sheet, 2.2).

import { isObject, present } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { member, notOneOf, show, unknownName } from '../../core/schema.ts';
import type { Problem } from '../../core/schema.ts';
import type { ChatMessage, ReasoningDetail, Role, ToolCall } from '../chat.ts';
import { readContent } from './content.ts';
import { ENOUGH, nonEmptyString } from '../../core/problems.ts';
import { checkPairs, readToolCalls } from './tool-calls.ts';

export const ROLES: readonly Role[] = ['system', 'developer', 'user', 'assistant', 'tool'];

const MEMBERS: readonly string[] = ['role', 'content', 'name', 'tool_calls', 'tool_call_id', 'reasoning_details'];

/** More blocks of reasoning than any answer has. */
const MAX_DETAILS = 1000;

/** What upstreams put into their answers and no upstream wants back: dropped from a message that is handed back. */
const ECHOES: ReadonlySet<string> = new Set([
  'refusal',
  'annotations',
  'audio',
  'function_call',
  'reasoning',
  'reasoning_content',
  'images',
]);

/** The messages at `path`. Where it adds to `problems`, what it returns is incomplete. */
export function readMessages(value: unknown, path: string, problems: Problem[]): ChatMessage[] {
  if (!Array.isArray(value)) {
    problems.push({ path, message: `must be an array of messages, not ${show(value)}` });
    return [];
  }
  if (value.length === 0) problems.push({ path, message: 'must have at least one message' });
  const messages: ChatMessage[] = [];
  for (const [i, item] of value.entries()) {
    if (problems.length >= ENOUGH) break;
    const message = readMessage(item, `${path}[${i}]`, problems);
    if (message !== undefined) messages.push(message);
  }
  if (problems.length === 0) checkPairs(messages, path, problems);
  return messages;
}

function readMessage(item: unknown, path: string, problems: Problem[]): ChatMessage | undefined {
  if (!isObject(item)) {
    problems.push({ path, message: `must be an object with role and content, not ${show(item)}` });
    return undefined;
  }
  for (const name of Object.keys(item)) {
    if (MEMBERS.includes(name) || ECHOES.has(name)) continue;
    problems.push({ path: member(path, name), message: unknownName(name, MEMBERS) });
    if (problems.length >= ENOUGH) return undefined;
  }
  const { role } = item;
  if (!isRole(role)) {
    problems.push({ path: `${path}.role`, message: notOneOf(role, ROLES) });
    return undefined;
  }
  const isAnswer = role === 'assistant';
  const toolCalls = isAnswer ? readToolCalls(item['tool_calls'], `${path}.tool_calls`, problems) : [];
  const reasoningDetails = isAnswer ? readDetails(item, toolCalls, `${path}.reasoning_details`, problems) : [];
  const spoken = (isAnswer ? refusalOf(item) : undefined) ?? item['content'];
  const content = isSilent(spoken, toolCalls) ? null : readContent(spoken, role, `${path}.content`, problems);
  if (content === undefined) return undefined;
  return {
    role,
    content,
    ...present(linksOf(item, role, path, problems)),
    ...(toolCalls.length > 0 ? { toolCalls } : {}),
    ...(reasoningDetails.length > 0 ? { reasoningDetails } : {}),
  };
}

/** What the model said in place of an answer stands beside an empty content. */
function refusalOf({ content, refusal }: Readonly<Record<string, unknown>>): string | undefined {
  const isEmpty = content === undefined || content === null || content === '';
  return isEmpty && typeof refusal === 'string' && refusal !== '' ? refusal : undefined;
}

/**
 * The reasoning that led to an answer, handed back as it was given: what is in a block is its dialect's business. Of
 * clients that only know its text, that is taken where tools were called: models that think between calls miss it.
 */
function readDetails(
  { reasoning_details: value, reasoning_content: text }: Readonly<Record<string, unknown>>,
  calls: readonly ToolCall[],
  path: string,
  problems: Problem[],
): readonly ReasoningDetail[] {
  if (value === undefined || value === null) {
    const isMissed = calls.length > 0 && typeof text === 'string' && text !== '';
    return isMissed ? [{ type: 'reasoning.text', text, format: 'unknown' }] : [];
  }
  if (Array.isArray(value) && value.length <= MAX_DETAILS && value.every(isDetail)) return value;
  problems.push({ path, message: `must be an array of at most ${MAX_DETAILS} objects, as they were answered` });
  return [];
}

function isDetail(value: unknown): value is JsonObject {
  return isObject(value);
}

/** Only a message that calls tools may have nothing to say. */
function isSilent(content: unknown, toolCalls: readonly ToolCall[]): boolean {
  return toolCalls.length > 0 && (content === undefined || content === null);
}

/** Who speaks and which call is answered. */
function linksOf(
  item: Record<string, unknown>,
  role: Role,
  path: string,
  problems: Problem[],
): { name: string | undefined; toolCallId: string | undefined } {
  const { name, tool_call_id: id } = item;
  if (role !== 'tool' && id !== undefined && id !== null) {
    problems.push({ path: `${path}.tool_call_id`, message: `belongs to messages with role "tool", not "${role}"` });
  }
  for (const answered of role === 'assistant' ? [] : ['tool_calls', 'reasoning_details']) {
    if (!listsAny(item[answered])) continue;
    problems.push({ path: `${path}.${answered}`, message: `belongs to messages with role "assistant", not "${role}"` });
  }
  return {
    name: name === undefined || name === null ? undefined : nonEmptyString(name, `${path}.name`, problems),
    toolCallId: role === 'tool' ? nonEmptyString(id, `${path}.tool_call_id`, problems) : undefined,
  };
}

/** Null and the empty list are what some clients send on every message. */
function listsAny(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}
