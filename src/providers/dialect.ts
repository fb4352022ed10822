// The seam to one vendor's wire: pure functions between the neutral vocabulary and bytes. No I/O, no clock,
// no retry. A new provider is one file that exports a Dialect, and its fixture folders.

import type { Decoder } from '../core/decoder.ts';
import type { Fault } from '../core/fault.ts';
import type { JsonValue } from '../core/json.ts';
import type { ChatEvent, ChatRequest, CompletionRequest, Embeddings, EmbedRequest, ModelInfo } from './chat.ts';

/** One neutral question; the operation decides the endpoint. */
export type Ask =
  | { readonly op: 'chat'; readonly request: ChatRequest; readonly stream: boolean }
  | { readonly op: 'complete'; readonly request: CompletionRequest; readonly stream: boolean }
  | { readonly op: 'embed'; readonly request: EmbedRequest }
  /** One page of the list; without `page` the first. */
  | { readonly op: 'models'; readonly page?: string }
  /** What is known of one model beyond its row in the list; only asked of a dialect with `decodeModel`. */
  | { readonly op: 'describe'; readonly model: string };

/** The questions that are answered by a model, in events. */
export type AnswerAsk = Extract<Ask, { readonly stream: boolean }>;

/** The questions that name a model, empty for the default one. */
export type ModelAsk = Extract<Ask, { readonly request: unknown }>;

/** What a dialect may know of where it sends: one provider's settings, already resolved. */
export interface Endpoint {
  /** The provider's id in the configuration. */
  readonly provider: string;
  /** The provider's type, for what differs between servers that speak one dialect: `openai`, `vllm`, … */
  readonly type: string;
  /** As the user wrote it; the dialect normalises it. */
  readonly baseUrl: string;
  /** Empty when the endpoint takes none. */
  readonly apiKey: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Azure's `api-version`, Anthropic's `anthropic-version`; absent: the dialect's own. */
  readonly apiVersion?: string;
}

/**
 * A way of asking that a target needs and others do not; each dialect heeds the ones it can:
 * - `responses`: the model lives at `/responses` only;
 * - `chat`: it does not, although its name says so;
 * - `system-as-user`: there is no system role, what it says opens the first user message;
 * - `schema-not-strict`: the schema is sent, but not as a strict one;
 * - `schema-as-object`: JSON is asked for, and the schema is said in words;
 * - `schema-in-words`: schema and JSON are both only said in words;
 * - `not-streamed`: the answer comes in one piece.
 */
export type Habit =
  | 'responses'
  | 'chat'
  | 'system-as-user'
  | 'schema-not-strict'
  | 'schema-as-object'
  | 'schema-in-words'
  | 'not-streamed';

/**
 * What a target has taught us about requests it refuses, remembered per target and applied by `encode`.
 * Parameters are members of the request body by their wire name, nested ones with dots: `options.num_ctx`.
 */
export interface Lessons {
  readonly drop: ReadonlySet<string>;
  readonly rename: ReadonlyMap<string, string>;
  /**
   * What to send instead of the value asked for: by parameter, or by `parameter=value` where only that value was
   * refused.
   */
  readonly values: ReadonlyMap<string, JsonValue>;
  readonly habits: ReadonlySet<Habit>;
}

/** One HTTP request, ready for a {@link import('./fetch.ts').Fetch}. */
export interface Sending {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What was asked for and is not sent as it was asked, one line each: lessons applied, and what the dialect cannot say. */
  readonly changed: readonly string[];
  /** Which of the dialect's wires this speaks, where it has several; for its own reading of the answer. */
  readonly wire?: string;
}

/** What was asked and how it was sent: an answer is read in the light of both. */
export interface Sent {
  readonly ask: Ask;
  readonly sending: Sending;
}

/** One thing to change about a refused request; remembered as a lesson when the mended one is accepted. */
export type Mend = Change & {
  /** The refusal was about what this caller asked for, and teaches nothing about the target. */
  readonly once?: true;
};

type Change =
  | { readonly action: 'drop'; readonly param: string }
  | { readonly action: 'rename'; readonly param: string; readonly to: string }
  /** `refused`: only this value is not taken; without it, every other is replaced too. */
  | { readonly action: 'set'; readonly param: string; readonly value: JsonValue; readonly refused?: string | number }
  | { readonly action: 'adopt'; readonly habit: Habit };

/** One page of a list of models. */
export interface ModelPage {
  readonly models: readonly ModelInfo[];
  /** What to ask the next page with; absent on the last one. */
  readonly next?: string;
}

export interface Dialect {
  readonly name: string;
  /** How a streamed answer is cut into messages. */
  readonly framing: 'sse' | 'ndjson';
  /** `encode` itself adds room for thinking to the output cap, so that nobody has to before it. */
  readonly makesRoom?: boolean;
  /** Its API keeps reasoning apart, so that tags in an answer are the answer's own. */
  readonly tellsReasoning?: boolean;
  /** Throws `INVALID_INPUT` for what cannot be asked in this dialect at all. */
  encode(ask: Ask, endpoint: Endpoint, lessons: Lessons): Sending;
  /** The events of a stream's bytes, `finish` last. Throws a Fault on an in-band error or a cut. */
  decoder(sent: Sent): Decoder<Uint8Array, ChatEvent>;
  /** The same events from a whole reply's text. */
  decode(sent: Sent, body: string): ChatEvent[];
  decodeEmbeddings(body: string): Embeddings;
  decodeModels(body: string, provider: string): ModelPage;
  /** Adds what the answer to `describe` says of the model; absent where the list says it all. */
  decodeModel?(body: string, model: ModelInfo): ModelInfo;
  /** Reads a refusal: any status that is not 2xx, and its body's text. */
  fault(status: number, headers: { get(name: string): string | null }, body: string, wallMs: number): Fault;
  /**
   * How to mend the request so that this refusal would not come again, where its text says so: everything it names
   * at once, because a request is mended once. Empty when nothing can be done about it.
   */
  mend(fault: Fault, sent: Sent): readonly Mend[];
}
