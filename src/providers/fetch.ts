// The seam to the network: the part of `fetch` we use, so that our pooled client and the global fetch are
// interchangeable. Clocks for the first token and for silence are not here: they are kept by whoever reads
// the body, which knows when it is not reading.

import type { Cancel } from '../core/context.ts';

export interface FetchRequest {
  readonly method: 'GET' | 'POST';
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly cancel: Cancel;
  /** Most milliseconds for DNS, TCP, a proxy and TLS together. */
  readonly connectTimeoutMs: number;
  /** Called once, when a connection is there (a kept one counts) and the request is on its way. */
  readonly onConnected?: () => void;
}

export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /**
   * The decoded body (gzip and brotli undone), pulled: nothing is read ahead of the consumer beyond
   * one read of the network and the kernel's buffer. Throws Fault INCOMPLETE when the body was cut short, UPSTREAM when it
   * cannot be unpacked, or the cancel's reason. Leaving the loop closes the connection unless the body was
   * read to its end or is here whole. Iterate it once, always: an unread body pins its connection.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Sends one request. Rejects with Fault NETWORK (data.upstreamCode is `dns`, `refused`, `reset`, `tls` or
 * `proxy`), TIMEOUT for the connect clock, UPSTREAM for an answer that is not HTTP, CONFIG for an address or
 * a header that cannot be sent, or the cancel's reason. Never follows a redirect: a 3xx is answered as it
 * is. Any status resolves.
 */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchResponse>;
