// One HTTP request and its answer, apart from the server that carries them: what is served over HTTP is written
// against this and knows no socket. The carrier (transports/http/) reads requests, keeps limits and clocks, and hands
// an Exchange to whoever serves its path.
// Follows RFC 9110 (HTTP semantics); WHATWG HTML 9.2 for event streams.

import type { Cancel } from '../core/context.ts';

/** Names in lower case. */
export type HeaderFields = Readonly<Record<string, string>>;

export interface Exchange {
  /** In upper case. */
  readonly method: string;
  /** Percent-decoded, without the query; begins with a slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The address at the other end, for the log. */
  readonly remote: string;
  /** The value of a header, without the white space around it; of one sent several times, all of them joined by commas. */
  header(name: string): string | undefined;
  /**
   * The whole body as text. Rejects with a Fault of kind `too-large` past `maxBytes`, `parse` where it is no UTF-8 and
   * `cancelled` when the client goes before its end. Once only.
   */
  body(maxBytes: number): Promise<string>;
  /** Cancelled when the client goes away before the answer is whole; never after. */
  readonly gone: Cancel;
  /** Answers at once and whole. Ignored after an answer has begun. */
  reply(status: number, headers: HeaderFields, body?: string): void;
  /** Begins an answer that is told piece by piece; its head is sent at once. Once only, and no `reply` after it. */
  stream(status: number, headers: HeaderFields): BodyStream;
}

/** The body of an answer on its way. */
export interface BodyStream {
  /** Queues a piece, in order. Answers a promise only when the client has no room; it settles when there is, or the client has gone. */
  write(piece: string): void | Promise<void>;
  /** The body is whole. More than once is once. */
  end(): void;
  /** Bytes accepted and not yet taken by the client's connection. */
  readonly queuedBytes: number;
}

/** Who asks, as far as it was found out before the request was handed on. */
export interface Caller {
  /** The name of its key; absent where none is asked for. */
  readonly client?: string;
}

/** Serves the requests of a path. What it throws or rejects with is a defect, and answered as one. */
export type Serve = (exchange: Exchange, caller: Caller) => void | Promise<void>;
