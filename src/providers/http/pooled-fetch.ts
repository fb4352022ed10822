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
import type { Site, SiteOptions } from './site.ts';

/** `clock` times the connecting, and how long the server keeps a connection; the other clocks are the caller's. */
export type PooledFetchOptions = SiteOptions;

export interface PooledFetch extends Fetch {
  /** Ends every connection at once, those in use too: cancel the calls first. */
  close(): void;
}

/** What a URL stands for. */
interface Target {
  readonly destination: Destination;
  readonly site: Site;
}

/** Taking a URL apart is a tenth of sending to it, and a provider has few. */
const MAX_KNOWN_URLS = 64;

/** A {@link Fetch} with its own kept connections. Loads Node's modules with the first request, not before. */
export function pooledFetch(options: PooledFetchOptions): PooledFetch {
  const pool = new Pool(options);
  const { clock } = options;
  const known = new Map<string, Target>();
  const targetOf = (url: string): Target => {
    const found = known.get(url);
    if (found !== undefined) return found;
    const destination = destinationOf(url);
    const target = { destination, site: pool.siteOf(destination) };
    if (known.size >= MAX_KNOWN_URLS) known.clear();
    known.set(url, target);
    return target;
  };
  const send: Fetch = (url, request) =>
    new Promise((resolve, reject) => {
      if (request.cancel.reason !== undefined) throw request.cancel.reason;
      const { destination, site } = targetOf(url);
      const outgoing = { request, head: requestHead(destination, request), where: destination.where };
      new Exchange(outgoing, { site, clock }, { resolve, reject }).start();
    });
  return Object.assign(send, { close: () => pool.close() });
}
