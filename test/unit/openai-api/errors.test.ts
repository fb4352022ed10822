// What each kind of failure looks like to a client, as literals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, KINDS } from '../../../src/core/fault.ts';
import type { FaultKind } from '../../../src/core/fault.ts';
import { errorAnswer } from '../../../src/openai-api/errors.ts';
import { readRefusal } from '../../../src/providers/faults/refusal.ts';

const asIs = (text: string): string => text;

const EXPECTED: Readonly<Record<FaultKind, readonly [number, string, string | null]>> = {
  parse: [400, 'invalid_request_error', null],
  'invalid-request': [400, 'invalid_request_error', null],
  'invalid-params': [400, 'invalid_request_error', null],
  'unsupported-revision': [400, 'invalid_request_error', null],
  'invalid-envelope': [400, 'invalid_request_error', null],
  'header-mismatch': [400, 'invalid_request_error', null],
  'missing-capability': [400, 'invalid_request_error', null],
  'unknown-method': [404, 'invalid_request_error', 'unknown_url'],
  'not-found': [404, 'invalid_request_error', 'unknown_url'],
  'too-large': [413, 'invalid_request_error', 'request_too_large'],
  internal: [500, 'server_error', 'internal_error'],
  cancelled: [503, 'server_error', 'cancelled'],
  INVALID_INPUT: [400, 'invalid_request_error', null],
  NOT_CONFIGURED: [503, 'server_error', 'not_configured'],
  AUTH: [502, 'server_error', 'upstream_refused_key'],
  MODEL_NOT_FOUND: [404, 'invalid_request_error', 'model_not_found'],
  CONTEXT_TOO_LONG: [400, 'invalid_request_error', 'context_length_exceeded'],
  RATE_LIMITED: [429, 'rate_limit_error', 'rate_limit_exceeded'],
  QUOTA: [429, 'insufficient_quota', 'insufficient_quota'],
  BUDGET: [429, 'insufficient_quota', 'budget_exceeded'],
  TIMEOUT: [504, 'timeout_error', 'timeout'],
  UPSTREAM: [502, 'server_error', 'upstream_error'],
  INCOMPLETE: [502, 'server_error', 'incomplete_answer'],
  EMPTY_ANSWER: [502, 'server_error', 'empty_answer'],
  CONTENT_FILTER: [400, 'invalid_request_error', 'content_filter'],
  NETWORK: [502, 'server_error', 'network_error'],
  CANCELLED: [503, 'server_error', 'cancelled'],
  OVERLOADED: [503, 'overloaded_error', 'overloaded'],
  CONFIG: [500, 'server_error', 'configuration_error'],
};

test('each kind has its status, type and code', () => {
  assert.deepEqual(Object.keys(EXPECTED).toSorted(), Object.keys(KINDS).toSorted());
  for (const kind of Object.keys(KINDS).filter((one): one is FaultKind => one in EXPECTED)) {
    const [status, type, code] = EXPECTED[kind];
    const answer = errorAnswer(new Fault(kind, 'Because.'), asIs);
    assert.equal(answer.status, status, kind);
    assert.deepEqual(answer.body, { error: { message: 'Because.', type, param: null, code } });
  }
});

test('the sentence says what to do next, and everything is scrubbed', () => {
  const fault = new Fault('INVALID_INPUT', 'Bad k3y.', { data: { next: 'Drop k3y.', param: 'k3y' } });
  const { body } = errorAnswer(fault, (text) => text.replaceAll('k3y', '***'));
  assert.deepEqual(body, {
    error: { message: 'Bad ***. Drop ***.', type: 'invalid_request_error', param: '***', code: null },
  });
});

test('how long to wait is told in seconds, rounded up, and in milliseconds', () => {
  const { headers } = errorAnswer(new Fault('RATE_LIMITED', 'x', { retryAfterMs: 1200.5 }), asIs);
  assert.deepEqual(headers, { 'retry-after': '2', 'retry-after-ms': '1201' });
});

test('what would be refused again is not to be sent again', () => {
  const shouldRetry = (fault: Fault): string | undefined => errorAnswer(fault, asIs).headers['x-should-retry'];
  for (const kind of ['QUOTA', 'BUDGET', 'AUTH', 'NOT_CONFIGURED', 'CONFIG', 'internal'] as const)
    assert.equal(shouldRetry(new Fault(kind, 'x')), 'false', kind);
  for (const kind of ['RATE_LIMITED', 'UPSTREAM', 'TIMEOUT', 'OVERLOADED', 'INVALID_INPUT'] as const)
    assert.equal(shouldRetry(new Fault(kind, 'x')), undefined, kind);
  assert.equal(shouldRetry(new Fault('UPSTREAM', 'x', { data: { retry: 'never' } })), 'false');
});

test('an instance of ours that asks this one reads the same kind again', () => {
  const told = (kind: FaultKind): string => {
    const { status, headers, body } = errorAnswer(new Fault(kind, 'Because.', { retryAfterMs: 2000 }), asIs);
    const get = (name: string): string | null => headers[name] ?? null;
    const read = readRefusal(status, { get }, JSON.stringify(body), 0);
    assert.equal(read.retryAfterMs, 2000);
    return `${read.kind} ${read.retry}`;
  };
  const expected: Partial<Record<FaultKind, string>> = {
    INVALID_INPUT: 'INVALID_INPUT never',
    MODEL_NOT_FOUND: 'MODEL_NOT_FOUND elsewhere',
    CONTEXT_TOO_LONG: 'CONTEXT_TOO_LONG never',
    CONTENT_FILTER: 'CONTENT_FILTER never',
    RATE_LIMITED: 'RATE_LIMITED again',
    QUOTA: 'QUOTA elsewhere',
    BUDGET: 'QUOTA elsewhere',
    TIMEOUT: 'TIMEOUT again',
    OVERLOADED: 'OVERLOADED again',
    INCOMPLETE: 'INCOMPLETE again',
    EMPTY_ANSWER: 'EMPTY_ANSWER again',
    UPSTREAM: 'UPSTREAM again',
    NETWORK: 'UPSTREAM again',
    AUTH: 'UPSTREAM never',
    NOT_CONFIGURED: 'UPSTREAM never',
    CONFIG: 'UPSTREAM never',
  };
  for (const [kind, as] of Object.entries(expected))
    assert.equal(told(Object.keys(KINDS).find((one): one is FaultKind => one === kind) ?? 'internal'), as, kind);
});
