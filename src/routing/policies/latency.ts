// The faster of two taken by chance: nearly as good as the fastest of all, and calls that decide at the same moment do
// not all run to one target. One whose speed nobody knows is taken for fast, so that it becomes known.

import type { PolicyTurn, TargetView } from './policy.ts';

export function latency<T extends TargetView>(targets: readonly T[], turn: PolicyTurn): readonly T[] {
  const one = Math.floor(turn.draw() * targets.length);
  // Among the others, so that it is not compared with itself.
  const other = (one + 1 + Math.floor(turn.draw() * (targets.length - 1))) % targets.length;
  const [first] = [...targets.slice(one, one + 1), ...targets.slice(other, other + 1)].toSorted(faster);
  if (first === undefined) return targets;
  return [first, ...targets.filter((target) => target !== first).toSorted(faster)];
}

function faster(a: TargetView, b: TargetView): number {
  return (a.latencyMs ?? 0) - (b.latencyMs ?? 0) || a.inFlight - b.inFlight;
}
