// One timer for the changing patience of a reader. A stream moves its limit with every read, thousands of
// times a second; the timer is left where it is and looks, when it fires, whether the limit has moved on.

import type { Clock } from '../../core/clock.ts';

export class Watchdog {
  readonly #clock: Clock;
  readonly #onExpire: () => void;
  #due = Infinity;
  #timerAt = Infinity;
  #stopTimer: (() => void) | undefined;

  /** `onExpire` runs when an instant given to `watch` passes before the next `watch` or `rest`. */
  constructor(clock: Clock, onExpire: () => void) {
    this.#clock = clock;
    this.#onExpire = onExpire;
  }

  watch(due: number): void {
    this.#due = due;
    if (due < this.#timerAt) this.#arm(due);
  }

  /** Nothing is being waited for. */
  rest(): void {
    this.#due = Infinity;
  }

  /** The timer is called off for good. */
  close(): void {
    this.rest();
    this.#stopTimer?.();
  }

  #arm(at: number): void {
    this.#stopTimer?.();
    this.#timerAt = at;
    this.#stopTimer = this.#clock.after(at - this.#clock.now(), () => this.#fire());
  }

  #fire(): void {
    this.#timerAt = Infinity;
    if (this.#clock.now() >= this.#due) this.#onExpire();
    else if (this.#due !== Infinity) this.#arm(this.#due);
  }
}
