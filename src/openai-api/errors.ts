// What a failure looks like to a client of the OpenAI API: a status, and an object that its SDKs make an error class of.
// One table over the closed set of kinds. A code says what the kind is where the status does not, so that an instance
// of ours in front of this one reads the same kind again (providers/faults/error-kind.ts). Everything shown is scrubbed.
// Follows the OpenAI error object (WIRE sheet, 5.1 and 5.2).

import type { Fault, FaultKind } from '../core/fault.ts';
import type { JsonObject } from '../core/json.ts';
import type { HeaderFields } from '../wire/exchange.ts';

type Row = readonly [status: number, type: string, code: string | null];

const badRequest: Row = [400, 'invalid_request_error', null];

/** AUTH is our own key at the upstream: the client's was good, and a 401 would tell it otherwise. */
const ROWS: Readonly<Record<FaultKind, Row>> = {
  parse: badRequest,
  'invalid-request': badRequest,
  'invalid-params': badRequest,
  'unsupported-revision': badRequest,
  'invalid-envelope': badRequest,
  'header-mismatch': badRequest,
  'missing-capability': badRequest,
  INVALID_INPUT: badRequest,
  'unknown-method': [404, 'invalid_request_error', 'unknown_url'],
  'not-found': [404, 'invalid_request_error', 'unknown_url'],
  'too-large': [413, 'invalid_request_error', 'request_too_large'],
  CONTEXT_TOO_LONG: [400, 'invalid_request_error', 'context_length_exceeded'],
  CONTENT_FILTER: [400, 'invalid_request_error', 'content_filter'],
  MODEL_NOT_FOUND: [404, 'invalid_request_error', 'model_not_found'],
  RATE_LIMITED: [429, 'rate_limit_error', 'rate_limit_exceeded'],
  QUOTA: [429, 'insufficient_quota', 'insufficient_quota'],
  BUDGET: [429, 'insufficient_quota', 'budget_exceeded'],
  internal: [500, 'server_error', 'internal_error'],
  CONFIG: [500, 'server_error', 'configuration_error'],
  AUTH: [502, 'server_error', 'upstream_refused_key'],
  UPSTREAM: [502, 'server_error', 'upstream_error'],
  INCOMPLETE: [502, 'server_error', 'incomplete_answer'],
  EMPTY_ANSWER: [502, 'server_error', 'empty_answer'],
  NETWORK: [502, 'server_error', 'network_error'],
  NOT_CONFIGURED: [503, 'server_error', 'not_configured'],
  OVERLOADED: [503, 'overloaded_error', 'overloaded'],
  CANCELLED: [503, 'server_error', 'cancelled'],
  cancelled: [503, 'server_error', 'cancelled'],
  TIMEOUT: [504, 'timeout_error', 'timeout'],
};

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: JsonObject;
}

export function errorAnswer(fault: Fault, scrub: (text: string) => string): ErrorAnswer {
  const [status, type, code] = ROWS[fault.kind];
  const { param, next } = fault.data;
  const message = scrub(next === undefined ? fault.message : `${fault.message} ${next}`);
  return {
    status,
    headers: { ...waiting(fault), ...(isFinal(fault, status) ? { 'x-should-retry': 'false' } : {}) },
    body: errorBody({ message, type, code, param: param === undefined ? null : scrub(param) }),
  };
}

export interface ErrorWords {
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
  readonly param?: string | null;
}

export function errorBody({ message, type, param = null, code }: ErrorWords): JsonObject {
  return { error: { message, type, param, code } };
}

/** What is refused before it reaches us, by whoever carries requests here, as text. `type` is its word for it. */
export function openAiRefusal({ type: code, message }: { readonly type: string; readonly message: string }): string {
  return JSON.stringify(errorBody({ message, type: 'invalid_request_error', code }));
}

/** SDKs send again whatever has one of these statuses, unless they are told that it would be in vain. */
function isFinal({ retry }: Fault, status: number): boolean {
  return retry !== 'again' && (status === 429 || status >= 500);
}

function waiting({ retryAfterMs }: Fault): HeaderFields {
  if (retryAfterMs === undefined) return {};
  const ms = Math.max(1, Math.ceil(retryAfterMs));
  return { 'retry-after': String(Math.ceil(ms / 1000)), 'retry-after-ms': String(ms) };
}
