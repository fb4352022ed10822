// The way to one destination, worked out once from the settings of its provider: direct, by a Unix socket, handed to
// a proxy, or through a tunnel that a proxy opens. It opens the connections; what comes over them is not its matter.

import { present } from '../../../core/json.ts';
import type { Destination } from './destination.ts';
import { dial } from './dial.ts';
import type { Dialling, Hop, Line, LineEvents } from './dial.ts';
import type { TlsContexts } from './contexts.ts';
import { proxyFor } from './proxy.ts';
import type { Proxy } from './proxy.ts';
import { unreachable } from './proxy-fault.ts';
import type { Route } from './route.ts';
import { openTunnel } from './tunnel.ts';

export interface Way {
  /** As the head of the request names it: to a proxy that is handed it, with its whole address. */
  readonly destination: Destination;
  /** Host and port, and by what they are reached: fit for an error message. */
  readonly where: string;
  /** The proxy that is handed the request, and may refuse it. */
  readonly forwarder?: Proxy;
  /** Opens a connection on which the request may be written. */
  open(events: LineEvents, how: Dialling): Line;
}

/** Throws Fault CONFIG for settings that cannot be used. */
export function wayTo(destination: Destination, route: Route, contexts: TlsContexts): Way {
  const { secure, host, port } = destination;
  const { tls, socketPath } = route;
  const tlsTo = secure ? { name: tls?.serverName ?? host, context: contexts.own } : undefined;
  const end: Hop = { host, port, ...present({ socketPath, tls: tlsTo }) };
  const proxy = proxyFor(destination, route);
  if (proxy !== undefined) return by(proxy, { destination, end, contexts });
  const where = socketPath === undefined ? destination.where : `${destination.where} (by the socket ${socketPath})`;
  return { destination, where, open: (events, how) => dial(end, events, how) };
}

interface Leg {
  readonly destination: Destination;
  readonly end: Hop;
  readonly contexts: TlsContexts;
}

function by(proxy: Proxy, { destination, end, contexts }: Leg): Way {
  const { host, port } = proxy;
  const outer = proxy.secure ? { name: host, context: contexts.proxys } : undefined;
  const near: Hop = { host, port, explain: (error) => unreachable(error, proxy), ...present({ tls: outer }) };
  const where = `${destination.where} (by the proxy ${proxy.where})`;
  const { tls } = end;
  if (tls !== undefined) {
    const tunnelled = { proxy, near, end: { ...end, tls }, where: destination.where };
    return { destination, where, open: (events, how) => openTunnel(tunnelled, events, how) };
  }
  const whole = `http://${destination.authority}${destination.path}`;
  const credentials = present({ proxyAuthorization: proxy.authorization });
  return {
    destination: { ...destination, path: whole, ...credentials },
    where,
    forwarder: proxy,
    open: (events, how) => dial(near, events, how),
  };
}
