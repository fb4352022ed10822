// A connection is ready when the event loop has polled once more since it was added, and not a turn sooner.

import assert from 'node:assert/strict';
import { stat } from 'node:fs';
import { test } from 'node:test';
import { Settling } from '../../../../src/providers/http/settling.ts';

class Fake {
  isGone = false;
  destroy(): void {
    this.isGone = true;
  }
}

/** Settles when the loop has come to its immediates again. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Runs `act` where answers are read: in a callback of the poll itself. Resolves in the same turn. */
function whilePolling(act: () => void): Promise<void> {
  return new Promise((resolve) =>
    stat('.', () => {
      act();
      // Behind the immediates of `act`.
      setImmediate(resolve);
    }),
  );
}

test('what is added while the loop polls waits for the next poll', async () => {
  const ready: Fake[] = [];
  const settling = new Settling<Fake>((fake) => ready.push(fake));
  const fake = new Fake();
  await whilePolling(() => settling.add(fake));
  assert.deepEqual([ready.length, settling.count], [0, 1]);
  await turn();
  assert.deepEqual([ready, settling.count], [[fake], 0]);
});

test('each waits for a poll of its own', async () => {
  const ready: Fake[] = [];
  const settling = new Settling<Fake>((fake) => ready.push(fake));
  const [first, second] = [new Fake(), new Fake()];
  await whilePolling(() => settling.add(first));
  settling.add(second);
  assert.equal(settling.count, 2);
  await turn();
  assert.deepEqual(ready, [first]);
  await turn();
  await turn();
  assert.deepEqual(ready, [first, second]);
});

test('what has ended by then is not ready, nor counted', async () => {
  const ready: Fake[] = [];
  const settling = new Settling<Fake>((fake) => ready.push(fake));
  const fakes = [new Fake(), new Fake(), new Fake()];
  for (const fake of fakes) settling.add(fake);
  fakes[1]?.destroy();
  assert.equal(settling.count, 2);
  settling.destroy();
  assert.deepEqual([settling.count, fakes.every(({ isGone }) => isGone)], [0, true]);
  for (let i = 0; i < 3; i++) await turn();
  assert.deepEqual(ready, []);
});
