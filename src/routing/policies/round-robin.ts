// Each in turn; the next ones in the circle are where a failed call goes.

import type { PolicyTurn, TargetView } from './policy.ts';

export function roundRobin<T extends TargetView>(targets: readonly T[], { counter }: PolicyTurn): readonly T[] {
  const first = targets.length === 0 ? 0 : counter % targets.length;
  return first === 0 ? targets : [...targets.slice(first), ...targets.slice(0, first)];
}
