// The rules of the product sheet, section 8, one by one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { FaultData, FaultKind } from '../../../../src/core/fault.ts';
import { decide, restMs } from '../../../../src/routing/loop/decide.ts';
import type { Situation, Step } from '../../../../src/routing/loop/decide.ts';

function after(
  kind: FaultKind,
  rest: Partial<Omit<Situation, 'fault'>> & { data?: FaultData; retryAfterMs?: number } = {},
): Step {
  const { data = {}, retryAfterMs, ...situation } = rest;
  const { retries = 0 } = situation;
  const fault = new Fault(kind, 'x', retryAfterMs === undefined ? { data } : { data, retryAfterMs });
  return decide({
    fault,
    isCommitted: false,
    canMend: false,
    room: undefined,
    wasRepaired: false,
    hasOtherKey: false,
    hasFreshTarget: false,
    againMs: restMs(fault, retries + 1, 0.5),
    retries,
    maxRetries: 3,
    wasOverruled: false,
    leftMs: 100_000,
    ...situation,
  });
}

const fails = (because: string): object => ({ do: 'fail', because });

test('what is transient is sent again after a back-off', () => {
  for (const kind of [
    'NETWORK',
    'TIMEOUT',
    'UPSTREAM',
    'INCOMPLETE',
    'EMPTY_ANSWER',
    'OVERLOADED',
    'RATE_LIMITED',
  ] as const) {
    assert.deepEqual(after(kind), { do: 'again', waitMs: 250 }, kind);
  }
  assert.deepEqual(after('UPSTREAM', { retries: 2 }), { do: 'again', waitMs: 1000 });
});

test('MAX_RETRIES is the end of it', () => {
  assert.deepEqual(after('UPSTREAM', { retries: 3 }), fails('tried-enough'));
  assert.deepEqual(after('UPSTREAM', { maxRetries: 0 }), fails('tried-enough'));
});

test('what would come back is not sent again', () => {
  for (const kind of [
    'INVALID_INPUT',
    'CONTEXT_TOO_LONG',
    'CONTENT_FILTER',
    'QUOTA',
    'AUTH',
    'MODEL_NOT_FOUND',
    'CONFIG',
  ] as const) {
    assert.deepEqual(after(kind), fails('final'), kind);
  }
  assert.deepEqual(after('UPSTREAM', { data: { retry: 'never' } }), fails('final'));
});

test('another key is tried at once and uncounted where the failure is of the key', () => {
  for (const kind of ['AUTH', 'QUOTA', 'MODEL_NOT_FOUND'] as const) {
    assert.deepEqual(after(kind, { hasOtherKey: true, retries: 3 }), { do: 'next-key', counts: false }, kind);
  }
  assert.deepEqual(after('NETWORK', { hasOtherKey: true, data: { retry: 'elsewhere' } }), fails('final'));
  assert.deepEqual(after('RATE_LIMITED', { hasOtherKey: true }), { do: 'next-key', counts: true });
  assert.deepEqual(after('RATE_LIMITED', { hasOtherKey: true, retries: 3 }), fails('tried-enough'));
});

test('78, 80: the wait asked for is kept up to a minute, a longer one ends the call', () => {
  assert.deepEqual(after('RATE_LIMITED', { retryAfterMs: 50 }), { do: 'again', waitMs: 50 });
  assert.deepEqual(after('RATE_LIMITED', { retryAfterMs: 60_000 }), { do: 'again', waitMs: 60_000 });
  assert.deepEqual(after('RATE_LIMITED', { retryAfterMs: 60_001 }), fails('wait-too-long'));
});

test('no wait is begun that the deadline would cut', () => {
  assert.deepEqual(after('UPSTREAM', { leftMs: 250 }), fails('no-time'));
  assert.deepEqual(after('UPSTREAM', { leftMs: 251 }), { do: 'again', waitMs: 250 });
  assert.deepEqual(after('INVALID_INPUT', { leftMs: 0, canMend: true }), fails('no-time'));
});

test('a mend comes before everything, counted or not', () => {
  assert.deepEqual(after('INVALID_INPUT', { canMend: true, retries: 3, hasOtherKey: true }), { do: 'mend' });
});

test('81: a repetition the upstream insists on is granted once', () => {
  const data = { retry: 'again' } as const;
  assert.deepEqual(after('INVALID_INPUT', { data }), { do: 'again', waitMs: 250 });
  assert.deepEqual(after('INVALID_INPUT', { data, wasOverruled: true }), fails('final'));
  assert.deepEqual(after('UPSTREAM', { data, wasOverruled: true }), { do: 'again', waitMs: 250 });
});

test('room for thinking: more of it counts, less of it does not, and it is not asked for for ever', () => {
  assert.deepEqual(after('EMPTY_ANSWER', { room: 'raise' }), { do: 'change-room', counts: true });
  assert.deepEqual(after('EMPTY_ANSWER', { room: 'raise', retries: 3 }), fails('tried-enough'));
  assert.deepEqual(after('INVALID_INPUT', { room: 'own', retries: 3 }), { do: 'change-room', counts: false });
  assert.deepEqual(after('EMPTY_ANSWER', { room: 'stop' }), fails('final'));
  assert.deepEqual(after('INVALID_INPUT', { room: 'own', canMend: true }), { do: 'mend' });
});

test('a target that was not tried is tried at once, counted where the failure was transient', () => {
  for (const kind of ['NETWORK', 'TIMEOUT', 'UPSTREAM', 'INCOMPLETE', 'EMPTY_ANSWER', 'RATE_LIMITED'] as const) {
    assert.deepEqual(after(kind, { hasFreshTarget: true }), { do: 'next-target', counts: true }, kind);
    assert.deepEqual(after(kind, { hasFreshTarget: true, retries: 3 }), fails('tried-enough'), kind);
  }
  for (const kind of ['AUTH', 'QUOTA', 'MODEL_NOT_FOUND'] as const) {
    const step = after(kind, { hasFreshTarget: true, retries: 3 });
    assert.deepEqual(step, { do: 'next-target', counts: false }, kind);
    assert.deepEqual(after(kind, { hasFreshTarget: true, hasOtherKey: true }), { do: 'next-key', counts: false }, kind);
  }
});

test('what is the fault of the request does not go anywhere else', () => {
  for (const kind of ['INVALID_INPUT', 'CONTEXT_TOO_LONG', 'CONTENT_FILTER', 'CANCELLED', 'internal'] as const) {
    assert.deepEqual(after(kind, { hasFreshTarget: true, againMs: 0 }), fails('final'), kind);
  }
});

test('a certificate that is not trusted sends the call to another target only', () => {
  const data = { retry: 'elsewhere', upstreamCode: 'tls' } as const;
  assert.deepEqual(after('NETWORK', { data, hasFreshTarget: true }), { do: 'next-target', counts: false });
  assert.deepEqual(after('NETWORK', { data }), fails('final'));
});

test('when all were tried, the one that may be tried soonest is, within MAX_RETRIES', () => {
  assert.deepEqual(after('AUTH', { againMs: 70 }), { do: 'again', waitMs: 70 });
  assert.deepEqual(after('AUTH', { againMs: 70, retries: 3 }), fails('tried-enough'));
  assert.deepEqual(after('RATE_LIMITED', { retryAfterMs: 90_000, againMs: 70 }), { do: 'again', waitMs: 70 });
});

test('80: a wait that is too long is none where another target is left', () => {
  const step = after('RATE_LIMITED', { retryAfterMs: 3_600_000, hasFreshTarget: true });
  assert.deepEqual(step, { do: 'next-target', counts: true });
});

test('a second repair of the request to one target counts', () => {
  assert.deepEqual(after('INVALID_INPUT', { room: 'own', wasRepaired: true }), { do: 'change-room', counts: true });
  const spent = { wasRepaired: true, retries: 3 };
  assert.deepEqual(after('INVALID_INPUT', { room: 'own', ...spent }), fails('final'));
  assert.deepEqual(after('INVALID_INPUT', { canMend: true, ...spent }), fails('final'));
});

test('an answer that got no room goes elsewhere when more room did not help', () => {
  assert.deepEqual(after('EMPTY_ANSWER', { room: 'stop', hasFreshTarget: true }), { do: 'next-target', counts: true });
});

test('a target rests longer each time it fails, and not at all what is not tried again', () => {
  const rests = [1, 2, 3, 9].map((failures) => restMs(new Fault('UPSTREAM', 'x'), failures, 0.5, 100));
  assert.deepEqual(rests, [50, 100, 200, 4000]);
  assert.equal(restMs(new Fault('AUTH', 'x'), 1, 0.5), undefined);
  assert.equal(restMs(new Fault('RATE_LIMITED', 'x', { retryAfterMs: 60_001 }), 1, 0.5), undefined);
});

test('once a part of the answer was handed on, nothing is sent again', () => {
  const everyWayOut = {
    isCommitted: true,
    canMend: true,
    hasOtherKey: true,
    hasFreshTarget: true,
    room: 'raise',
  } as const;
  for (const kind of ['NETWORK', 'INCOMPLETE', 'AUTH', 'INVALID_INPUT', 'EMPTY_ANSWER'] as const)
    assert.deepEqual(after(kind, everyWayOut), fails('committed'));
});
