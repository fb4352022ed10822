// What one client may ask of us: requests a minute, and requests under way. Counted in a Store, so that instances that
// share one share the limit. The rate is judged over the minute that ends now, from the counts of this minute and of
// the one before by the part of it that is still in view.

import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { Soon, Store } from '../core/store.ts';
import { soonAfter } from '../core/store.ts';
import type { Remainder } from './remainders.ts';

/** Absent: no limit. */
export interface InboundLimits {
  readonly requestsPerMinute?: number;
  readonly concurrency?: number;
}

export interface ClientGateOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Those of a client, as they are now. */
  readonly limitsOf: (client: string) => InboundLimits;
}

const MINUTE_MS = 60_000;

/** What is under way is forgotten when nothing was heard of the client for so long: an instance may have died. */
const HELD_MS = 24 * 3_600_000;

const nothing = (): void => {};

export class ClientGate {
  readonly #options: ClientGateOptions;

  constructor(options: ClientGateOptions) {
    this.#options = options;
  }

  /**
   * Lets a request in and answers how to say that it is over, which must be said; more than once is once. Throws or
   * rejects with `RATE_LIMITED` or `OVERLOADED`.
   */
  enter(client: string): Soon<() => void> {
    return soonAfter(this.#occupy(client), (leave) => {
      const counted = this.#count(client);
      if (!(counted instanceof Promise)) return entered(counted, leave);
      return counted.then(
        (fault) => entered(fault, leave),
        (thrown: unknown) => entered(Fault.from(thrown), leave),
      );
    });
  }

  /** What is left of the requests of a minute; undefined where there is no such limit. */
  left(client: string): Soon<Remainder | undefined> {
    const { store, clock, limitsOf } = this.#options;
    const { requestsPerMinute: limit } = limitsOf(client);
    if (limit === undefined) return undefined;
    const now = clock.wall();
    const minute = Math.floor(now / MINUTE_MS);
    const restMs = MINUTE_MS - (now % MINUTE_MS);
    const countOf = (which: number): Soon<number> =>
      soonAfter(store.get(minuteKey(which, client)), (count) => Number(count ?? 0));
    return soonAfter(countOf(minute - 1), (last) =>
      soonAfter(countOf(minute), (count) => {
        const used = (last * restMs) / MINUTE_MS + count;
        const resetMs = count > 0 ? restMs + MINUTE_MS : last > 0 ? restMs : 0;
        return { limit, left: Math.max(0, limit - used), resetMs };
      }),
    );
  }

  /** Takes one of the places. */
  #occupy(client: string): Soon<() => void> {
    const { store } = this.#options;
    const { concurrency } = this.#options.limitsOf(client);
    if (concurrency === undefined) return nothing;
    const key = `under way ${client}`;
    return soonAfter(store.incr(key, 1, HELD_MS), (underWay) => {
      const leave = once(() => vacate(store, key));
      if (underWay <= concurrency) return leave;
      leave();
      throw new Fault('OVERLOADED', `${concurrency} requests of this client are under way already.`, {
        data: { next: 'Wait until one of them is over, or have its concurrency raised.' },
        retryAfterMs: 1000,
      });
    });
  }

  /** Counts the request in its minute; answers why it may not be, uncounted, when there were enough. */
  #count(client: string): Soon<Fault | undefined> {
    const { store, clock } = this.#options;
    const { requestsPerMinute: limit } = this.#options.limitsOf(client);
    if (limit === undefined) return undefined;
    const now = clock.wall();
    const minute = Math.floor(now / MINUTE_MS);
    const intoMinute = now / MINUTE_MS - minute;
    const keyOf = (which: number): string => minuteKey(which, client);
    return soonAfter(store.get(keyOf(minute - 1)), (before) =>
      soonAfter(store.incr(keyOf(minute), 1, 2 * MINUTE_MS), (count) => {
        const last = Number(before ?? 0);
        if (last * (1 - intoMinute) + count <= limit) return undefined;
        return soonAfter(store.incr(keyOf(minute), -1, 2 * MINUTE_MS), (counted) =>
          tooMany(limit, waitMinutes({ limit, last, counted, intoMinute }) * MINUTE_MS),
        );
      }),
    );
  }
}

function minuteKey(which: number, client: string): string {
  return `minute ${which} ${client}`;
}

interface Counts {
  readonly limit: number;
  /** Requests of the last minute, and of this one. */
  readonly last: number;
  readonly counted: number;
  /** How much of this minute is over, in [0, 1). */
  readonly intoMinute: number;
}

/** Minutes until one more fits: when enough of the last minute is out of view, or of this one in the next. */
function waitMinutes({ limit, last, counted, intoMinute }: Counts): number {
  const room = limit - counted - 1;
  if (room >= 0 && last > 0) return Math.max(0, 1 - room / last - intoMinute);
  return 1 - intoMinute + Math.max(0, 1 - (limit - 1) / counted);
}

function tooMany(limit: number, waitMs: number): Fault {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new Fault('RATE_LIMITED', `This client has asked ${limit} times within a minute, which is its limit.`, {
    data: { next: `Call again in ${seconds} s, or have its requestsPerMinute raised.` },
    retryAfterMs: seconds * 1000,
  });
}

function entered(fault: Fault | undefined, leave: () => void): () => void {
  if (fault === undefined) return leave;
  leave();
  throw fault;
}

/** A count that was forgotten meanwhile does not go below nothing. */
function vacate(store: Store, key: string): void {
  const left = soonAfter(store.incr(key, -1, HELD_MS), (count) => (count < 0 ? store.incr(key, 1, HELD_MS) : count));
  // There is nobody to tell any more; the count ends with its time.
  if (left instanceof Promise) left.catch(nothing);
}

function once(fn: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    fn();
  };
}
