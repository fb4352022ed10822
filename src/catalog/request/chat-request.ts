// From accepted arguments to the neutral ChatRequest: one place for every tool and method that chats. What the
// schema could not say is checked here, and every problem is named before anything is sent.

import { present } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { show } from '../../core/schema.ts';
import type { ObjectSchema, Problem } from '../../core/schema.ts';
import type { ChatMessage, ChatRequest, ContentPart } from '../../providers/chat.ts';
import { readImage } from '../../providers/openai-form/content.ts';
import { checkExtra } from './extra.ts';
import { readMessages } from '../../providers/openai-form/messages.ts';
import { refuse } from '../../core/problems.ts';
import { addressed, checkProvider } from './provider.ts';
import { listOf, numberOf, objectOf, stringOf, stringsOf } from '../../providers/openai-form/read.ts';
import { readResponseFormat } from '../../providers/openai-form/response-format.ts';
import { readToolChoice, readTools } from '../../providers/openai-form/tools.ts';

export interface ChatTerms {
  /** What the arguments were accepted by. */
  readonly schema: ObjectSchema;
  /** The names the argument `provider` may have. */
  readonly providers: readonly string[];
}

/** The request that accepted arguments ask for. Throws `INVALID_INPUT`. */
export function toChatRequest(args: JsonObject, { schema, providers }: ChatTerms): ChatRequest {
  const problems: Problem[] = [];
  checkProvider(args['provider'], providers, problems);
  checkExtra(objectOf(args['extra']) ?? {}, schema, problems);
  const tools = readTools(listOf(args['tools']) ?? [], 'tools', problems);
  const toolChoice = readToolChoice(args['tool_choice'], tools, problems);
  const request: ChatRequest = {
    model: addressed(stringOf(args['model']) ?? '', stringOf(args['provider']) ?? ''),
    messages: conversation(args, problems),
    ...present({
      temperature: numberOf(args['temperature']),
      topP: numberOf(args['top_p']),
      maxTokens: numberOf(args['max_tokens']),
      stop: ifAny(stringsOf(args['stop'])),
      seed: numberOf(args['seed']),
      reasoningEffort: ifAny(stringOf(args['reasoning_effort'])),
      responseFormat: readResponseFormat(args['response_format'], problems),
      tools: tools.length === 0 ? undefined : tools,
      toolChoice,
      cache: caching(args['cache'], problems),
      ...extraMembers(objectOf(args['extra']) ?? {}, problems),
    }),
  };
  refuse(problems);
  return request;
}

/** Callers that fill in every argument send the one they do not mean empty; an upstream would refuse it. */
function ifAny<Value extends string | readonly string[]>(value: Value | undefined): Value | undefined {
  return value === undefined || value.length === 0 ? undefined : value;
}

/** `extra` without what the neutral request has a name for although no tool lists it. */
function extraMembers(
  extra: JsonObject,
  problems: Problem[],
): { parallelToolCalls: boolean | undefined; extra: JsonObject | undefined } {
  const { parallel_tool_calls: parallel, ...rest } = extra;
  if (parallel !== undefined && typeof parallel !== 'boolean') {
    problems.push({ path: 'extra.parallel_tool_calls', message: `must be a boolean, not ${show(parallel)}` });
  }
  return {
    parallelToolCalls: typeof parallel === 'boolean' ? parallel : undefined,
    extra: Object.keys(rest).length === 0 ? undefined : rest,
  };
}

function caching(value: JsonValue | undefined, problems: Problem[]): ChatRequest['cache'] {
  if (value === undefined || typeof value === 'boolean' || value === 'refresh') return value;
  problems.push({ path: 'cache', message: `must be true, false or "refresh", not ${show(value)}` });
  return undefined;
}

/** `messages` or `prompt`, after `system` and with `images` on the last message of the user. */
function conversation(args: JsonObject, problems: Problem[]): ChatMessage[] {
  const messages = spoken(args, problems);
  const system = stringOf(args['system']) ?? '';
  const images = (listOf(args['images']) ?? []).flatMap((url, i) => readImage(url, `images[${i}]`, problems) ?? []);
  const shown = images.length === 0 ? messages : withImages(messages, images, problems);
  return system === '' ? shown : [{ role: 'system', content: system }, ...shown];
}

/** One of the two; the other may be there and empty. */
function spoken(args: JsonObject, problems: Problem[]): ChatMessage[] {
  const prompt = stringOf(args['prompt']) ?? '';
  const { messages } = args;
  const given = listOf(messages);
  const isSpoken = given !== undefined && given.length > 0;
  if (prompt !== '' && isSpoken) problems.push({ path: 'prompt', message: 'cannot be given together with messages' });
  if (prompt !== '') return [{ role: 'user', content: prompt }];
  if (isSpoken) return readMessages(given, 'messages', problems);
  problems.push({ path: 'messages', message: 'or prompt is required, and not empty' });
  return [];
}

function withImages(messages: ChatMessage[], images: readonly ContentPart[], problems: Problem[]): ChatMessage[] {
  const at = messages.findLastIndex(({ role }) => role === 'user');
  const last = messages[at];
  if (last === undefined) {
    if (problems.length === 0) problems.push({ path: 'images', message: 'need a user message to go with' });
    return messages;
  }
  const text: readonly ContentPart[] =
    typeof last.content === 'string' ? textParts(last.content) : (last.content ?? []);
  return messages.with(at, { ...last, content: [...text, ...images] });
}

/** Several upstreams refuse an empty text part. */
function textParts(text: string): ContentPart[] {
  return text === '' ? [] : [{ type: 'text', text }];
}
