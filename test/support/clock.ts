// A clock that only a test moves. Timers fire in the order they fall due, each at its own instant, and a timer
// set while another fires takes its turn within the same step.

import type { Clock } from '../../src/core/clock.ts';

interface Timer {
  readonly at: number;
  readonly fn: () => void;
}

export class FakeClock implements Clock {
  #now: number;
  readonly #epoch: number;
  readonly #timers = new Set<Timer>();

  constructor(now = 0, epoch = 1_700_000_000_000) {
    this.#now = now;
    this.#epoch = epoch;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#epoch + this.#now;
  }

  after(ms: number, fn: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(ms, 0), fn };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Timers that are set and have not fired. */
  get pending(): number {
    return this.#timers.size;
  }

  /** When the next timer falls due, if one is set. */
  get nextAt(): number | undefined {
    return this.#next(Number.POSITIVE_INFINITY)?.at;
  }

  advance(ms: number): void {
    this.advanceTo(this.#now + ms);
  }

  advanceTo(instant: number): void {
    for (let timer = this.#next(instant); timer !== undefined; timer = this.#next(instant)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.fn();
    }
    this.#now = Math.max(this.#now, instant);
  }

  /** The next timer due by then; of two due at once the one set first. */
  #next(instant: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= instant && (next === undefined || timer.at < next.at)) next = timer;
    }
    return next;
  }
}
