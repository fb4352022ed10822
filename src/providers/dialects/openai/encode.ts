// Neutral questions into OpenAI request bodies: chat, legacy completions, embeddings (WIRE.md 2.1, 3.4, 3.5).
// Pure. What a caller puts in `extra` is sent as it is, but may not be a member that is set here.

import { Fault } from '../../../core/fault.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ChatRequest, CompletionRequest, EmbedRequest } from '../../chat.ts';
import { messageBody, toolBody, toolChoiceBody } from './messages.ts';
import { isOpenAiHost, tokenCapName } from './params.ts';
import type { Body } from '../apply-lessons.ts';

const SAMPLING = ['model', 'stream', 'stream_options', 'n', 'temperature', 'top_p', 'stop', 'seed', 'max_tokens'];

/** Members of the request body the dialect sets itself, by operation: not to be given in `extra`. */
const RESERVED: Readonly<Record<'chat' | 'complete', ReadonlySet<string>>> = {
  chat: new Set([
    ...SAMPLING,
    'messages',
    'max_completion_tokens',
    'reasoning_effort',
    'response_format',
    'tools',
    'tool_choice',
    'parallel_tool_calls',
  ]),
  complete: new Set([...SAMPLING, 'prompt', 'suffix']),
};

export function chatBody(request: ChatRequest, stream: boolean, host: string): Body {
  const tools = request.tools ?? [];
  const hasTools = tools.length > 0;
  return {
    model: request.model,
    messages: request.messages.map((message) => messageBody(message, isOpenAiHost(host))),
    ...streaming(stream),
    [tokenCapName(host, request.model)]: request.maxTokens,
    ...sampling(request),
    reasoning_effort: request.reasoningEffort,
    response_format: request.responseFormat,
    // An empty list is refused by most, and a choice without tools by the rest.
    tools: hasTools ? tools.map(toolBody) : undefined,
    tool_choice: hasTools && request.toolChoice !== undefined ? toolChoiceBody(request.toolChoice) : undefined,
    parallel_tool_calls: hasTools ? request.parallelToolCalls : undefined,
    ...checkedExtra(request.extra, RESERVED.chat),
  };
}

export function completionBody(request: CompletionRequest, stream: boolean): Body {
  return {
    model: request.model,
    prompt: request.prompt,
    suffix: request.suffix,
    ...streaming(stream),
    max_tokens: request.maxTokens,
    ...sampling(request),
    ...checkedExtra(request.extra, RESERVED.complete),
  };
}

/** base64 is a quarter of the size, but only OpenAI itself is sure to know it; a list is every server's default. */
export function embeddingBody(request: EmbedRequest, host: string): Body {
  return {
    model: request.model,
    input: request.input,
    encoding_format: isOpenAiHost(host) ? 'base64' : undefined,
    dimensions: request.dimensions,
  };
}

function streaming(stream: boolean): Body {
  return stream ? { stream: true, stream_options: { include_usage: true } } : {};
}

function sampling(request: ChatRequest | CompletionRequest): Body {
  const stop = request.stop ?? [];
  return {
    temperature: request.temperature,
    top_p: request.topP,
    stop: stop.length > 0 ? stop : undefined,
    seed: request.seed,
  };
}

function checkedExtra(extra: JsonObject | undefined, reserved: ReadonlySet<string>): JsonObject | undefined {
  for (const name of Object.keys(extra ?? {})) {
    if (!reserved.has(name)) continue;
    throw new Fault('INVALID_INPUT', `"extra" may not contain "${name}".`, {
      data: { param: name, next: `Use the argument of that name, or leave it out: ${name} is set for you.` },
    });
  }
  return extra;
}
