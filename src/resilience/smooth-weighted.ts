// Shares by weight without bursts: with weights 5, 1, 1 the order is a a b a c a a, and not a a a a a b c. The method
// is the one nginx balances with: each round everybody gains its weight, who has most is picked and pays the sum.

export interface Weighted {
  /** What its credit is kept under. */
  readonly name: string;
  /** More than 0. */
  readonly weight: number;
}

export class SmoothWeighted {
  /** Of those that were offered last; who was not loses it, so that nobody comes back with the credit of an hour. */
  #credits = new Map<string, number>();

  /** One of the offered; undefined when there is none. Its share over time is its weight's. */
  pick<T extends Weighted>(offered: readonly T[]): T | undefined {
    const credits = new Map<string, number>();
    let sum = 0;
    let best: T | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (const one of offered) {
      const credit = (this.#credits.get(one.name) ?? 0) + one.weight;
      credits.set(one.name, credit);
      sum += one.weight;
      if (credit > most) {
        best = one;
        most = credit;
      }
    }
    if (best !== undefined) credits.set(best.name, most - sum);
    this.#credits = credits;
    return best;
  }
}
