// The vocabulary every provider speaks: what a caller asks and what comes back, free of any vendor's
// field names. Dialects translate it to and from the wire; nothing above this room sees a vendor.

import type { CallContext } from '../core/context.ts';
import type { Attempt, Fault } from '../core/fault.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';

export type Role = 'system' | 'developer' | 'user' | 'assistant' | 'tool';

export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  /** `url` is https or a data URL. */
  | { readonly type: 'image'; readonly url: string; readonly detail?: string }
  /** What only OpenAI's own wire can say: `body` is the member of the name `kind`, as it was given. */
  | { readonly type: 'attachment'; readonly kind: AttachmentKind; readonly body: JsonObject };

export type AttachmentKind = 'input_audio' | 'file';

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The arguments as JSON text, exactly as the model wrote them; `{}` when it wrote none. */
  readonly arguments: string;
}

/**
 * One block of reasoning that has to be handed back with the next turn, in the form OpenRouter made the common one:
 * `{type: "reasoning.text", text, signature, format}` or `{type: "reasoning.encrypted", data, id?, format}`. It means
 * something only to the dialect that made it, which knows it by `format`.
 */
export type ReasoningDetail = JsonObject;

export interface ChatMessage {
  readonly role: Role;
  /** A string, parts, or null on an assistant message that only calls tools. */
  readonly content: string | readonly ContentPart[] | null;
  readonly name?: string;
  readonly toolCalls?: readonly ToolCall[];
  /** On a `tool` message: the call it answers. */
  readonly toolCallId?: string;
  /** On an assistant message: the reasoning that led to it, as it was given. */
  readonly reasoningDetails?: readonly ReasoningDetail[];
}

export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments, passed on as it is. */
  readonly parameters?: JsonObject;
  readonly strict?: boolean;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

export interface ChatRequest {
  /** As asked; empty means the default model. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly temperature?: number;
  readonly topP?: number;
  /** Most tokens of output, reasoning included. */
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly reasoningEffort?: string;
  /** In OpenAI form: `{type: "json_object"}` or `{type: "json_schema", json_schema: {…}}`. */
  readonly responseFormat?: JsonObject;
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  /** An equal answer may be given again: absent: if it would be the same; `refresh`: a new one takes its place. Never sent. */
  readonly cache?: boolean | 'refresh';
  /** Members of the upstream's request body we have no name for, sent as they are. */
  readonly extra?: JsonObject;
}

export interface CompletionRequest {
  readonly model: string;
  readonly prompt: string;
  readonly suffix?: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly extra?: JsonObject;
}

export interface EmbedRequest {
  readonly model: string;
  readonly input: readonly string[];
  readonly dimensions?: number;
}

/** Token counts; a member is absent when the upstream did not say, never 0 for unknown. */
export interface Usage {
  /** All input, cached included. */
  readonly inputTokens?: number;
  readonly cachedTokens?: number;
  readonly cacheWriteTokens?: number;
  /** All output, reasoning included. */
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  readonly costUsd?: number;
}

/** `pause` and unknown words of an upstream are passed through as they are. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter' | (string & {});

/**
 * What a model stream says. Contract: any number of events, any number of `restart` among them (drop what
 * was gathered), exactly one `finish` last; or a thrown Fault. `choice` is absent for the first choice.
 */
export type ChatEvent =
  | { readonly type: 'start'; readonly id?: string; readonly model?: string; readonly created?: number }
  | { readonly type: 'text'; readonly text: string; readonly choice?: number }
  | { readonly type: 'reasoning'; readonly text: string; readonly choice?: number }
  | {
      /** A fragment of a tool call: `id` and `name` on the first, `arguments` to be joined by `index`. */
      readonly type: 'tool';
      readonly index: number;
      readonly id?: string;
      readonly name?: string;
      readonly arguments: string;
      readonly choice?: number;
    }
  /** An image: a data URL as the upstream gave it, not judged yet, or an address, which nobody fetches. */
  | { readonly type: 'image'; readonly url: string; readonly choice?: number }
  /** A whole block of reasoning to be handed back later; its text was said as `reasoning` already. */
  | { readonly type: 'reasoning_detail'; readonly detail: ReasoningDetail; readonly choice?: number }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'restart'; readonly attempt: number; readonly reason: Fault }
  | {
      readonly type: 'finish';
      readonly reason: FinishReason;
      /** Of a content filter: what it objected to. */
      readonly category?: string;
      readonly choice?: number;
    };

/** What is known about an answer besides its content; filled in by the route as the call goes on. */
export interface Served {
  provider: string;
  /** The model the upstream says it used, else the one asked of it. */
  model: string;
  /** The model as it was asked of the provider, which may name another as the one it used. */
  asked?: string;
  readonly attempts: Attempt[];
  /** What was mended in the request, one line each: `max_tokens -> max_completion_tokens`. */
  readonly changed: string[];
  /** Given before to an equal question; nothing was sent, so `attempts` is empty. */
  cached?: boolean;
  /** An equal question was under way, and this call heard its answer: its attempts are told here too. */
  shared?: boolean;
}

/** How far a listener has gone with what it heard. */
export interface Commit {
  /** A part of the answer was handed on as the answer, and cannot be taken back. */
  readonly isMade: boolean;
}

export interface ModelContext extends CallContext {
  /**
   * Of a listener that hands on what it hears as it comes, as a streaming relay does: from its first event on, no other
   * attempt may follow. Whoever holds an answer back beneath it may still begin anew. Absent: a restart is always welcome.
   */
  readonly commit?: Commit;
  /** Written by the route while it works, read by the tool when the answer is complete. */
  readonly served: Served;
}

/**
 * Hears an answer as it comes, one batch of events per network read. Answers a promise only when it has no room:
 * nothing more is read before that settles, so that a slow caller slows the upstream.
 */
export type Hear = (events: readonly ChatEvent[]) => void | Promise<void>;

/** Settles when the whole answer was heard. A complete answer is a collected stream. */
export type ChatModel = (request: ChatRequest, ctx: ModelContext, hear: Hear) => Promise<void>;

export type CompletionModel = (request: CompletionRequest, ctx: ModelContext, hear: Hear) => Promise<void>;

export interface Embeddings {
  readonly model: string;
  /** In the order of the input. */
  readonly vectors: readonly (readonly number[])[];
  readonly usage: Usage;
}

export type EmbedModel = (request: EmbedRequest, ctx: ModelContext) => Promise<Embeddings>;

export interface ModelInfo {
  readonly id: string;
  /** `alias` for a name of the configuration that leads to models of providers. */
  readonly provider: string;
  readonly ownedBy?: string;
  /** Unix seconds. */
  readonly created?: number;
  readonly contextLength?: number;
  readonly capabilities?: Readonly<Record<string, JsonValue>>;
}

export interface ModelQuery {
  readonly provider?: string;
  /** Ask upstream even when a list is at hand. */
  readonly refresh?: boolean;
  /** Ask for what is known of each model too, where that takes requests of its own. */
  readonly detail?: boolean;
}

/** The models of all providers that answered, and those that did not. */
export interface ModelListing {
  readonly models: readonly ModelInfo[];
  /** All of them only where there are aliases to list: else, when no provider answers, the question fails. */
  readonly failed: readonly { readonly provider: string; readonly fault: Fault }[];
}

export type ListModels = (query: ModelQuery, ctx: ModelContext) => Promise<ModelListing>;

/** Everything the catalog may ask of the models; it cannot tell one upstream from a routed dozen. */
export interface Models {
  readonly chat: ChatModel;
  readonly complete: CompletionModel;
  readonly embed: EmbedModel;
  readonly list: ListModels;
}
