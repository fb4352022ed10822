// The default client: HTTP/1.1 over node:net and node:tls, with kept connections and a parser of our own. A
// tenth of the CPU of the global fetch and less than half of node:http's, and it can tell whether a connection
// was reused (WIRE 6.4). It follows no redirect: a 3xx is answered as it is, so that no key travels to a host
// that nobody named.

import type { Fetch } from '../fetch.ts';
import { destinationOf } from './destination.ts';
import type { Destination } from './destination.ts';
import { Exchange } from './exchange.ts';
import { requestHead } from './headers.ts';
import { Pool } from './pool.ts';
import type { SiteOptions } from './site.ts';

/** `clock` times the connecting, and how long the server keeps a connection; the other clocks are the caller's. */
export type PooledFetchOptions = SiteOptions;

export interface PooledFetch extends Fetch {
  /** Ends every connection at once, those in use too: cancel the calls first. */
  close(): void;
}

/** Taking a URL apart is a tenth of sending to it, and a provider has few. */
const MAX_KNOWN_URLS = 64;

/** A {@link Fetch} with its own kept connections. Loads Node's modules with the first request, not before. */
export function pooledFetch(options: PooledFetchOptions): PooledFetch {
  const pool = new Pool(options);
  const { clock } = options;
  const known = new Map<string, Destination>();
  const lookUp = (url: string): Destination => {
    const found = known.get(url);
    if (found !== undefined) return found;
    const destination = destinationOf(url);
    if (known.size >= MAX_KNOWN_URLS) known.clear();
    known.set(url, destination);
    return destination;
  };
  const send: Fetch = (url, request) =>
    new Promise((resolve, reject) => {
      if (request.cancel.reason !== undefined) throw request.cancel.reason;
      const destination = lookUp(url);
      const head = requestHead(destination, request);
      const { where } = destination;
      new Exchange({ request, head, where }, { site: pool.siteOf(destination), clock }, { resolve, reject }).start();
    });
  return Object.assign(send, { close: () => pool.close() });
}
