// As they are written: priorities are told apart before any policy is asked.

import type { TargetView } from './policy.ts';

export function priority<T extends TargetView>(targets: readonly T[]): readonly T[] {
  return targets;
}
