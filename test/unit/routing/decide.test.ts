// The rules of the product sheet, section 8, one by one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import type { FaultData, FaultKind } from '../../../src/core/fault.ts';
import { decide } from '../../../src/routing/decide.ts';
import type { Situation, Step } from '../../../src/routing/decide.ts';

function after(
  kind: FaultKind,
  rest: Partial<Omit<Situation, 'fault'>> & { data?: FaultData; retryAfterMs?: number } = {},
): Step {
  const { data = {}, retryAfterMs, ...situation } = rest;
  return decide({
    fault: new Fault(kind, 'x', retryAfterMs === undefined ? { data } : { data, retryAfterMs }),
    canMend: false,
    room: undefined,
    hasOtherKey: false,
    retries: 0,
    maxRetries: 3,
    wasOverruled: false,
    leftMs: 100_000,
    draw: 0.5,
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
