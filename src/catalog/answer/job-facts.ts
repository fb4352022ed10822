// How a job is spoken of in results: as data under `anymodel/job`, and as the call that reads on.
// Follows product sheet, section 4 (`job`).

import { present } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';

export interface JobFacts {
  readonly id: string;
  readonly state: string;
  /** Where the text that is shown begins, and where the rest does; absent: there is no more. */
  readonly offset: number;
  readonly next?: number;
  /** Characters of the whole text; absent while it grows. */
  readonly total?: number;
}

export function jobFacts({ id, state, offset, next, total }: JobFacts): JsonObject {
  return { id, state, offset, ...present({ next_offset: next, total }) };
}

/** The arguments that read on. */
export function nextCall(id: string, action: 'get' | 'wait', offset: number): string {
  return JSON.stringify({ id, action, offset });
}
