// A daily allowance by reservation: before the work so much as it may take is set aside, after it only what it took
// remains. Calls that run together therefore never use up the same rest. Days are those of UTC. Stands on a Store;
// told the time.

import { soonAfter } from '../core/store.ts';
import type { Soon, Store } from '../core/store.ts';

const DAY_MS = 24 * 3_600_000;

/** Counts outlive their day by as much, for what is settled after midnight. */
const KEPT_MS = 2 * DAY_MS;

export interface Allowance {
  readonly store: Store;
  /** Whose, and of what: `budget usd ci`. */
  readonly name: string;
  readonly perDay: number;
}

export interface Reservation {
  /** What was taken in the end stands in place of what was set aside; 0 gives it all back. Once only. */
  settle(actual: number): Soon<void>;
}

/** What is left, negative when more was taken than foreseen. */
export interface Refusal {
  readonly left: number;
}

/** Sets so much aside for the day it is, or says what is left of it. Amounts may be fractions. */
export function reserve(
  { store, name, perDay }: Allowance,
  amount: number,
  wallMs: number,
): Soon<Reservation | Refusal> {
  const key = keyOf(name, wallMs);
  const add = (by: number): Soon<number> => store.incr(key, by, KEPT_MS);
  return soonAfter<number, Reservation | Refusal>(add(amount), (sum) => {
    // What is free is never refused; and sums of fractions are rounded, which must not refuse the last cent.
    if (amount === 0 || sum <= perDay * (1 + 1e-9)) return held(add, amount);
    return soonAfter(add(-amount), () => ({ left: perDay - (sum - amount) }));
  });
}

/** What is left for the day it is, what is set aside taken off; negative when more was taken than foreseen. */
export function leftOf({ store, name, perDay }: Allowance, wallMs: number): Soon<number> {
  return soonAfter(store.get(keyOf(name, wallMs)), (sum) => perDay - Number(sum ?? 0));
}

function keyOf(name: string, wallMs: number): string {
  return `${name} ${Math.floor(wallMs / DAY_MS)}`;
}

function held(add: (by: number) => Soon<number>, amount: number): Reservation {
  let isSettled = false;
  return {
    settle(actual) {
      if (isSettled || actual === amount) return;
      isSettled = true;
      return soonAfter(add(actual - amount), () => {});
    },
  };
}

/** When the day of UTC ends that this instant is in, in milliseconds since the epoch. */
export function dayEnd(wallMs: number): number {
  return (Math.floor(wallMs / DAY_MS) + 1) * DAY_MS;
}
