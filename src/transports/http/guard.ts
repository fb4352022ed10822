// Who may be asking, by what a browser says of itself: the defence against pages that lead a browser to a server on
// the machine it runs on (DNS rebinding), and against pages of others. Pure. Names are compared whole, never by their
// beginning. Follows MCP.md 4.1; RFC 6454, 4; RFC 9110, 7.2.

import { isLoopbackAddress, normalOrigin, placeOf } from '../../core/host.ts';
import type { Problem } from './refusal.ts';

export interface GuardOptions {
  /** Where the server listens. */
  readonly host: string;
  /** As `https://app.example`; absent: those of this machine when bound to loopback, else none. */
  readonly origins?: readonly string[];
  /** As `mcp.example` for every port, or `mcp.example:8443`; absent: those of this machine when bound to loopback, else any. */
  readonly hosts?: readonly string[];
}

export interface Guard {
  /** Why a request with these headers is refused; nothing when it may go on. */
  problem(host: string | undefined, origin: string | undefined): Problem | undefined;
}

export function createGuard({ host: bound, origins, hosts }: GuardOptions): Guard {
  const isLocal = isLoopbackAddress(bound);
  const allowedOrigins = new Set((origins ?? []).map(normalOrigin));
  const allowedHosts = hosts?.map(placeOf);
  const mayAsk = (origin: string): boolean => {
    const normal = normalOrigin(origin);
    if (normal === undefined) return false;
    return origins === undefined ? isLocal && isLocalOrigin(normal) : allowedOrigins.has(normal);
  };
  const mayBeCalled = (host: string): boolean => {
    const place = placeOf(host);
    if (place === undefined) return false;
    if (allowedHosts === undefined) return isLoopbackAddress(place.name);
    return allowedHosts.some((one) => one?.name === place.name && (one.port === '' || one.port === place.port));
  };
  const checksHost = isLocal || hosts !== undefined;
  // Nearly every client calls the server by the same name as the one before it.
  let lastGood: string | undefined;
  return {
    problem(host, origin) {
      if (checksHost && (host === undefined || host !== lastGood)) {
        if (host === undefined || !mayBeCalled(host)) return FOREIGN_HOST;
        lastGood = host;
      }
      return origin === undefined || mayAsk(origin) ? undefined : FOREIGN_ORIGIN;
    },
  };
}

const FOREIGN_HOST: Problem = {
  status: 403,
  type: 'forbidden_host',
  message: 'The server does not go by this Host. MCP_ALLOWED_HOSTS says which ones it goes by.',
};

const FOREIGN_ORIGIN: Problem = {
  status: 403,
  type: 'forbidden_origin',
  message: 'Pages of this Origin may not use the server. MCP_ALLOWED_ORIGINS says which ones may.',
};

function isLocalOrigin(normal: string): boolean {
  const [, authority = ''] = /^https?:\/\/(.+)$/.exec(normal) ?? [];
  return isLoopbackAddress(placeOf(authority)?.name ?? '');
}
