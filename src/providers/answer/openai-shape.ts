// An answer in the shape of the OpenAI API, which is what programs that read our structured results know already.
// Follows the OpenAI chat completion object (WIRE sheet, 3.1 and 3.2).

import { present } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ToolCall, Usage } from '../chat.ts';
import type { Answer } from './collect.ts';

/** Token counts as `usage`; a count the upstream did not give is absent, never 0. */
export function usageObject(usage: Usage): JsonObject {
  const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens } = usage;
  const hasInputDetails = cachedTokens !== undefined || cacheWriteTokens !== undefined;
  return present({
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens === undefined || outputTokens === undefined ? undefined : inputTokens + outputTokens,
    prompt_tokens_details: hasInputDetails
      ? present({ cached_tokens: cachedTokens, cache_write_tokens: cacheWriteTokens })
      : undefined,
    completion_tokens_details: reasoningTokens === undefined ? undefined : { reasoning_tokens: reasoningTokens },
    cost: usage.costUsd,
  });
}

export function toolCallObjects(calls: readonly ToolCall[]): JsonObject[] {
  return calls.map(({ id, name, arguments: text }) => ({ id, type: 'function', function: { name, arguments: text } }));
}

/** The assistant message. Only one that calls tools and says nothing has null as its content. */
export function messageObject({ text, toolCalls, reasoningDetails }: Answer): JsonObject {
  const said = String(text);
  return present({
    role: 'assistant',
    content: said === '' && toolCalls.length > 0 ? null : said,
    tool_calls: toolCalls.length === 0 ? undefined : toolCallObjects(toolCalls),
    ...replayed({ reasoningDetails }),
  });
}

/** What a model that thinks between its tool calls wants back with their results; without it the next turn is refused. */
export function replayed({ reasoningDetails }: Pick<Answer, 'reasoningDetails'>): JsonObject {
  return reasoningDetails.length === 0 ? {} : { reasoning_details: [...reasoningDetails] };
}

/** What every structured form of an answer ends with. */
export function ending({ finishReason, usage, omitted }: Answer): JsonObject {
  return present({
    finish_reason: finishReason,
    usage: usage === undefined ? undefined : usageObject(usage),
    omitted_chars: omitted === 0 ? undefined : omitted,
  });
}
