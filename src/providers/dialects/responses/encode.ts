// A neutral chat into a body of `/responses` (WIRE.md 3.5). Nothing is stored at the upstream: what has to be
// remembered comes back to it, encrypted. What this wire has no member for is left out and reported.

import { isObject } from '../../../core/json.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ChatRequest, ToolDefinition } from '../../chat.ts';
import type { Body } from '../sending/apply-lessons.ts';
import { RESERVED, withExtra } from '../openai/sent/encode.ts';
import { hasImage, inputOf } from './items.ts';
import { makesReasoningItems } from './models.ts';

/** Less is refused. */
const MIN_OUTPUT_TOKENS = 16;

const NO_PARAMETERS = { type: 'object', properties: {} };

export function responsesBody(
  request: ChatRequest,
  model: string,
  stream: boolean,
): { body: Body; changed: readonly string[] } {
  const { tools = [], maxTokens, reasoningEffort: effort, responseFormat } = request;
  const { instructions, items } = inputOf(request.messages, responseFormat?.['type'] === 'json_object');
  const hasTools = tools.length > 0;
  const body = {
    model,
    instructions,
    input: items,
    stream: stream ? true : undefined,
    store: false,
    max_output_tokens: maxTokens === undefined ? undefined : outputCap(maxTokens),
    temperature: request.temperature,
    top_p: request.topP,
    reasoning: effort === undefined ? undefined : { effort, summary: 'auto' },
    include: effort !== undefined || makesReasoningItems(model) ? ['reasoning.encrypted_content'] : undefined,
    text: responseFormat === undefined ? undefined : { format: formatOf(responseFormat) },
    tools: hasTools ? tools.map(toolBody) : undefined,
    tool_choice: hasTools ? choiceOf(request) : undefined,
    parallel_tool_calls: hasTools ? request.parallelToolCalls : undefined,
  };
  return { body: withExtra(body, request.extra, RESERVED.chat), changed: leftOut(request) };
}

/** What is sent for `max_tokens`. */
export function outputCap(maxTokens: number): number {
  return Math.max(MIN_OUTPUT_TOKENS, maxTokens);
}

function leftOut({ stop = [], seed, maxTokens = Infinity, messages }: ChatRequest): string[] {
  const changed: string[] = [];
  if (stop.length > 0) changed.push('stop removed');
  if (seed !== undefined) changed.push('seed removed');
  if (messages.some(({ name }) => name !== undefined)) changed.push('messages.name removed');
  if (messages.some(({ role, content }) => role === 'assistant' && hasImage(content)))
    changed.push('images of assistant messages removed');
  if (maxTokens < MIN_OUTPUT_TOKENS) changed.push(`max_tokens ${maxTokens} -> ${MIN_OUTPUT_TOKENS}`);
  return changed;
}

/** Without `strict` this wire takes a tool for a strict one, which chat does not. */
function toolBody({ name, description, parameters = NO_PARAMETERS, strict = false }: ToolDefinition): Body {
  return { type: 'function', name, description, parameters, strict };
}

function choiceOf({ toolChoice }: ChatRequest): unknown {
  return typeof toolChoice === 'object' ? { type: 'function', name: toolChoice.name } : toolChoice;
}

/** The members of `json_schema` stand beside the type here. */
function formatOf(format: JsonObject): Body {
  const { json_schema: schema, ...rest } = format;
  return isObject(schema) ? { ...rest, name: 'answer', ...schema } : rest;
}
