// Neutral questions into OpenAI request bodies: chat, legacy completions, embeddings (WIRE.md 2.1, 3.4, 3.5).
// Pure. What a caller puts in `extra` is sent as it is, but may not be a member that is set here.

import type { JsonObject } from '../../../../core/json.ts';
import type { ChatRequest, CompletionRequest, EmbedRequest } from '../../../chat.ts';
import { checkedExtra } from '../../sending/extra.ts';
import { messageBody, toolBody, toolChoiceBody } from './messages.ts';
import { tokenCapName } from './params.ts';
import type { Profile, Replay } from '../profiles.ts';
import type { Body } from '../../sending/apply-lessons.ts';

const SAMPLING = ['model', 'stream', 'stream_options', 'n', 'temperature', 'top_p', 'stop', 'seed', 'max_tokens'];

/** Members of the request body the dialect sets itself, by operation: not to be given in `extra`. */
export const RESERVED: Readonly<Record<'chat' | 'complete', ReadonlySet<string>>> = {
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

/** To whom a chat goes. */
interface ChatTarget {
  readonly profile: Profile;
  readonly model: string;
  readonly replay: Replay;
}

export function chatBody(request: ChatRequest, stream: boolean, { profile, model, replay }: ChatTarget): Body {
  const tools = request.tools ?? [];
  const hasTools = tools.length > 0;
  const effort = request.reasoningEffort;
  const inObject = profile.reasoningObject && effort !== undefined;
  const body = {
    model,
    messages: request.messages.map((message) => messageBody(message, profile.developer, replay)),
    ...streaming(stream, profile),
    [tokenCapName(profile, model)]: request.maxTokens,
    ...sampling(request),
    reasoning_effort: inObject ? undefined : effort,
    reasoning: inObject ? { effort } : undefined,
    response_format: request.responseFormat,
    // An empty list is refused by most, and a choice without tools by the rest.
    tools: hasTools ? tools.map(toolBody) : undefined,
    tool_choice: hasTools && request.toolChoice !== undefined ? toolChoiceBody(request.toolChoice) : undefined,
    parallel_tool_calls: hasTools ? request.parallelToolCalls : undefined,
  };
  return withExtra(body, request.extra, RESERVED.chat);
}

export function completionBody(request: CompletionRequest, stream: boolean, profile: Profile): Body {
  const body = {
    model: request.model,
    prompt: request.prompt,
    suffix: request.suffix,
    ...streaming(stream, profile),
    max_tokens: request.maxTokens,
    ...sampling(request),
  };
  return withExtra(body, request.extra, RESERVED.complete);
}

export function embeddingBody(request: EmbedRequest, profile: Profile): Body {
  return {
    model: request.model,
    input: request.input,
    encoding_format: profile.packedEmbeddings ? 'base64' : undefined,
    dimensions: request.dimensions,
  };
}

/** The body with the caller's own members: neither a reserved one nor any other that is set in it. */
export function withExtra(body: Body, extra: JsonObject | undefined, reserved: ReadonlySet<string>): Body {
  if (extra === undefined) return body;
  const isSet = Object.keys(body).filter((name) => body[name] !== undefined);
  return { ...body, ...checkedExtra(extra, new Set([...reserved, ...isSet])) };
}

function streaming(stream: boolean, profile: Profile): Body {
  if (!stream) return {};
  return profile.streamOptions ? { stream: true, stream_options: { include_usage: true } } : { stream: true };
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
