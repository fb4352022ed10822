// What to do after a failed send: the rules of the product sheet, section 8, for one target, as a pure
// function. Each rule says whether the send it leads to counts against MAX_RETRIES; a call can therefore
// never make more sends than 1 + 1 mend + 1 with a cap lowered again + the other keys + MAX_RETRIES.

import { KINDS } from '../core/fault.ts';
import type { Fault, FaultKind } from '../core/fault.ts';
import { backoffMs } from '../resilience/backoff.ts';

export interface Situation {
  readonly fault: Fault;
  /** A change to the request would make it acceptable, and none was made in this call yet. */
  readonly canMend: boolean;
  /** What room.ts makes of the failure, where it is about the room for the answer. */
  readonly room: 'raise' | 'own' | 'stop' | undefined;
  /** A key is left that this call has not tried. */
  readonly hasOtherKey: boolean;
  /** Counted sends so far. */
  readonly retries: number;
  readonly maxRetries: number;
  /** Once in this call the upstream has asked for a repetition that we would not have made. */
  readonly wasOverruled: boolean;
  /** Milliseconds until the call's deadline. */
  readonly leftMs: number;
  /** Uniform in [0, 1). */
  readonly draw: number;
}

export type Step =
  | { readonly do: 'mend' }
  | { readonly do: 'change-room'; readonly counts: boolean }
  | { readonly do: 'next-key'; readonly counts: boolean }
  | { readonly do: 'again'; readonly waitMs: number }
  | { readonly do: 'fail'; readonly because: 'final' | 'tried-enough' | 'wait-too-long' | 'no-time' };

/** The longest wait an upstream may ask for; a longer one is an answer to give the caller at once. */
const MAX_WAIT_MS = 60_000;

/** Failures that are the key's and not the target's. */
const OF_THE_KEY: ReadonlySet<FaultKind> = new Set<FaultKind>(['AUTH', 'QUOTA', 'MODEL_NOT_FOUND']);

export function decide(situation: Situation): Step {
  const { fault, canMend, room, hasOtherKey, retries, maxRetries, wasOverruled, leftMs, draw } = situation;
  if (leftMs <= 0) return { do: 'fail', because: 'no-time' };
  if (canMend) return { do: 'mend' };
  if (room === 'own') return { do: 'change-room', counts: false };
  if (room === 'stop') return { do: 'fail', because: 'final' };
  if (room === 'raise' && retries < maxRetries) return { do: 'change-room', counts: true };
  if (fault.retry === 'elsewhere' && hasOtherKey && OF_THE_KEY.has(fault.kind))
    return { do: 'next-key', counts: false };
  if (fault.retry !== 'again') return { do: 'fail', because: 'final' };
  if (wasOverruled && isOverruling(fault)) return { do: 'fail', because: 'final' };
  if (retries >= maxRetries) return { do: 'fail', because: 'tried-enough' };
  // The limit is the key's: another one need not wait for it.
  if (fault.kind === 'RATE_LIMITED' && hasOtherKey) return { do: 'next-key', counts: true };
  const waitMs = fault.retryAfterMs ?? backoffMs(retries, draw);
  if (waitMs > MAX_WAIT_MS) return { do: 'fail', because: 'wait-too-long' };
  return waitMs >= leftMs ? { do: 'fail', because: 'no-time' } : { do: 'again', waitMs };
}

/** The upstream asks for a repetition (`x-should-retry`) of what is not repeated otherwise: granted once. */
export function isOverruling(fault: Fault): boolean {
  return fault.retry === 'again' && KINDS[fault.kind].retry !== 'again';
}
