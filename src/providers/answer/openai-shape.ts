// An answer in the shape of the OpenAI API, which is what programs that read our structured results know already.
// Follows the OpenAI chat completion object (WIRE sheet, 3.1 and 3.2).

import { present } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ToolCall, Usage } from '../chat.ts';
import type { Answer } from './collect.ts';
import type { AnswerImage, AnswerImages } from './images.ts';

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

/**
 * The assistant message, with images described and not in it: what models read as text has no place for their data. Only one
 * that calls tools and says nothing has null as its content.
 */
export function messageObject({ text, toolCalls, reasoningDetails, images }: Answer): JsonObject {
  const said = String(text);
  return present({
    role: 'assistant',
    content: said === '' && toolCalls.length > 0 ? null : said,
    tool_calls: toolCalls.length === 0 ? undefined : toolCallObjects(toolCalls),
    ...replayed({ reasoningDetails }),
    images: imagesDescribed(images),
  });
}

/** The same, with its images where OpenRouter puts them, as they came: for programs that speak the API. */
export function apiMessageObject(answer: Answer): JsonObject {
  const message = messageObject(answer);
  return answer.images === undefined ? message : { ...message, images: answer.images.given.map(imagePart) };
}

/** An image of an answer in the form that OpenRouter gave it; a question has it in the same. */
export function imagePart(url: string): JsonObject {
  return { type: 'image_url', image_url: { url } };
}

/** What there is to know of each image but the image itself; undefined where there is none. */
export function imagesDescribed(images: AnswerImages | undefined): JsonObject[] | undefined {
  return images === undefined || images.shown.length === 0 ? undefined : images.shown.map(describedImage);
}

function describedImage(image: AnswerImage): JsonObject {
  if ('url' in image) return { type: 'image', url: image.url };
  return { type: 'image', mime_type: image.mimeType, bytes: image.bytes };
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
