// The seam to one vendor's wire: pure functions between the neutral vocabulary and bytes. No I/O, no clock,
// no retry. A new provider is one file that exports a Dialect, and its fixture folders.

import type { Decoder } from '../core/decoder.ts';
import type { Fault } from '../core/fault.ts';
import type { ChatEvent, ChatRequest, CompletionRequest, Embeddings, EmbedRequest, ModelInfo } from './chat.ts';

/** One neutral question; the operation decides the endpoint. */
export type Ask =
  | { readonly op: 'chat'; readonly request: ChatRequest; readonly stream: boolean }
  | { readonly op: 'complete'; readonly request: CompletionRequest; readonly stream: boolean }
  | { readonly op: 'embed'; readonly request: EmbedRequest }
  | { readonly op: 'models' };

/** What a dialect may know of where it sends: one provider's settings, already resolved. */
export interface Endpoint {
  /** The provider's id in the configuration. */
  readonly provider: string;
  /** As the user wrote it; the dialect normalises it. */
  readonly baseUrl: string;
  /** Empty when the endpoint takes none. */
  readonly apiKey: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * What a target has taught us about requests it refuses, remembered per target and applied by `encode`:
 * parameters to leave out, and parameters it wants under another name.
 */
export interface Lessons {
  readonly drop: ReadonlySet<string>;
  readonly rename: ReadonlyMap<string, string>;
}

/** One HTTP request, ready for a {@link import('./fetch.ts').Fetch}. */
export interface Sending {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What `lessons` changed in this body, one line each. */
  readonly changed: readonly string[];
}

/** One thing to change about a refused request; remembered as a lesson when the mended one is accepted. */
export type Mend =
  | { readonly action: 'drop'; readonly param: string }
  | { readonly action: 'rename'; readonly param: string; readonly to: string };

export interface Dialect {
  readonly name: string;
  encode(ask: Ask, endpoint: Endpoint, lessons: Lessons): Sending;
  /** The events of a stream's bytes, `finish` last. Throws a Fault on an in-band error or a cut. */
  decoder(op: 'chat' | 'complete'): Decoder<Uint8Array, ChatEvent>;
  /** The same events from a whole reply's text. */
  decode(op: 'chat' | 'complete', body: string): ChatEvent[];
  decodeEmbeddings(body: string): Embeddings;
  decodeModels(body: string, provider: string): ModelInfo[];
  /** Reads a refusal: any status that is not 2xx, and its body's text. */
  fault(status: number, headers: { get(name: string): string | null }, body: string, wallMs: number): Fault;
  /** How to mend the request so that this refusal would not come again, where its text says so. */
  mend(fault: Fault, sent: Sending): Mend | undefined;
}
