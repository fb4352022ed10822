// The targets of one call: those that are still to be tried, and the legs of those that were. Which is next is settled
// when it is needed, because other calls may have found out about it meanwhile.

import type { Clock } from '../../core/clock.ts';
import type { Ask } from '../../providers/dialect.ts';
import { Leg } from './leg.ts';
import type { Choice } from './leg.ts';
import type { Standing } from '../targets/target.ts';

const STANDINGS: readonly Standing[] = ['ready', 'unwell', 'closed'];

export class Legs {
  readonly #clock: Clock;
  readonly #ask: Ask;
  readonly #fresh: Choice[];
  readonly #begun: Leg[] = [];
  /** There is one target only, so there is nowhere else to go. */
  readonly isAlone: boolean;

  /** `order`: in order of preference. */
  constructor(clock: Clock, ask: Ask, order: readonly Choice[]) {
    this.#clock = clock;
    this.#ask = ask;
    this.#fresh = [...order];
    this.isAlone = order.length === 1;
  }

  get hasFresh(): boolean {
    return this.#fresh.length > 0;
  }

  /** The first one that was tried. */
  get preferred(): Leg | undefined {
    return this.#begun[0];
  }

  /** The best of those that were not tried: the first of those that stand best. Undefined when all were. */
  nextFresh(): Leg | undefined {
    const now = this.#clock.now();
    const [choice] = this.#fresh.splice(this.#best(now), 1);
    if (choice === undefined) return undefined;
    const leg = new Leg(choice, this.#ask, now);
    this.#begun.push(leg);
    return leg;
  }

  #best(now: number): number {
    if (this.#fresh.length <= 1) return 0;
    const standings = this.#fresh.map(({ target }) => target.standing(now));
    const best = STANDINGS.find((standing) => standings.includes(standing)) ?? 'ready';
    return standings.indexOf(best);
  }

  /** The one that may be tried again soonest, the preferred one of equals; one whose breaker is open only if all are. */
  soonest(): Leg | undefined {
    const now = this.#clock.now();
    const left = this.#begun.filter(({ notBefore }) => notBefore < Infinity);
    const open = left.filter(({ target }) => target.health.mayBegin(now));
    const from = open.length > 0 ? open : left;
    return from.toSorted((a, b) => a.notBefore - b.notBefore)[0];
  }
}
