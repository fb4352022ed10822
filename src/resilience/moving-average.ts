// An average that forgets: each sample counts less the older it is, by time and not by number, so that a target nobody
// asked for a while is not held to what it was, and samples that come together all count. Pure: it is told the time.

/** Sums of samples and of their weights, as they were at one instant. */
export interface MovingAverage {
  readonly sum: number;
  readonly weight: number;
  readonly at: number;
}

/** The average with one more sample; `before` is undefined for the first. A sample counts half after `halfLifeMs`. */
export function withSample(
  before: MovingAverage | undefined,
  sample: number,
  now: number,
  halfLifeMs: number,
): MovingAverage {
  if (before === undefined) return { sum: sample, weight: 1, at: now };
  const at = Math.max(now, before.at);
  const kept = 0.5 ** ((at - before.at) / halfLifeMs);
  return { sum: before.sum * kept + sample, weight: before.weight * kept + 1, at };
}

export function averageOf({ sum, weight }: MovingAverage): number {
  return sum / weight;
}
