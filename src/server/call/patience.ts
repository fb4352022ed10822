// How long a client surely waits for an answer, and whether a job that it is handed instead could be read. Pure.
// Follows promise 2 of the product sheet; MCP.md section 7, "Timeouts".

import type { ClientTraits } from '../../protocol/clients.ts';
import type { Carrier } from '../context.ts';

export interface Waiter {
  readonly traits: ClientTraits;
  /** Whether it hears of our progress. */
  readonly isTold: boolean;
  /** The time a call has anyway. */
  readonly totalMs: number;
  /** As set; 0: no call is ever cut short. */
  readonly softDeadlineMs: number;
}

/** What of a client's limit is kept for the way of the answer. */
const MARGIN_MS = 10_000;

/** How long it waits, in ms; undefined: as long as it takes. */
export function patienceOf({ traits, isTold, totalMs, softDeadlineMs }: Waiter): number | undefined {
  if (softDeadlineMs === 0 || traits.limitMs > totalMs + MARGIN_MS || (traits.extendsOnProgress && isTold)) {
    return undefined;
  }
  return Math.min(softDeadlineMs, traits.limitMs - MARGIN_MS);
}

/** Whether a later call of the client may find a job that this one leaves. */
export function isReachable(carrier: Carrier, traits: ClientTraits): boolean {
  return carrier !== 'process' || !traits.oneProcessPerCall;
}
