// What to do after a failed send: the rules of the product sheet, section 8, as a pure function. Each rule says whether
// the send it leads to counts against MAX_RETRIES: it does when it repeats a target or follows a transient failure. Not
// counted are the first send to each target, each further key of one, and one repair of the request for each target;
// a call can therefore never make more sends than targets + keys + MAX_RETRIES.

import { KINDS } from '../../core/fault.ts';
import type { Fault, FaultKind } from '../../core/fault.ts';
import { backoffMs } from '../../resilience/backoff.ts';

export interface Situation {
  readonly fault: Fault;
  /** A part of the answer was handed on as the answer: another attempt would say it twice. */
  readonly isCommitted: boolean;
  /** A change to the request would make it acceptable, and none was made for this target yet. */
  readonly canMend: boolean;
  /** What room.ts makes of the failure, where it is about the room for the answer. */
  readonly room: 'raise' | 'own' | 'stop' | undefined;
  /** The request to this target was changed after a refusal before, uncounted. */
  readonly wasRepaired: boolean;
  /** A key is left that this call has not tried on this target. */
  readonly hasOtherKey: boolean;
  /** A target is left that this call has not tried. */
  readonly hasFreshTarget: boolean;
  /** Until one of those that were tried, this one or another, may be tried again; undefined: none may. */
  readonly againMs: number | undefined;
  /** Counted sends so far. */
  readonly retries: number;
  readonly maxRetries: number;
  /** Once in this call the upstream has asked for a repetition that we would not have made. */
  readonly wasOverruled: boolean;
  /** Milliseconds until the call's deadline. */
  readonly leftMs: number;
}

export type Step =
  | { readonly do: 'mend' }
  | { readonly do: 'change-room'; readonly counts: boolean }
  | { readonly do: 'next-key'; readonly counts: boolean }
  /** To one that was not tried, at once. */
  | { readonly do: 'next-target'; readonly counts: boolean }
  /** To one that was tried before, this one or another. */
  | { readonly do: 'again'; readonly waitMs: number }
  | { readonly do: 'fail'; readonly because: 'final' | 'committed' | 'tried-enough' | 'wait-too-long' | 'no-time' };

/** The longest wait an upstream may ask for; a longer one means another target, or an answer to give at once. */
const MAX_WAIT_MS = 60_000;

/** Failures that are the key's and not the target's. */
const OF_THE_KEY: ReadonlySet<FaultKind> = new Set<FaultKind>(['AUTH', 'QUOTA', 'MODEL_NOT_FOUND']);

export function decide(situation: Situation): Step {
  const { fault, canMend, room, wasRepaired, hasOtherKey, retries, maxRetries, leftMs } = situation;
  const isSpent = retries >= maxRetries;
  if (situation.isCommitted) return { do: 'fail', because: 'committed' };
  if (leftMs <= 0) return { do: 'fail', because: 'no-time' };
  if (canMend && !(wasRepaired && isSpent)) return { do: 'mend' };
  if (room === 'own' && !(wasRepaired && isSpent)) return { do: 'change-room', counts: wasRepaired };
  // Another model may need less room for the same.
  if (room === 'stop' && (isSpent || !situation.hasFreshTarget)) return { do: 'fail', because: 'final' };
  if (room === 'stop') return { do: 'next-target', counts: true };
  if (room === 'raise' && !isSpent) return { do: 'change-room', counts: true };
  if (fault.retry === 'elsewhere') {
    if (hasOtherKey && OF_THE_KEY.has(fault.kind)) return { do: 'next-key', counts: false };
    return elsewhere(situation, false);
  }
  if (fault.retry !== 'again') return { do: 'fail', because: 'final' };
  if (situation.wasOverruled && isOverruling(fault)) return { do: 'fail', because: 'final' };
  if (isSpent) return { do: 'fail', because: 'tried-enough' };
  // The limit is the key's: another one need not wait for it.
  if (fault.kind === 'RATE_LIMITED' && hasOtherKey) return { do: 'next-key', counts: true };
  return elsewhere(situation, true);
}

/** On to a target that was not tried; when all were, round again. */
function elsewhere(situation: Situation, isTransient: boolean): Step {
  const { hasFreshTarget, againMs, retries, maxRetries, leftMs } = situation;
  if (hasFreshTarget) return { do: 'next-target', counts: isTransient };
  if (againMs === undefined) return { do: 'fail', because: isTransient ? 'wait-too-long' : 'final' };
  if (retries >= maxRetries) return { do: 'fail', because: 'tried-enough' };
  return againMs >= leftMs ? { do: 'fail', because: 'no-time' } : { do: 'again', waitMs: againMs };
}

/**
 * How long a target is left alone after it failed like this for the n-th time in a call, n from 1; undefined: it is
 * not tried again, or wants to be left alone for too long.
 */
export function restMs(fault: Fault, failures: number, draw: number, baseMs?: number): number | undefined {
  if (fault.retry !== 'again') return undefined;
  const waitMs = fault.retryAfterMs ?? backoffMs(failures - 1, draw, baseMs);
  return waitMs > MAX_WAIT_MS ? undefined : waitMs;
}

/** The upstream asks for a repetition (`x-should-retry`) of what is not repeated otherwise: granted once. */
export function isOverruling(fault: Fault): boolean {
  return fault.retry === 'again' && KINDS[fault.kind].retry !== 'again';
}
