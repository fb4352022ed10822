// `extra`: members of the upstream's request body that have no argument of their own, sent as they are. What the
// server sets itself may not be among them, or two places would say what is sent.

import type { JsonObject } from '../../core/json.ts';
import { member } from '../../core/schema.ts';
import type { ObjectSchema, Problem } from '../../core/schema.ts';

/** Members that no tool has an argument for under this name, and what to do instead. */
const OWN: Readonly<Record<string, string>> = {
  stream: 'answers are streamed wherever the model can',
  stream_options: 'answers are streamed wherever the model can',
  n: 'a call has one answer',
  max_completion_tokens: 'use the argument "max_tokens"',
};

/** Members that are arguments of one tool or another. */
const ARGUMENTS: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'prompt',
  'suffix',
  'temperature',
  'top_p',
  'max_tokens',
  'stop',
  'seed',
  'reasoning_effort',
  'response_format',
  'tools',
  'tool_choice',
]);

/** Adds a problem for each member that is not for the `extra` of a tool with this schema. */
export function checkExtra(extra: JsonObject, schema: ObjectSchema, problems: Problem[]): void {
  for (const name of Object.keys(extra)) {
    const instead = insteadOf(name, schema);
    if (instead !== undefined) problems.push({ path: member('extra', name), message: `is not for extra (${instead})` });
  }
}

function insteadOf(name: string, schema: ObjectSchema): string | undefined {
  if (Object.hasOwn(OWN, name)) return OWN[name];
  if (!ARGUMENTS.has(name)) return undefined;
  return Object.hasOwn(schema.properties, name)
    ? `use the argument "${name}"`
    : 'a tool that can set it has an argument for it';
}
