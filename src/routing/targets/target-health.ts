// What calls have told of one target: its breaker, how many of its answers are under way, and how soon it begins to
// answer. Settled once for each send, when its answer has ended, failed or was left (STYLE.md 2.5). It survives a reload.

import type { Fault } from '../../core/fault.ts';
import { CLOSED, isProbe, mayBegin, next } from '../../resilience/breaker.ts';
import type { BreakerSettings, BreakerState } from '../../resilience/breaker.ts';
import { averageOf, withSample } from '../../resilience/moving-average.ts';
import type { MovingAverage } from '../../resilience/moving-average.ts';

/** A sample of the latency counts half after this. */
const HALF_LIFE_MS = 30_000;

/** After so long without a sample nobody knows how fast a target is. */
const STALE_MS = 120_000;

/** How a send ended. */
export interface SendEnd {
  readonly failure: Fault | undefined;
  /** HTTP status, 0 when no head came. */
  readonly status: number;
  /** The time for the call was over: what was asked too late tells nothing. */
  readonly isPastDeadline: boolean;
  /** From the send to the first token, else to its end. */
  readonly latencyMs: number;
}

/** What `begin` answers and `end` wants back. */
export type SendKind = 'probe' | 'usual';

export class TargetHealth {
  #breaker: BreakerState = CLOSED;
  #latency: MovingAverage | undefined;
  #inFlight = 0;

  /** Sends whose answers have not ended. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Milliseconds to the first token, lately; undefined when it was not asked lately. */
  latencyMs(now: number): number | undefined {
    if (this.#latency === undefined || now - this.#latency.at > STALE_MS) return undefined;
    return averageOf(this.#latency);
  }

  /** False while the breaker keeps calls away. */
  mayBegin(now: number): boolean {
    return mayBegin(this.#breaker, now);
  }

  begin(now: number, settings: BreakerSettings): SendKind {
    const kind = isProbe(this.#breaker, now) ? 'probe' : 'usual';
    this.#breaker = next(this.#breaker, { type: 'begin' }, now, settings);
    this.#inFlight++;
    return kind;
  }

  end(kind: SendKind, how: SendEnd, now: number, settings: BreakerSettings): void {
    this.#inFlight--;
    const type = verdict(how);
    const event = type === 'success' ? { type } : { type, wasProbe: kind === 'probe' };
    this.#breaker = next(this.#breaker, event, now, settings);
    const { failure, latencyMs } = how;
    // A refused connection is quick, and makes nobody fast.
    const isSample = failure === undefined || (type === 'failure' && latencyMs > (this.latencyMs(now) ?? 0));
    if (isSample) this.#latency = withSample(this.#latency, latencyMs, now, HALF_LIFE_MS);
  }
}

/** What a send says of the target: a refusal that is the caller's doing was answered by one that is well. */
function verdict({ failure, status, isPastDeadline }: SendEnd): 'success' | 'failure' | 'abandoned' {
  if (failure === undefined) return 'success';
  if (failure.tripsBreaker) return failure.kind === 'TIMEOUT' && isPastDeadline ? 'abandoned' : 'failure';
  return status >= 400 && failure.kind !== 'RATE_LIMITED' ? 'success' : 'abandoned';
}
