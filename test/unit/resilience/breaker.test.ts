// Tests of resilience/breaker.ts: the rows of its table that a person would ask about.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOSED, mayBegin, next } from '../../../src/resilience/breaker.ts';
import type { BreakerEvent, BreakerState } from '../../../src/resilience/breaker.ts';

const SETTINGS = { failures: 5, openForMs: 30_000 };
const FAILURE: BreakerEvent = { type: 'failure', wasProbe: false };

function after(events: readonly BreakerEvent[], now: number, from: BreakerState = CLOSED): BreakerState {
  return events.reduce((state, event) => next(state, event, now, SETTINGS), from);
}

test('five failures in a row open it for 30 seconds, four do not', () => {
  assert.equal(mayBegin(after([FAILURE, FAILURE, FAILURE, FAILURE], 0), 0), true);
  const open = after([FAILURE, FAILURE, FAILURE, FAILURE, FAILURE], 1000);
  assert.deepEqual(open, { is: 'open', until: 31_000 });
  assert.equal(mayBegin(open, 30_999), false);
  assert.equal(mayBegin(open, 31_000), true);
});

test('a success between them counts from the beginning', () => {
  const state = after([FAILURE, FAILURE, FAILURE, FAILURE, { type: 'success' }, FAILURE], 0);
  assert.deepEqual(state, { is: 'closed', failures: 1 });
});

test('then one probe, and while it is under way no other call', () => {
  const probing = after([{ type: 'begin' }], 50, { is: 'open', until: 50 });
  assert.equal(probing.is, 'half-open');
  assert.equal(mayBegin(probing, 1_000_000), false);
  assert.deepEqual(after([{ type: 'success' }], 60, probing), { is: 'closed', failures: 0 });
  assert.deepEqual(after([{ type: 'failure', wasProbe: true }], 60, probing), { is: 'open', until: 30_060 });
});

test('a probe that was called off makes room for another one', () => {
  const state = after([{ type: 'abandoned', wasProbe: true }], 70, { is: 'half-open' });
  assert.equal(mayBegin(state, 70), true);
});

test('what fails late neither prolongs the opening nor ends a probe', () => {
  assert.deepEqual(after([FAILURE], 20, { is: 'open', until: 50 }), { is: 'open', until: 50 });
  assert.deepEqual(after([FAILURE, { type: 'abandoned', wasProbe: false }], 60, { is: 'half-open' }), {
    is: 'half-open',
  });
});

test('a call that is made although it is open, and succeeds, closes it', () => {
  const forced = after([{ type: 'begin' }], 20, { is: 'open', until: 50 });
  assert.deepEqual(forced, { is: 'open', until: 50 });
  assert.deepEqual(after([{ type: 'success' }], 25, forced), { is: 'closed', failures: 0 });
});
