// How to mend a request that an OpenAI-like server refused, read off the refusal: a way of asking that the target
// needs (a habit), or else the parameters it names. Only how an answer is made is ever changed; what the caller asked
// for (messages, model, tools, the shape of the answer) is not. WIRE.md 2.3, cases 82 and 83.

import type { Fault } from '../../../core/fault.ts';
import { isObject, parseJson } from '../../../core/json.ts';
import type { Habit, Mend, Sent } from '../../dialect.ts';
import { parameterMends } from '../../faults/parameter-mends.ts';
import { objectAt, objectsAt } from '../fields.ts';
import type { Fields } from '../fields.ts';

const WHAT_IS_ASKED = ['model', 'messages', 'input', 'instructions', 'prompt', 'suffix', 'dimensions'];
const ITS_SHAPE = ['tools', 'tool_choice', 'response_format', 'text', 'stream'];

const RULES = {
  keeps: new Set([...WHAT_IS_ASKED, ...ITS_SHAPE]),
  renames: new Map([
    ['max_tokens', 'max_completion_tokens'],
    ['max_completion_tokens', 'max_tokens'],
  ]),
};

export function mendOpenAi(fault: Fault, { ask, sending }: Sent): readonly Mend[] {
  const body = parseJson(sending.body ?? '');
  if (!isObject(body)) return [];
  const habit = ask.op === 'chat' ? neededHabit(fault, body) : undefined;
  if (habit === undefined) return parameterMends(fault, body, RULES);
  // A schema that cannot be taken is its caller's, and says nothing about the next one.
  return [{ action: 'adopt', habit, ...(WRONG_SCHEMA.test(fault.message) ? { once: true } : {}) }];
}

const WRONG_SCHEMA = /invalid schema for|in context=\(/i;

/** The first way of asking that the refusal is about, and that was not followed when this was sent. */
function neededHabit({ kind, message, data }: Fault, body: Fields): Habit | undefined {
  const { status = 0, param = '' } = data;
  if (status < 400) return undefined;
  // A server without the newer endpoint says so like any other that is asked for a path it does not know.
  if (isOfResponses(body) && kind === 'UPSTREAM' && NO_ENDPOINT.has(status)) return 'chat';
  const text = `${message} ${param}`;
  return HABITS.find(({ said, isLacking }) => said.test(text) && isLacking(body, text))?.habit;
}

const NO_ENDPOINT: ReadonlySet<number> = new Set([404, 405, 501]);

function isOfResponses(body: Fields): boolean {
  return body['input'] !== undefined;
}

interface HabitRow {
  readonly habit: Habit;
  readonly said: RegExp;
  readonly isLacking: (body: Fields, text: string) => boolean;
}

const FORMAT = /response_format|text\.format|json_schema|json_object|structured output/i;

/** That it is not taken at all, and not that something in it is wrong. */
const NOT_TAKEN =
  /not support|unsupported|unrecogni[sz]ed|unknown|unavailable|not available|not permitted|invalid value|must be|should be/i;

/** Read from the top. Templates of local servers refuse a role with any status, so the texts alone decide. */
const HABITS: readonly HabitRow[] = [
  {
    habit: 'responses',
    said: /only supported in v1\/responses|use (?:the )?(?:\/?v1\/responses|responses api)/i,
    isLacking: (body) => Array.isArray(body['messages']),
  },
  {
    habit: 'chat',
    said: /use (?:the )?(?:\/?v1\/chat\/completions|chat completions)|not (?:supported )?(?:in|with|by) (?:the )?(?:\/?v1\/responses|responses api)/i,
    isLacking: isOfResponses,
  },
  {
    habit: 'system-as-user',
    said: /(?:system|developer)['"`]? (?:role|message|prompt|instruction)s? (?:is |are )?(?:not|un)|does not support ['"`]?(?:system|developer)|roles must alternate|only user and assistant roles/i,
    isLacking: (body) => objectsAt(body, 'messages').some(({ role }) => role === 'system' || role === 'developer'),
  },
  {
    habit: 'not-streamed',
    said: /not support(?: for)? stream|stream(?:ing|ed)?\b.{0,20}not (?:supported|available|allowed|enabled)|['"`]?stream['"`]? (?:must be (?:set to )?false|does not support)|verified to stream/i,
    isLacking: (body) => body['stream'] === true,
  },
  {
    habit: 'schema-not-strict',
    said: /invalid schema for (?:response_format|text\.format)|strict.{0,40}not (?:supported|allowed)|additionalproperties['"`]? is required/i,
    isLacking: (body) => schemaOf(body)?.['strict'] === true,
  },
  {
    habit: 'schema-as-object',
    said: /json_object/i,
    isLacking: (body, text) => formatOf(body)?.['type'] === 'json_schema' && FORMAT.test(text) && NOT_TAKEN.test(text),
  },
  {
    habit: 'schema-in-words',
    said: FORMAT,
    isLacking: (body, text) => formatOf(body)?.['type'] !== undefined && NOT_TAKEN.test(text),
  },
];

/** `response_format` of chat, `text.format` of responses. */
function formatOf(body: Fields): Fields | undefined {
  return objectAt(body, 'response_format') ?? objectAt(objectAt(body, 'text') ?? {}, 'format');
}

/** Where `strict` stands: beside the schema, or in the format itself. */
function schemaOf(body: Fields): Fields | undefined {
  const format = formatOf(body) ?? {};
  return objectAt(format, 'json_schema') ?? format;
}
