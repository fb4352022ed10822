import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delay, systemClock } from '../../../src/core/clock.ts';
import { CancelSource } from '../../../src/core/context.ts';
import { Fault } from '../../../src/core/fault.ts';
import { FakeClock } from '../../support/clock.ts';

test('a delay ends when its time has come and not before', async () => {
  const clock = new FakeClock();
  let isOver = false;
  const waiting = delay(clock, 100, new CancelSource()).then(() => (isOver = true));
  clock.advance(99);
  await Promise.resolve();
  assert.equal(isOver, false);
  clock.advance(1);
  await waiting;
  assert.equal(isOver, true);
});

test('a cancelled delay rejects with the reason and leaves no timer', async () => {
  const clock = new FakeClock();
  const source = new CancelSource();
  const waiting = delay(clock, 100, source);
  const reason = new Fault('cancelled', 'gone');
  source.cancel(reason);
  await assert.rejects(waiting, (thrown) => thrown === reason);
  assert.equal(clock.pending, 0);
});

test('a delay of a call that is already cancelled sets no timer', async () => {
  const clock = new FakeClock();
  const source = new CancelSource();
  source.cancel(new Fault('cancelled', 'gone'));
  await assert.rejects(delay(clock, 100, source), /gone/);
  assert.equal(clock.pending, 0);
});

test('a delay that is over no longer listens for the cancel', async () => {
  const clock = new FakeClock();
  const listening = new Set<unknown>();
  const cancel = {
    reason: undefined,
    onCancel(fn: unknown) {
      listening.add(fn);
      return () => void listening.delete(fn);
    },
  };
  const waiting = delay(clock, 10, cancel);
  assert.equal(listening.size, 1);
  clock.advance(10);
  await waiting;
  assert.equal(listening.size, 0);
});

test('the system clock calls off a timer, and goes forward', () => {
  const stop = systemClock.after(1, () => assert.fail('fired'));
  stop();
  assert.ok(systemClock.now() <= systemClock.now());
  assert.ok(systemClock.wall() > 1_600_000_000_000);
});
