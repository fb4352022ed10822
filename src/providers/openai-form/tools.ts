// The tools a model may call and which of them it must: from the OpenAI form, or the function alone, to the
// neutral form. `tool_choice` is listed without a type, since it is a word or an object.
// Follows the OpenAI chat request (WIRE sheet, 2.1).

import { isObject, present } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { notOneOf, show } from '../../core/schema.ts';
import type { Problem } from '../../core/schema.ts';
import type { ToolChoice, ToolDefinition } from '../chat.ts';
import { nonEmptyString } from '../../core/problems.ts';
import { objectOf, stringOf } from './read.ts';

const WORDS = ['auto', 'none', 'required'] as const;

export function readTools(items: readonly JsonValue[], path: string, problems: Problem[]): ToolDefinition[] {
  return items.flatMap((item, i) => readTool(item, `${path}[${i}]`, problems) ?? []);
}

/** `{type: "function", function: {name, …}}`, or only what is inside `function`. */
function readTool(item: JsonValue, path: string, problems: Problem[]): ToolDefinition | undefined {
  const outer = objectOf(item);
  const type = outer?.['type'];
  if (outer === undefined || (type !== undefined && type !== 'function')) {
    problems.push({ path, message: 'must be an object {type: "function", function: {name, description, parameters}}' });
    return undefined;
  }
  const inner = objectOf(outer['function']);
  const at = inner === undefined ? path : `${path}.function`;
  const { name, description, parameters, strict } = inner ?? outer;
  const known = nonEmptyString(name, `${at}.name`, problems);
  const described = optional(description, 'string', `${at}.description`, problems);
  const schema = optional(parameters, 'object', `${at}.parameters`, problems);
  const exact = optional(strict, 'boolean', `${at}.strict`, problems);
  if (known === undefined) return undefined;
  return { name: known, ...present({ description: described, parameters: schema, strict: exact }) };
}

interface Kinds {
  string: string;
  boolean: boolean;
  object: JsonObject;
}

/** A member that may be absent or null; otherwise of the type, or one more problem. */
function optional<Kind extends keyof Kinds>(
  value: JsonValue | undefined,
  kind: Kind,
  path: string,
  problems: Problem[],
): Kinds[Kind] | undefined {
  if (value === undefined || value === null) return undefined;
  if (isKind(value, kind)) return value;
  problems.push({ path, message: `must be ${kind === 'object' ? 'an' : 'a'} ${kind}, not ${show(value)}` });
  return undefined;
}

function isKind<Kind extends keyof Kinds>(value: JsonValue, kind: Kind): value is Kinds[Kind] & JsonValue {
  return kind === 'object' ? isObject(value) : typeof value === kind;
}

/** The choice, where it says anything: without tools there is nothing to choose. */
export function readToolChoice(
  value: JsonValue | undefined,
  tools: readonly ToolDefinition[],
  problems: Problem[],
): ToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  const say = (message: string): void => void problems.push({ path: 'tool_choice', message });
  const choice = WORDS.find((one) => one === value) ?? namedTool(value);
  if (choice === undefined) {
    say(`must be "auto", "none", "required" or {type: "function", function: {name}}, not ${show(value)}`);
  } else if (tools.length === 0) {
    if (choice === 'auto' || choice === 'none') return undefined;
    say('needs tools to choose from');
  } else if (typeof choice === 'object' && !tools.some((tool) => tool.name === choice.name)) {
    say(
      `names a tool that is not among tools: it ${notOneOf(
        choice.name,
        tools.map((tool) => tool.name),
      )}`,
    );
  }
  return choice;
}

/** `{type: "function", function: {name}}` or `{name}`. */
function namedTool(value: JsonValue): { readonly name: string } | undefined {
  const outer = objectOf(value);
  const name = stringOf((objectOf(outer?.['function']) ?? outer)?.['name']);
  return name === undefined ? undefined : { name };
}
