// The arithmetic of the bench. On a machine that shares its cores an absolute figure means nothing outside
// its run, so every comparison is made within one round and the median of those ratios is what is told.

/** The q-quantile (0 to 1), interpolated; NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).toSorted();
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The median of ours / other, each ratio taken within one round. Rounds that lack either side do not count. */
export function medianRatio(ours: readonly (number | undefined)[], other: readonly (number | undefined)[]): number {
  const ratios = ours.map((value, round) => (value ?? Number.NaN) / (other[round] ?? Number.NaN));
  return median(ratios.filter(Number.isFinite));
}

/** What was measured: metric, then subject, then one value a round. */
export class Samples {
  readonly #values = new Map<string, (number | undefined)[]>();

  put(metric: string, subject: string, round: number, value: number): void {
    const key = `${metric}\n${subject}`;
    const values = this.#values.get(key) ?? [];
    values[round] = value;
    this.#values.set(key, values);
  }

  /** By round; a round that was not measured is a hole. */
  of(metric: string, subject: string): readonly (number | undefined)[] {
    return this.#values.get(`${metric}\n${subject}`) ?? [];
  }

  median(metric: string, subject: string): number {
    return median(this.of(metric, subject).filter((value) => value !== undefined));
  }

  /** Every metric and subject with its values, for `--json`. */
  entries(): { metric: string; subject: string; values: readonly (number | undefined)[] }[] {
    return [...this.#values].map(([key, values]) => {
      const [metric = '', subject = ''] = key.split('\n');
      return { metric, subject, values };
    });
  }
}
