import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import type { FaultKind } from '../../../src/core/fault.ts';
import { accountOf, quoted, wireError } from '../../../src/protocol/errors.ts';

const asIs = (text: string): string => text;

test('every kind has the code of the sheet', () => {
  const codes: Record<FaultKind, number> = {
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
    cancelled: -31000,
    INVALID_INPUT: -32602,
    NOT_CONFIGURED: -31000,
    AUTH: -31000,
    MODEL_NOT_FOUND: -31000,
    CONTEXT_TOO_LONG: -31000,
    RATE_LIMITED: -31000,
    QUOTA: -31000,
    BUDGET: -31000,
    TIMEOUT: -31000,
    UPSTREAM: -31000,
    INCOMPLETE: -31000,
    EMPTY_ANSWER: -31000,
    CONTENT_FILTER: -31000,
    NETWORK: -31000,
    CANCELLED: -31000,
    OVERLOADED: -31000,
    CONFIG: -31000,
  };
  for (const [kind, code] of Object.entries(codes) as [FaultKind, number][]) {
    assert.equal(wireError(new Fault(kind, 'Sentence.'), asIs).code, code, kind);
  }
});

test('a failure outside a tool carries the error object as data', () => {
  const fault = new Fault('RATE_LIMITED', 'corp refused the request', {
    retryAfterMs: 1500,
    data: {
      provider: 'corp',
      model: 'big',
      status: 429,
      requestId: 'req_9',
      next: 'Wait two seconds.',
      attempts: [{ provider: 'corp', model: 'big', status: 429, ms: 12, error: 'RATE_LIMITED' }],
      upstreamCode: 'not shown',
    },
  });
  assert.deepEqual(wireError(fault, asIs), {
    code: -31000,
    message: 'corp refused the request. Wait two seconds.',
    data: {
      code: 'RATE_LIMITED',
      provider: 'corp',
      model: 'big',
      status: 429,
      request_id: 'req_9',
      retry_after_s: 2,
      attempts: [{ provider: 'corp', model: 'big', status: 429, ms: 12, error: 'RATE_LIMITED' }],
      next: 'Wait two seconds.',
    },
  });
});

test('where a fault does not say what to do next, its kind does', () => {
  assert.deepEqual(accountOf(new Fault('OVERLOADED', 'Too much at once.'), asIs), {
    text: 'Too much at once. Wait a little and call again.',
    error: { code: 'OVERLOADED', attempts: [], next: 'Wait a little and call again.' },
  });
});

test('a message without an end is given one, and a question keeps its own', () => {
  const text = (message: string): string | undefined =>
    accountOf(new Fault('OVERLOADED', message, { data: { next: 'Wait' } }), asIs)?.text;
  assert.equal(text('Full'), 'Full. Wait.');
  assert.equal(text('Full!'), 'Full! Wait.');
  assert.equal(text('Full (did you mean "x"?)'), 'Full (did you mean "x"?). Wait.');
});

test('failures of the protocol and bugs have no account for a caller', () => {
  for (const kind of ['parse', 'invalid-params', 'internal', 'cancelled', 'unsupported-revision'] as const) {
    assert.equal(accountOf(new Fault(kind, 'x'), asIs), undefined);
  }
});

test('the data a revision defines goes out as it is', () => {
  const fault = new Fault('unsupported-revision', 'No.', { data: { wire: { supported: ['a'], requested: 'b' } } });
  assert.deepEqual(wireError(fault, asIs), {
    code: -32022,
    message: 'No.',
    data: { supported: ['a'], requested: 'b' },
  });
});

test('a bug shows nothing of its cause', () => {
  const fault = Fault.from(new TypeError('s3cret at file.ts:3'));
  assert.deepEqual(wireError(fault, asIs), { code: -32603, message: 'Internal error.' });
});

test('everything shown is scrubbed', () => {
  const scrub = (text: string): string => text.replaceAll('KEY', '***');
  const fault = new Fault('AUTH', 'KEY was refused', {
    data: {
      provider: 'pKEY',
      model: 'mKEY',
      requestId: 'rKEY',
      next: 'Not KEY.',
      attempts: [{ provider: 'KEY', model: 'KEY', status: 401, ms: 1 }],
    },
  });
  assert.doesNotMatch(JSON.stringify(wireError(fault, scrub)), /KEY/);
  assert.deepEqual(wireError(new Fault('invalid-params', 'KEY?'), scrub), { code: -32602, message: '***?' });
});

test('quoted keeps a name short and on one line', () => {
  assert.equal(quoted('a"b\n'), '"a\\"b\\n"');
  assert.equal(quoted('x'.repeat(1000)), `"${'x'.repeat(64)}…"`);
});

test('the error object says how long the context was, and what a filter objected to', () => {
  const long = new Fault('CONTEXT_TOO_LONG', 'Too long.', { data: { tokens: { asked: 9001, limit: 8192 } } });
  assert.deepEqual(accountOf(long, asIs)?.error['context'], { tokens: 9001, limit: 8192 });
  const half = new Fault('CONTEXT_TOO_LONG', 'Too long.', { data: { tokens: { limit: 8192 } } });
  assert.deepEqual(accountOf(half, asIs)?.error['context'], { limit: 8192 });
  const filtered = new Fault('CONTENT_FILTER', 'Filtered.', { data: { category: 'hate' } });
  const error = accountOf(filtered, (text) => text.toUpperCase())?.error ?? {};
  assert.equal(error['category'], 'HATE');
  assert.ok(!('context' in error));
});
