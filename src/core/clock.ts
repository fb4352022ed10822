// Time and timers, as a value that is handed down from main: the only file that touches the real ones.
// Tests hand down a clock of their own, so nothing in the program waits for the wall.

import type { Cancel } from './context.ts';

export interface Clock {
  /** Monotonic milliseconds, for measuring and for deadlines. */
  now(): number;
  /** Milliseconds since the Unix epoch, for showing and for HTTP dates. */
  wall(): number;
  /** Runs `fn` once after `ms` milliseconds; the returned function calls it off. */
  after(ms: number, fn: () => void): () => void;
}

export const systemClock: Clock = {
  // `performance.now` is the same clock, but its first use loads a module that costs more than all our settings.
  now() {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1000 + nanoseconds / 1e6;
  },
  wall: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, Math.min(Math.max(ms, 0), 0x7fffffff));
    return () => clearTimeout(timer);
  },
};

/**
 * Runs `fn` after the event loop has looked for input once more. A turn of the loop and no time: whoever has to
 * know what has arrived by now cannot be told by a clock.
 */
export function afterPoll(fn: () => void): void {
  setImmediate(fn);
}

/**
 * Resolves after `ms`, or as soon as `sooner` has resolved; rejects at once with the reason when the call is cancelled
 * first. `sooner` must never reject.
 */
export function delay(clock: Clock, ms: number, cancel: Cancel, sooner?: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    if (cancel.reason !== undefined) {
      reject(cancel.reason);
      return;
    }
    const over = (): void => {
      stop();
      dispose();
      resolve();
    };
    const stop = clock.after(ms, over);
    const dispose = cancel.onCancel((reason) => {
      stop();
      reject(reason);
    });
    void sooner?.then(over);
  });
}
