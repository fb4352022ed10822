// Tests of resilience/reservation.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore } from '../../../src/resilience/memory-store.ts';
import { dayEnd, reserve } from '../../../src/resilience/reservation.ts';
import type { Reservation } from '../../../src/resilience/reservation.ts';
import { FakeClock } from '../../support/clock.ts';

const NOON = Date.UTC(2026, 7, 1, 12);

function allowance(perDay: number): (amount: number, wallMs?: number) => Reservation | number {
  const store = new MemoryStore(new FakeClock(), { maxEntries: 100, maxBytes: 100_000 });
  return (amount, wallMs = NOON) => {
    const answer = reserve({ store, name: 'usd ci', perDay }, amount, wallMs);
    assert.ok(!(answer instanceof Promise));
    return 'left' in answer ? answer.left : answer;
  };
}

function held(reservation: Reservation | number): Reservation {
  assert.ok(typeof reservation !== 'number', 'it was refused');
  return reservation;
}

test('what is set aside is not there for others, and what was not taken is again', () => {
  const take = allowance(10);
  const first = held(take(6));
  assert.equal(take(5), 4);
  void first.settle(1);
  held(take(9));
  assert.equal(take(0.5), 0);
});

test('settling twice is settling once', () => {
  const take = allowance(10);
  const first = held(take(6));
  void first.settle(0);
  void first.settle(0);
  held(take(10));
  assert.equal(take(1), 0);
});

test('what took more than foreseen leaves less than nothing', () => {
  const take = allowance(10);
  void held(take(1)).settle(15);
  assert.equal(take(1), -5);
  held(take(0));
});

test('a tenth ten times is the whole, in binary fractions too', () => {
  const take = allowance(1);
  for (let i = 0; i < 10; i++) held(take(0.1));
  assert.ok(typeof take(0.1) === 'number');
});

test('at midnight UTC the day is new, and what is settled then is of the day before', () => {
  const take = allowance(10);
  const late = held(take(10, Date.UTC(2026, 7, 1, 23, 59, 59, 999)));
  const midnight = Date.UTC(2026, 7, 2);
  held(take(10, midnight));
  void late.settle(0);
  assert.equal(take(1, midnight), 0);
  assert.equal(dayEnd(NOON), midnight);
  assert.equal(dayEnd(midnight), Date.UTC(2026, 7, 3));
});
