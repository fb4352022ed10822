// A body of POST /v1/chat/completions as the neutral request. Everything the official SDKs can send is served, goes
// upstream as it is, or is refused by name: an answer never silently lacks what was asked for.
// Follows the OpenAI chat request (WIRE sheet, 2.1 and 2.2).

import type { JsonObject } from '../../core/json.ts';
import { present } from '../../core/json.ts';
import { show } from '../../core/schema.ts';
import type { Problem } from '../../core/schema.ts';
import type { ChatRequest } from '../../providers/chat.ts';
import { readMessages } from '../../providers/openai-form/messages.ts';
import { listOf, numberOf, objectOf, stringOf, stringsOf } from '../../providers/openai-form/read.ts';
import { readResponseFormat } from '../../providers/openai-form/response-format.ts';
import { readToolChoice, readTools } from '../../providers/openai-form/tools.ts';
import { oneOrMore, only, readMembers, refuseRequest } from './members.ts';
import type { Terms } from './members.ts';

/** How an answer is to be given. */
export interface Manner {
  readonly stream: boolean;
  /** Of a stream: token counts as its last chunk. */
  readonly includeUsage: boolean;
}

export const MANNER = {
  stream: { type: 'boolean' },
  stream_options: { type: 'object', properties: { include_usage: { type: 'boolean' } } },
} as const;

export const SAMPLING = {
  model: { type: 'string' },
  temperature: { type: 'number' },
  top_p: { type: 'number' },
  max_tokens: { type: 'integer' },
  seed: { type: 'integer' },
  stop: {},
} as const;

const TERMS: Terms = {
  schema: {
    type: 'object',
    properties: {
      ...SAMPLING,
      ...MANNER,
      messages: { type: 'array' },
      max_completion_tokens: { type: 'integer' },
      reasoning_effort: { type: 'string' },
      response_format: { type: 'object' },
      tools: { type: 'array' },
      tool_choice: {},
      parallel_tool_calls: { type: 'boolean' },
      cache: {},
    },
    required: ['messages'],
  },
  unserved: {
    n: only(1, 'a call has one answer'),
    logprobs: only(false, 'probabilities are not passed on'),
    top_logprobs: only(0, 'probabilities are not passed on'),
    modalities: only(['text'], 'answers are text'),
    audio: () => 'is not served: answers are text',
    functions: () => 'is not served: use tools',
    function_call: () => 'is not served: use tool_choice',
  },
};

/** Throws `INVALID_INPUT` that names the members. */
export function readChatRequest(body: JsonObject): Manner & { readonly request: ChatRequest } {
  const problems: Problem[] = [];
  const { known, extra } = readMembers(body, TERMS, problems);
  const messages = known['messages'];
  const tools = readTools(listOf(known['tools']) ?? [], 'tools', problems);
  const request: ChatRequest = {
    model: stringOf(known['model']) ?? '',
    messages: Array.isArray(messages) ? readMessages(messages, 'messages', problems) : [],
    ...present({
      ...readSampling(known, problems),
      maxTokens: numberOf(known['max_completion_tokens']) ?? numberOf(known['max_tokens']),
      reasoningEffort: stringOf(known['reasoning_effort']) || undefined,
      responseFormat: readResponseFormat(known['response_format'], problems),
      tools: tools.length === 0 ? undefined : tools,
      toolChoice: readToolChoice(known['tool_choice'], tools, problems),
      parallelToolCalls: known['parallel_tool_calls'] === undefined ? undefined : known['parallel_tool_calls'] === true,
      cache: readCache(known, problems),
      extra,
    }),
  };
  refuseRequest(problems);
  return { request, ...mannerOf(known) };
}

type Sampling = Pick<ChatRequest, 'temperature' | 'topP' | 'seed' | 'stop'>;

export function readSampling(known: JsonObject, problems: Problem[]): Sampling {
  const stop = oneOrMore(known['stop']);
  if (stop?.some((one) => typeof one !== 'string') === true)
    problems.push({ path: 'stop', message: `must be a string or an array of strings, not ${show(known['stop'])}` });
  return present({
    temperature: numberOf(known['temperature']),
    topP: numberOf(known['top_p']),
    seed: numberOf(known['seed']),
    stop: stop === undefined || stop.length === 0 ? undefined : stringsOf([...stop]),
  });
}

export function mannerOf(known: JsonObject): Manner {
  const options = objectOf(known['stream_options']);
  return { stream: known['stream'] === true, includeUsage: options?.['include_usage'] === true };
}

/** Ours: whether an equal answer may be given again. */
function readCache({ cache }: JsonObject, problems: Problem[]): ChatRequest['cache'] {
  if (cache === undefined || typeof cache === 'boolean' || cache === 'refresh') return cache;
  problems.push({ path: 'cache', message: `must be true, false or "refresh", not ${show(cache)}` });
  return undefined;
}
