// A neutral chat into the body of `/v1/messages` (WIRE.md 2.1 to 2.3). Pure. What the model is known not to take is
// left out or bent here and reported, in the order of the rules below; what nobody knew is mended by mend.ts.

import { isObject, present } from '../../../core/json.ts';
import type { ChatRequest, ToolChoice, ToolDefinition } from '../../chat.ts';
import type { Lessons } from '../../dialect.ts';
import { applyLessons } from '../sending/apply-lessons.ts';
import type { Body } from '../sending/apply-lessons.ts';
import { checkedExtra } from '../sending/extra.ts';
import { objectAt } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { RESERVED } from '../openai/sent/encode.ts';
import { schemaInWords } from '../sending/schema-words.ts';
import { sentToolNames } from '../sending/tool-names.ts';
import type { ToolNames } from '../sending/tool-names.ts';
import { takesForcedTools, traitsOf } from './models.ts';
import type { Traits } from './models.ts';
import { isForced, thinkingOf } from './thinking.ts';
import { conversationOf } from './turns.ts';

export const LONGEST_TOOL_NAME = 128;

/** Not to be given in `extra`: what is set here, and what arguments become on other wires. */
const OWN = new Set([...RESERVED.chat, 'system', 'stop_sequences', 'thinking', 'output_config']);

export interface EncodedChat {
  readonly body: Body;
  readonly changed: readonly string[];
}

export function encodeChat(request: ChatRequest, stream: boolean, lessons: Lessons): EncodedChat {
  const traits = traitsOf(request.model);
  const changed: string[] = [];
  const names = sentToolNames(request, LONGEST_TOOL_NAME);
  const conversation = conversationOf(request.messages, names, changed);
  const format = formatOf(request, traits, lessons, changed);
  const { thinking, effort, maxTokens } = thinkingOf({ request, traits, conversation, cap: capOf(lessons) }, changed);
  const config = { effort, format: format.parameter };
  const body: Body = {
    model: request.model,
    max_tokens: maxTokens,
    system: [conversation.system, format.words].filter((part) => part !== '').join('\n\n') || undefined,
    messages: conversation.messages,
    stream: stream || undefined,
    ...samplingOf(request, changed),
    ...toolsOf(request, { traits, names }, changed),
    thinking,
    output_config: effort === undefined && format.parameter === undefined ? undefined : present(config),
    ...checkedExtra(request.extra, OWN),
  };
  dropSampling(body, traits, changed);
  return { body, changed: [...changed, ...applyLessons(body, withoutCap(lessons))] };
}

/** A refused `max_tokens` is an upper bound and no value of its own: a caller who asks for less gets less. */
function capOf({ values }: Lessons): number | undefined {
  const cap = values.get('max_tokens');
  return typeof cap === 'number' ? cap : undefined;
}

function withoutCap(lessons: Lessons): Lessons {
  if (!lessons.values.has('max_tokens')) return lessons;
  return { ...lessons, values: new Map([...lessons.values].filter(([param]) => param !== 'max_tokens')) };
}

function samplingOf(request: ChatRequest, changed: string[]): Body {
  const stop = (request.stop ?? []).filter((sequence) => sequence.trim() !== '');
  if (stop.length < (request.stop ?? []).length) changed.push('stop sequences of white space removed');
  if (request.seed !== undefined) changed.push('seed removed');
  const { temperature } = request;
  const clamped = temperature === undefined ? undefined : Math.min(1, Math.max(0, temperature));
  if (clamped !== temperature) changed.push(`temperature ${temperature} -> ${clamped}`);
  return { temperature: clamped, top_p: request.topP, stop_sequences: stop.length > 0 ? stop : undefined };
}

/** What a target is known to refuse: the member is left out where `refused` says so of its value. */
function dropSampling(body: Body, { sampling }: Traits, changed: string[]): void {
  const isThinking =
    objectAt(body, 'thinking')?.['type'] === 'enabled' || objectAt(body, 'thinking')?.['type'] === 'adaptive';
  const drop = (param: string, isRefused: (value: number) => boolean): void => {
    const value = body[param];
    if (typeof value !== 'number' || !isRefused(value)) return;
    body[param] = undefined;
    changed.push(`${param} removed`);
  };
  if (sampling === 'default' || isThinking) {
    drop('temperature', (value) => value !== 1);
    drop('top_p', (value) => value < (sampling === 'default' ? 0.99 : 0.95));
    drop('top_k', () => true);
  }
  if (sampling !== 'both' && body['temperature'] !== undefined) drop('top_p', () => true);
}

function toolsOf(
  request: ChatRequest,
  { traits, names }: { readonly traits: Traits; readonly names: ToolNames },
  changed: string[],
): Body {
  const tools = request.tools ?? [];
  if (tools.length === 0) return {};
  const isStrict = traits.schema === 'parameter';
  if (!isStrict && tools.some((tool) => tool.strict === true)) changed.push('strict of tools removed');
  let choice = request.toolChoice;
  if (isForced(request) && !takesForcedTools(traits)) {
    changed.push('tool_choice -> auto');
    choice = 'auto';
  }
  return {
    tools: tools.map((tool) => toolBody(tool, names, isStrict)),
    tool_choice: toolChoiceBody(choice, names, request.parallelToolCalls === false),
  };
}

function toolBody(
  { name, description, parameters, strict }: ToolDefinition,
  names: ToolNames,
  isStrict: boolean,
): Body {
  return {
    name: names.get(name) ?? name,
    description,
    input_schema: parameters === undefined ? { type: 'object', properties: {} } : { ...parameters, type: 'object' },
    strict: isStrict && strict === true ? true : undefined,
  };
}

const CHOICES = { auto: 'auto', none: 'none', required: 'any' };

function toolChoiceBody(choice: ToolChoice | undefined, names: ToolNames, oneByOne: boolean): Body | undefined {
  if (choice === undefined && !oneByOne) return undefined;
  const alone = oneByOne && choice !== 'none' ? { disable_parallel_tool_use: true } : {};
  if (typeof choice === 'object') return { type: 'tool', name: names.get(choice.name) ?? choice.name, ...alone };
  return { type: CHOICES[choice ?? 'auto'], ...alone };
}

interface Format {
  readonly parameter?: Fields;
  /** To be said in the system prompt; often empty. */
  readonly words: string;
}

/** There is no parameter for JSON without a schema. Servers that are not Claude's may ignore the one for a schema. */
function formatOf(
  { responseFormat }: ChatRequest,
  { schema: place }: Traits,
  { habits }: Lessons,
  changed: string[],
): Format {
  if (responseFormat === undefined) return { words: '' };
  const { schema, description } = objectAt(responseFormat, 'json_schema') ?? {};
  const words = schemaInWords(responseFormat);
  const onlyWords = place === 'words' || habits.has('schema-in-words') || habits.has('schema-as-object');
  if (!isObject(schema) || onlyWords) {
    if (responseFormat['type'] !== 'text') changed.push(`response_format ${words === '' ? 'removed' : '-> words'}`);
    return { words };
  }
  const parameter = { type: 'json_schema', schema: { ...present({ description }), ...schema } };
  return { parameter, words: place === 'both' ? words : '' };
}
