// The default client: HTTP/1.1 over node:net and node:tls, with kept connections and a parser of our own. A
// tenth of the CPU of the global fetch and less than half of node:http's, and it can tell whether a connection
// was reused (WIRE 6.4). It follows no redirect: a 3xx is answered as it is, so that no key travels to a host
// that nobody named.

import type { Fetch, FetchResponse } from '../fetch.ts';
import { destinationOf } from './way/destination.ts';
import { Exchange } from './exchange.ts';
import type { HeadWaiter } from './exchange.ts';
import { requestHead } from './headers.ts';
import { Pool } from './pool.ts';
import type { Site, SiteOptions } from './site.ts';
import { TlsContexts } from './way/contexts.ts';
import { forwardRefusal } from './way/proxy-fault.ts';
import type { Route } from './way/route.ts';
import { wayTo } from './way/way.ts';
import type { Way } from './way/way.ts';

export interface PooledFetchOptions extends SiteOptions {
  /** How requests leave this machine; direct unless given. `clock` times the connecting, the proxy's part included. */
  readonly route?: Route;
}

export interface PooledFetch extends Fetch {
  /** Ends every connection at once, those in use too: cancel the calls first. */
  close(): void;
}

/** What a URL stands for. */
interface Target {
  readonly way: Way;
  readonly site: Site;
}

/** Taking a URL apart is a tenth of sending to it, and a provider has few. */
const MAX_KNOWN_URLS = 64;

/**
 * A {@link Fetch} with its own kept connections, for everything that goes by one route: one for each provider. Costs
 * nothing before its first request: no socket, no timer, no module of Node's.
 */
export function pooledFetch(options: PooledFetchOptions): PooledFetch {
  const pool = new Pool(options);
  const { clock, route = {} } = options;
  const contexts = new TlsContexts(route);
  const known = new Map<string, Target>();
  const targetOf = (url: string): Target => {
    const found = known.get(url);
    if (found !== undefined) return found;
    const destination = destinationOf(url);
    const way = wayTo(destination, route, contexts);
    const target = { way, site: pool.siteOf(destination, way) };
    if (known.size >= MAX_KNOWN_URLS) known.clear();
    known.set(url, target);
    return target;
  };
  const send: Fetch = (url, request) =>
    new Promise((resolve, reject) => {
      if (request.cancel.reason !== undefined) throw request.cancel.reason;
      const { way, site } = targetOf(url);
      const outgoing = { request, head: requestHead(way.destination, request), where: way.where };
      const waiter = way.forwarder === undefined ? { resolve, reject } : forwarded({ resolve, reject }, way);
      new Exchange(outgoing, { site, clock }, waiter).start();
    });
  return Object.assign(send, { close: () => pool.close() });
}

/** Tells the answers that are the proxy's own, and not handed on. */
function forwarded(waiter: HeadWaiter, { forwarder, where }: Way): HeadWaiter {
  return {
    reject: (fault) => waiter.reject(fault),
    resolve(response: FetchResponse) {
      const { status, headers, body } = response;
      const head = { status, get: (name: string) => headers.get(name) };
      const refused = forwarder && forwardRefusal(head, forwarder, where);
      if (refused === undefined) return waiter.resolve(response);
      // An unread body pins its connection.
      void body[Symbol.asyncIterator]().return?.();
      return waiter.reject(refused);
    },
  };
}
