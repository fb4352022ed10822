// Where the fewest answers are under way for its weight; those that have equally many take turns.

import type { PolicyTurn, TargetView } from './policy.ts';
import { roundRobin } from './round-robin.ts';

export function leastConnections<T extends TargetView>(targets: readonly T[], turn: PolicyTurn): readonly T[] {
  return roundRobin(targets, turn).toSorted((a, b) => a.inFlight / a.weight - b.inFlight / b.weight);
}
