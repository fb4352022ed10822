import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault, KINDS } from '../../../src/core/fault.ts';
import type { FaultKind, Retry } from '../../../src/core/fault.ts';

/** Product sheet, sections 6 and 8: what may be tried, and whether a breaker counts it. */
const EXPECTED: Readonly<Record<FaultKind, readonly [Retry, boolean]>> = {
  parse: ['never', false],
  'invalid-request': ['never', false],
  'unknown-method': ['never', false],
  'invalid-params': ['never', false],
  internal: ['never', false],
  'unsupported-revision': ['never', false],
  'invalid-envelope': ['never', false],
  'header-mismatch': ['never', false],
  'missing-capability': ['never', false],
  'not-found': ['never', false],
  'too-large': ['never', false],
  cancelled: ['never', false],
  INVALID_INPUT: ['never', false],
  NOT_CONFIGURED: ['never', false],
  AUTH: ['elsewhere', false],
  MODEL_NOT_FOUND: ['elsewhere', false],
  CONTEXT_TOO_LONG: ['never', false],
  RATE_LIMITED: ['again', false],
  QUOTA: ['elsewhere', false],
  BUDGET: ['never', false],
  TIMEOUT: ['again', true],
  UPSTREAM: ['again', true],
  INCOMPLETE: ['again', true],
  EMPTY_ANSWER: ['again', false],
  CONTENT_FILTER: ['never', false],
  NETWORK: ['again', true],
  CANCELLED: ['never', false],
  OVERLOADED: ['again', true],
  CONFIG: ['never', false],
};

test('every kind says what may be tried after it and whether it counts against the target', () => {
  const actual = Object.fromEntries(Object.entries(KINDS).map(([kind, row]) => [kind, [row.retry, row.tripsBreaker]]));
  assert.deepEqual(actual, EXPECTED);
  const fault = new Fault('UPSTREAM', 'x');
  assert.equal(fault.retry, 'again');
  assert.equal(fault.tripsBreaker, true);
});

test('one fault may differ from its kind', () => {
  assert.equal(new Fault('UPSTREAM', 'x', { data: { retry: 'never' } }).retry, 'never');
});

test('a fault stays itself; anything else becomes internal, and its text stays inside', () => {
  const fault = new Fault('AUTH', 'The key was refused.');
  assert.equal(Fault.from(fault), fault);
  for (const thrown of [new Error('secret'), 'secret', undefined, null, { secret: 1 }]) {
    const made = Fault.from(thrown);
    assert.equal(made.kind, 'internal');
    assert.equal(made.message, 'Internal error.');
    assert.equal(made.cause, thrown);
  }
});

test('more facts make another fault with the same kind, text, cause, wait and stack', () => {
  const cause = new Error('inner');
  const fault = new Fault('RATE_LIMITED', 'Slow down.', {
    data: { provider: 'a', status: 429 },
    retryAfterMs: 50,
    cause,
  });
  const more = fault.with({ provider: 'b', model: 'm' });
  assert.deepEqual(more.data, { provider: 'b', status: 429, model: 'm' });
  assert.deepEqual(
    [more.kind, more.message, more.retryAfterMs, more.cause, more.stack],
    ['RATE_LIMITED', 'Slow down.', 50, cause, fault.stack],
  );
  assert.deepEqual(fault.data, { provider: 'a', status: 429 });
});

test('a fault without a cause has none', () => {
  assert.equal(Object.hasOwn(new Fault('AUTH', 'x'), 'cause'), false);
  assert.equal(Object.hasOwn(new Fault('AUTH', 'x').with({}), 'cause'), false);
});
