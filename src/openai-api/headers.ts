// The headers of our answers: OpenAI's own, so that SDKs and dashboards read them as theirs, and what only we know under
// `anymodel-`. Pure. WIRE sheet, 5.3.

import type { Remainder, Remainders } from '../access/remainders.ts';
import type { Served } from '../providers/chat.ts';
import type { HeaderFields } from '../wire/exchange.ts';

/** A client's own id of its request, when it can be one: it goes into headers and logs. */
const REQUEST_ID = /^[\w.:/+=@-]{1,128}$/;

export function requestIdOf(given: string | undefined, make: () => string): string {
  return given !== undefined && REQUEST_ID.test(given) ? given : make();
}

/** `processingMs`: from the head of the request to that of the answer. */
export function callHeaders(requestId: string, processingMs: number): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    'openai-processing-ms': String(Math.max(0, Math.round(processingMs))),
  };
}

/** Who served it, as far as it is known by now. */
export function servedHeaders({ provider, attempts, cached }: Served, running = 0): HeaderFields {
  if (provider === '') return {};
  return {
    'anymodel-provider': provider.replace(/[^\x20-\x7e]/g, '?'),
    'anymodel-attempts': String(attempts.length + (cached === true ? 0 : running)),
    'anymodel-cached': String(cached === true),
  };
}

export function limitHeaders({ requests, tokens, usd }: Remainders): HeaderFields {
  return {
    ...(requests === undefined ? {} : remainderHeaders('requests', requests)),
    ...(tokens === undefined ? {} : remainderHeaders('tokens', tokens)),
    ...(usd === undefined ? {} : { 'anymodel-budget-usd-left': usd.left.toFixed(4) }),
  };
}

function remainderHeaders(of: string, { limit, left, resetMs }: Remainder): HeaderFields {
  return {
    [`x-ratelimit-limit-${of}`]: String(limit),
    [`x-ratelimit-remaining-${of}`]: String(Math.floor(left)),
    [`x-ratelimit-reset-${of}`]: goDuration(resetMs),
  };
}

/** As OpenAI writes it: `12ms`, `1.5s`, `6m0s`, `23h5m0s`. */
function goDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.ceil(ms))}ms`;
  const seconds = Math.ceil(ms / 100) / 10;
  if (seconds < 60) return `${seconds}s`;
  const whole = Math.ceil(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = `${Math.floor((whole % 3600) / 60)}m${whole % 60}s`;
  return hours === 0 ? minutes : `${hours}h${minutes}`;
}
