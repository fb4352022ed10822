// Shares by weight, spread evenly and not in bursts; a failed call goes to the heaviest of the others.

import type { PolicyTurn, TargetView } from './policy.ts';

export function weighted<T extends TargetView>(targets: readonly T[], turn: PolicyTurn): readonly T[] {
  const first = turn.pick(targets);
  if (first === undefined) return targets;
  const others = targets.filter((target) => target !== first);
  return [first, ...others.toSorted((a, b) => b.weight - a.weight)];
}
