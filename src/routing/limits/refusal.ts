// What a call is told that a provider's limits have no room for. The limit is ours, so the target is not at fault: the
// call may go elsewhere, and no breaker should count it.

import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';

/** Absent: no limit of ours. */
export interface ProviderLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** Requests under way at once. */
  readonly concurrency?: number;
}

export interface Shortage {
  readonly provider: string;
  readonly limits: ProviderLimits;
  /** Until the rates have room; 0: it is the requests under way that are too many. */
  readonly waitMs: number;
  readonly waiting: number;
}

/** `RATE_LIMITED` where a rate is used up, `OVERLOADED` where too many requests are under way. */
export function refusal(because: 'full' | 'too-late', { provider, limits, waitMs, waiting }: Shortage): Fault {
  const isRate = waitMs > 0 || limits.concurrency === undefined;
  const limit = isRate ? rateOf(limits) : `${limits.concurrency} requests at once`;
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const why = because === 'full' ? `${waiting} calls wait for it already` : 'waiting for it would take too long';
  const soon = isRate ? `in ${seconds} s` : 'later';
  return new Fault(
    isRate ? 'RATE_LIMITED' : 'OVERLOADED',
    `Our own limit for ${provider}, ${limit}, has no room, and ${why}.`,
    {
      data: { provider, retry: 'elsewhere', next: `Call again ${soon}, or raise rateLimits of ${provider}.` },
      ...present({ retryAfterMs: isRate ? Math.max(1000, Math.ceil(waitMs)) : undefined }),
    },
  );
}

function rateOf({ requestsPerMinute, tokensPerMinute }: ProviderLimits): string {
  const rates = present({ requests: requestsPerMinute, tokens: tokensPerMinute });
  return Object.entries(rates)
    .map(([what, rate]) => `${rate} ${what} a minute`)
    .join(' and ');
}
