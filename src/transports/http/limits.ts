// How much of everything one client, and all of them, may take of the HTTP server: bytes, connections, requests and
// time. One record, so that tests can be strict with small numbers and no limit hides in code.

export interface Limits {
  /** Of the request line and all headers. */
  readonly headBytes: number;
  readonly headerCount: number;
  /** More than these are closed as they come. */
  readonly connections: number;
  /** Of one connection; the last of them closes it, so that load spreads over instances that were added. */
  readonly requestsPerConnection: number;
  /** Requests that wait for their turn on one connection, at which reading stops, and at which it is cut. */
  readonly pipelined: { readonly pause: number; readonly cut: number };
  /** From the first byte of a head to its last, the first request of a connection and its TLS handshake included. */
  readonly headMs: number;
  /** From a head to the end of its body, besides what the bytes take at the least rate. */
  readonly bodyMs: number;
  readonly leastBodyBytesPerSecond: number;
  /** Of all bodies together, each from its first byte to the end of its answer. */
  readonly bodiesBytes: number;
  /** How long a refused body is read and thrown away, so that its sender gets to read why. */
  readonly lingerMs: number;
  /** Between an answer and the next request. */
  readonly idleMs: number;
  /** An answer waits as long as this for a client that takes nothing of it. */
  readonly stalledMs: number;
  /** After so long without a packet the system asks whether the other end is still there. */
  readonly probeMs: number;
}

export const LIMITS: Limits = {
  headBytes: 16 * 1024,
  headerCount: 100,
  connections: 10_000,
  requestsPerConnection: 1_000_000,
  pipelined: { pause: 32, cut: 4096 },
  headMs: 15_000,
  bodyMs: 30_000,
  leastBodyBytesPerSecond: 1024,
  bodiesBytes: 256 * 1024 * 1024,
  lingerMs: 5000,
  idleMs: 75_000,
  stalledMs: 120_000,
  probeMs: 60_000,
};
