import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Watchdog } from '../../../../src/providers/attempt/watchdog.ts';
import { FakeClock } from '../../../support/clock.ts';

function watched(): { clock: FakeClock; dog: Watchdog; expired: number[] } {
  const clock = new FakeClock();
  const expired: number[] = [];
  return { clock, expired, dog: new Watchdog(clock, () => expired.push(clock.now())) };
}

test('it expires at the instant last given', () => {
  const { clock, dog, expired } = watched();
  dog.watch(100);
  clock.advance(50);
  dog.watch(150);
  clock.advance(99);
  assert.deepEqual(expired, []);
  clock.advance(1);
  assert.deepEqual(expired, [150]);
});

test('a nearer instant is kept as well', () => {
  const { clock, dog, expired } = watched();
  dog.watch(100);
  dog.watch(10);
  clock.advance(10);
  assert.deepEqual(expired, [10]);
});

test('however often the limit moves, one timer is set', () => {
  const { clock, dog } = watched();
  for (let i = 0; i < 1000; i++) dog.watch(100 + i);
  assert.equal(clock.pending, 1);
});

test('at rest it does not expire, and watching again works', () => {
  const { clock, dog, expired } = watched();
  dog.watch(100);
  dog.rest();
  clock.advance(1000);
  assert.deepEqual(expired, []);
  dog.watch(1200);
  clock.advance(200);
  assert.deepEqual(expired, [1200]);
});

test('closed, it leaves no timer; without a limit it sets none', () => {
  const { clock, dog } = watched();
  dog.watch(Infinity);
  assert.equal(clock.pending, 0);
  dog.watch(100);
  dog.close();
  assert.equal(clock.pending, 0);
});
