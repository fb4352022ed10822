// The strategies by the names they have in the configuration. A new one is a file here and a row in this table.

import { cost } from './cost.ts';
import { latency } from './latency.ts';
import { leastConnections } from './least-connections.ts';
import type { RouterPolicy } from './policy.ts';
import { priority } from './priority.ts';
import { roundRobin } from './round-robin.ts';
import { weighted } from './weighted.ts';

export type Strategy = 'priority' | 'round-robin' | 'weighted' | 'least-connections' | 'latency' | 'cost';

export const POLICIES: Readonly<Record<Strategy, RouterPolicy>> = {
  priority,
  'round-robin': roundRobin,
  weighted,
  'least-connections': leastConnections,
  latency,
  cost,
};
