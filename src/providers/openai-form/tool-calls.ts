// The tool calls in a conversation: reading those of an assistant message, and the rule that every call is
// answered by a `tool` message before the conversation goes on, and every answer belongs to a call. Upstreams
// enforce it with errors that name neither the message nor the id.
// Follows the OpenAI chat request (WIRE sheet, 2.2).

import { isObject } from '../../core/json.ts';
import { show } from '../../core/schema.ts';
import type { Problem } from '../../core/schema.ts';
import type { ChatMessage, ToolCall } from '../chat.ts';
import { ENOUGH, nonEmptyString } from '../../core/problems.ts';

/** The calls of one assistant message; none when the member is absent or null. */
export function readToolCalls(value: unknown, path: string, problems: Problem[]): readonly ToolCall[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    problems.push({ path, message: `must be an array, not ${show(value)}` });
    return [];
  }
  const calls: ToolCall[] = [];
  for (const [i, item] of value.entries()) {
    if (problems.length >= ENOUGH) break;
    const call = readToolCall(item, `${path}[${i}]`, problems);
    if (call === undefined) continue;
    if (calls.some(({ id }) => id === call.id)) {
      problems.push({
        path: `${path}[${i}].id`,
        message: `must differ from the ids before it, not be ${show(call.id)} again`,
      });
    }
    calls.push(call);
  }
  return calls;
}

function readToolCall(item: unknown, path: string, problems: Problem[]): ToolCall | undefined {
  if (!isObject(item) || !isObject(item['function'])) {
    problems.push({ path, message: 'must be an object {id, type: "function", function: {name, arguments}}' });
    return undefined;
  }
  const { name, arguments: given } = item['function'];
  const id = nonEmptyString(item['id'], `${path}.id`, problems);
  const called = nonEmptyString(name, `${path}.function.name`, problems);
  const text = argumentsText(given);
  if (text === undefined) {
    problems.push({ path: `${path}.function.arguments`, message: `must be a string of JSON, not ${show(given)}` });
  }
  if (id === undefined || called === undefined || text === undefined) return undefined;
  return { id, name: called, arguments: text };
}

/** Some clients hand back the arguments they parsed; a call without any has none. */
function argumentsText(given: unknown): string | undefined {
  if (given === undefined || given === null || given === '') return '{}';
  if (typeof given === 'string') return given;
  return isObject(given) ? JSON.stringify(given) : undefined;
}

/** Holds calls and answers against each other. `messages` are those at `path`, all of them well-formed. */
export function checkPairs(messages: readonly ChatMessage[], path: string, problems: Problem[]): void {
  const waiting = new Map<string, string>();
  const report = (): void => {
    for (const [id, at] of waiting) {
      problems.push({ path: `${at}.id`, message: `${show(id)} has no "tool" message right after it that answers it` });
    }
    waiting.clear();
  };
  for (const [i, message] of messages.entries()) {
    if (problems.length >= ENOUGH) return;
    const at = `${path}[${i}]`;
    if (message.role === 'tool') {
      const id = message.toolCallId ?? '';
      if (!waiting.delete(id))
        problems.push({ path: `${at}.tool_call_id`, message: unknownCall(id, [...waiting.keys()]) });
      continue;
    }
    report();
    for (const [j, call] of (message.toolCalls ?? []).entries()) waiting.set(call.id, `${at}.tool_calls[${j}]`);
  }
  report();
}

function unknownCall(id: string, waiting: readonly string[]): string {
  const known =
    waiting.length === 0
      ? 'no call waits for an answer'
      : `waiting are ${waiting.slice(0, ENOUGH).map(show).join(', ')}`;
  return `${show(id)} is no tool call of the assistant message before it (${known})`;
}
