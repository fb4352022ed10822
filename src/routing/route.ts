// The one retry loop of the repository, so that attempts never multiply: sends to one target, with each of
// its keys, until an answer is complete or the rules (decide.ts) say to stop. What is sent is the caller's
// `Work`: streams of events and single replies go through the same loop. Nothing here knows a dialect's wire.

import { delay } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { Send } from '../providers/attempt/attempt.ts';
import type { ModelContext } from '../providers/chat.ts';
import type { Ask } from '../providers/dialect.ts';
import { Turn } from './turn.ts';
import type { RouteOptions, Target } from './turn.ts';

/** What is sent, and what becomes of it. */
export interface Work<T> {
  readonly ask: Ask;
  /** One attempt, to its end. */
  send(send: Send): Promise<T>;
  /** An attempt failed; returns how many characters the longest one has received. */
  failed(): number;
  /** Another attempt follows one that failed for this reason: takes back what was handed on of it. */
  restart(attempt: number, reason: Fault): void | Promise<void>;
}

export interface Plan<T> {
  readonly target: Target;
  readonly work: Work<T>;
}

/** Sends until an answer is complete. Rejects with the final Fault, or with the cancel's reason. */
export async function route<T>(options: RouteOptions, { target, work }: Plan<T>, ctx: ModelContext): Promise<T> {
  const turn = new Turn(options, target, work.ask, ctx);
  for (;;) {
    const send = turn.begin();
    let failure: Fault;
    try {
      const answer = await work.send(send);
      turn.settle(send, undefined);
      return answer;
    } catch (thrown) {
      failure = Fault.from(thrown);
    }
    turn.settle(send, failure);
    const waitMs = turn.next(send, failure, work.failed());
    await work.restart(send.number + 1, failure);
    if (waitMs > 0) {
      ctx.phase('retrying', send.number + 1);
      await delay(options.clock, waitMs, ctx.cancel);
    }
  }
}
