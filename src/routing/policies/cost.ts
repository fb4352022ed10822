// The cheapest first; what has no price comes last, because it may be anything.

import type { TargetView } from './policy.ts';

export function cost<T extends TargetView>(targets: readonly T[]): readonly T[] {
  return targets.toSorted((a, b) => compared(a.price ?? Infinity, b.price ?? Infinity));
}

/** Two infinities are equal; their difference is no number. */
function compared(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
