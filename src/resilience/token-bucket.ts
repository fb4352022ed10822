// A rate as a bucket: it fills at so much a minute and holds a minute's worth, so that over any t minutes no more than
// (1 + t) times the rate is taken. What is taken may be an estimate that is settled later; then the level may go below
// nothing, and what comes next waits for the debt. Told the time, it has no clock.

const MINUTE_MS = 60_000;

/** Levels are sums of fractions: less than this is nothing. */
const NOTHING = 1e-6;

export class TokenBucket {
  readonly #perMinute: number;
  #level: number;
  #at: number;

  /** Full at first. */
  constructor(perMinute: number, now: number) {
    this.#perMinute = perMinute;
    this.#level = perMinute;
    this.#at = now;
  }

  /** Milliseconds until so much may be taken; what is more than the bucket holds may be when it is full. */
  waitMs(amount: number, now: number): number {
    this.#fill(now);
    const lacking = Math.min(amount, this.#perMinute) - this.#level;
    return lacking <= NOTHING ? 0 : (lacking / this.#perMinute) * MINUTE_MS;
  }

  /** Takes it, there or not: ask `waitMs` first. A negative amount is given back. */
  take(amount: number, now: number): void {
    this.#fill(now);
    this.#level = Math.min(this.#perMinute, this.#level - amount);
  }

  #fill(now: number): void {
    const gained = (Math.max(0, now - this.#at) / MINUTE_MS) * this.#perMinute;
    this.#level = Math.min(this.#perMinute, this.#level + gained);
    this.#at = Math.max(this.#at, now);
  }
}
