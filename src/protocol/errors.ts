// What a fault looks like to the peer: its JSON-RPC code, its sentence, and the error object that
// `_meta["anymodel/error"]` of a tool's result and `data` of our own error code hold. Everything shown is
// scrubbed here. Codes: JSON-RPC 2.0 section 5.1; MCP 2025-11-25 for -32002, 2026-07-28 for -32020 to -32022; ours lies outside the reserved range.

import type { Attempt, CallerCode, Fault, FaultKind } from '../core/fault.ts';
import { present } from '../core/json.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';

/** The `error` member of a response. */
export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

export type Scrub = (text: string) => string;

/** Our own code: the call failed for a reason the error object names. */
const FAILED = -31000;

const CODES: Readonly<Record<FaultKind, number>> = {
  parse: -32700,
  'invalid-request': -32600,
  'unknown-method': -32601,
  'invalid-params': -32602,
  internal: -32603,
  'unsupported-revision': -32022,
  'invalid-envelope': -32602,
  'header-mismatch': -32020,
  'missing-capability': -32021,
  'not-found': -32002,
  'too-large': -32600,
  cancelled: FAILED,
  INVALID_INPUT: -32602,
  NOT_CONFIGURED: FAILED,
  AUTH: FAILED,
  MODEL_NOT_FOUND: FAILED,
  CONTEXT_TOO_LONG: FAILED,
  RATE_LIMITED: FAILED,
  QUOTA: FAILED,
  BUDGET: FAILED,
  TIMEOUT: FAILED,
  UPSTREAM: FAILED,
  INCOMPLETE: FAILED,
  EMPTY_ANSWER: FAILED,
  CONTENT_FILTER: FAILED,
  NETWORK: FAILED,
  CANCELLED: FAILED,
  OVERLOADED: FAILED,
  CONFIG: FAILED,
};

/** What to do next, where the fault itself does not say. */
const NEXT: Readonly<Record<CallerCode, string>> = {
  INVALID_INPUT: 'Correct the arguments and call again.',
  NOT_CONFIGURED: 'Set API_BASE_URL and API_KEY for this server, then start it again.',
  AUTH: 'Check the API key this server is configured with, and what it may be used for.',
  MODEL_NOT_FOUND: 'List the models and choose one of them.',
  CONTEXT_TOO_LONG: 'Shorten the messages, or choose a model with a larger context.',
  RATE_LIMITED: 'Wait a little and call again, or choose another model.',
  QUOTA: 'Raise the quota or top up the account at the provider, or choose another provider.',
  BUDGET: 'Wait until the budget is renewed, or raise it.',
  TIMEOUT: 'Call again, ask for less, or raise TIMEOUT.',
  UPSTREAM: 'Call again later, or choose another model.',
  INCOMPLETE: 'Call again, or ask for a shorter answer.',
  EMPTY_ANSWER: 'Call again, rephrase, or choose another model.',
  CONTENT_FILTER: 'Rephrase the request, or choose another model.',
  NETWORK: 'Check API_BASE_URL, the network and the firewall.',
  CANCELLED: 'Call again if the answer is still wanted.',
  OVERLOADED: 'Wait a little and call again.',
  CONFIG: 'Correct the configuration of this server, then start it again.',
};

/** Whether the kind is one of the codes a caller sees by name. */
function isCallerCode(kind: FaultKind): kind is CallerCode {
  return Object.hasOwn(NEXT, kind);
}

/** What a caller is told of a failure: one or two sentences, and the same as data. */
export interface Account {
  readonly text: string;
  readonly error: JsonObject;
}

/** The account of a failure a caller can act on; `undefined` for failures of the protocol and for bugs. */
export function accountOf(fault: Fault, scrub: Scrub): Account | undefined {
  const { kind, data } = fault;
  if (!isCallerCode(kind)) return undefined;
  const next = data.next ?? NEXT[kind];
  const error: JsonObject = { code: kind };
  const tell = (name: string, value: JsonValue | undefined): void => {
    if (value !== undefined) error[name] = typeof value === 'string' ? scrub(value) : value;
  };
  tell('provider', data.provider);
  tell('model', data.model);
  tell('status', data.status);
  tell('request_id', data.requestId);
  const { asked, limit } = data.tokens ?? {};
  if (asked !== undefined || limit !== undefined) tell('context', present({ tokens: asked, limit }));
  tell('category', data.category);
  tell('retry_after_s', fault.retryAfterMs === undefined ? undefined : Math.ceil(fault.retryAfterMs / 1000));
  error['attempts'] = (data.attempts ?? []).map((attempt) => told(attempt, scrub));
  tell('next', next);
  return { text: scrub(`${sentence(fault.message)} ${sentence(next)}`), error };
}

function told({ provider, model, status, ms, error }: Attempt, scrub: Scrub): JsonObject {
  const shown: JsonObject = { provider: scrub(provider), model: scrub(model), status, ms };
  if (error !== undefined) shown['error'] = error;
  return shown;
}

/** The `error` member for a fault. */
export function wireError(fault: Fault, scrub: Scrub): WireError {
  const code = CODES[fault.kind];
  const account = code === FAILED ? accountOf(fault, scrub) : undefined;
  if (account !== undefined) return { code, message: account.text, data: account.error };
  const { wire } = fault.data;
  const message = scrub(fault.message);
  return wire === undefined ? { code, message } : { code, message, data: wire };
}

/** A name the peer sent, fit for a sentence however long it is. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
}

function sentence(text: string): string {
  return /[.!?…]["']?$/.test(text) ? text : `${text}.`;
}
