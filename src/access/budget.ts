// What a client may take in a day, in money and in tokens, by reservation: the estimate is set aside before the call and
// settled after it, so that calls that run together do not spend the same rest. Days are those of UTC.

import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import { present } from '../core/json.ts';
import type { Soon, Store } from '../core/store.ts';
import { soonAfter } from '../core/store.ts';
import { dayEnd, leftOf, reserve } from '../resilience/reservation.ts';
import type { Refusal, Reservation } from '../resilience/reservation.ts';
import type { Remainder, Remainders } from './remainders.ts';

/** Absent: no limit. */
export interface DailyBudget {
  readonly budgetUsdPerDay?: number;
  readonly budgetTokensPerDay?: number;
}

/** What a call may take, or took. */
export interface Spending {
  /** Absent where the model has no price: then only tokens are counted. */
  readonly usd?: number | undefined;
  readonly tokens: number;
}

export interface BudgetOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** That of a client, as it is now. */
  readonly budgetOf: (client: string) => DailyBudget;
}

/** What was set aside for a call. */
export interface Held {
  /** What it took in the end; nothing gives all of it back. Once only. */
  settle(actual: Spending): Soon<void>;
}

const FREE: Held = { settle() {} };

export class Budget {
  readonly #options: BudgetOptions;

  constructor(options: BudgetOptions) {
    this.#options = options;
  }

  /** Sets aside what a call of the client may take. Throws or rejects with `BUDGET` when there is not so much left. */
  reserve(client: string, { usd = 0, tokens }: Spending): Soon<Held> {
    const { budgetUsdPerDay, budgetTokensPerDay } = this.#options.budgetOf(client);
    if (budgetUsdPerDay === undefined && budgetTokensPerDay === undefined) return FREE;
    const inMoney = this.#hold(`usd ${client}`, usd, budgetUsdPerDay);
    return soonAfter(inMoney, (heldUsd) => {
      if (isRefusal(heldUsd)) throw this.#spent(heldUsd, usd, { perDay: budgetUsdPerDay, spell: inUsd });
      return soonAfter(this.#hold(`tokens ${client}`, tokens, budgetTokensPerDay), (heldTokens) => {
        if (!isRefusal(heldTokens)) return both(heldUsd, heldTokens);
        return soonAfter(heldUsd?.settle(0), () => {
          throw this.#spent(heldTokens, tokens, { perDay: budgetTokensPerDay, spell: inTokens });
        });
      });
    });
  }

  /** What is left of the day's tokens and money, where they are limited. */
  left(client: string): Soon<Pick<Remainders, 'tokens' | 'usd'>> {
    const { budgetUsdPerDay, budgetTokensPerDay } = this.#options.budgetOf(client);
    return soonAfter(this.#rest(`usd ${client}`, budgetUsdPerDay), (usd) =>
      soonAfter(this.#rest(`tokens ${client}`, budgetTokensPerDay), (tokens) => present({ usd, tokens })),
    );
  }

  #rest(name: string, perDay: number | undefined): Soon<Remainder | undefined> {
    if (perDay === undefined) return undefined;
    const { store, clock } = this.#options;
    const wall = clock.wall();
    const resetMs = dayEnd(wall) - wall;
    return soonAfter(leftOf({ store, name: `budget ${name}`, perDay }, wall), (left) => ({
      limit: perDay,
      left: Math.max(0, left),
      resetMs,
    }));
  }

  #hold(name: string, amount: number, perDay: number | undefined): Soon<Reservation | Refusal | undefined> {
    if (perDay === undefined) return undefined;
    const { store, clock } = this.#options;
    return reserve({ store, name: `budget ${name}`, perDay }, amount, clock.wall());
  }

  #spent({ left }: Refusal, asked: number, { perDay = 0, spell }: Bound): Fault {
    const wall = this.#options.clock.wall();
    const end = dayEnd(wall);
    // Sums of fractions leave a dust that is nothing.
    const rest =
      left <= perDay * 1e-9 ? 'is used up' : `has ${spell(left)} left, and this call may take ${spell(asked)}`;
    const reset = `${new Date(end).toISOString().slice(0, 16)}Z`;
    return new Fault('BUDGET', `The budget of ${spell(perDay)} a day ${rest}. It begins anew at ${reset}.`, {
      data: { next: `Wait until ${reset}, ask for less (a smaller max_tokens), or have the budget raised.` },
      retryAfterMs: end - wall,
    });
  }
}

/** How much there is in a day, and how amounts of it are written. */
interface Bound {
  readonly perDay: number | undefined;
  readonly spell: (amount: number) => string;
}

const inUsd = (amount: number): string => `$${money(amount)}`;
const inTokens = (amount: number): string => `${Math.ceil(amount)} tokens`;

function both(usd: Reservation | undefined, tokens: Reservation | undefined): Held {
  return {
    settle: (actual) => soonAfter(usd?.settle(actual.usd ?? 0), () => tokens?.settle(actual.tokens)),
  };
}

function isRefusal(held: Reservation | Refusal | undefined): held is Refusal {
  return held !== undefined && 'left' in held;
}

/** Cents, and more digits only where cents would say nothing. */
function money(amount: number): string {
  return amount >= 0.01 || amount <= 0 ? amount.toFixed(2) : amount.toPrecision(1);
}
