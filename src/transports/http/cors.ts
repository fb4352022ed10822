// What a browser is told about pages of other origins. Pure. Only for origins that the guard lets by: who is refused is
// told nothing. Follows the Fetch standard, 3.3 (CORS protocol); MCP.md 4.1.

import type { HeaderFields } from '../../wire/exchange.ts';

/** Headers that a client of ours may send beyond those that every page may. */
const ALLOWED =
  'content-type, accept, authorization, x-api-key, mcp-protocol-version, mcp-session-id, mcp-method, mcp-name, ' +
  'last-event-id, traceparent, tracestate';
/** A tool's own header, whose name only its schema knows. */
const PARAMETER = /^mcp-param-[\w-]{1,64}$/i;
const EXPOSED = 'mcp-session-id, www-authenticate, retry-after';
const MOST_PARAMETERS = 32;

/** For the answer to a request that names an allowed origin. */
export function corsHeaders(origin: string): HeaderFields {
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED, vary: 'origin' };
}

/** For the answer to a question of a browser about a request that it has not sent yet. */
export function preflightHeaders(origin: string, methods: readonly string[], asked = ''): HeaderFields {
  const parameters = asked
    .split(',')
    .map((name) => name.trim())
    .filter((name) => PARAMETER.test(name));
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': [ALLOWED, ...parameters.slice(0, MOST_PARAMETERS)].join(', '),
    'access-control-max-age': '600',
    vary: 'origin, access-control-request-headers',
  };
}
