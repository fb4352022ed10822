// What our OpenAI-compatible API is built over: models, limits, clock and log, as values that are handed down. It knows no
// socket and no configuration, and cannot tell one upstream from a routed dozen.

import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { Soon } from '../core/store.ts';
import type { Remainders } from '../access/remainders.ts';
import type { ModelInfo, Models } from '../providers/chat.ts';

export interface OpenAiSite {
  /** Those of the configuration in force. */
  models(): Models;
  /** What callers give as `model`, for a row of the list. */
  nameOf(model: ModelInfo): string;
  /** Lets a request of that client in and answers how to say that it is over. Throws or rejects when it may not. */
  enter(client: string): Soon<() => void>;
  /** What is left of that client's limits. */
  left(client: string): Soon<Remainders>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The longest a call may take. */
  readonly totalMs: number;
  /** Of a request's body. */
  readonly maxBodyBytes: number;
  /** Names this instance among those a request passes. */
  readonly instance: string;
  scrub(text: string): string;
}
