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
  /** One attempt. Whatever it yields is handed on at once. */
  send(send: Send): AsyncIterable<T>;
  /** Said when an attempt failed after it had yielded something, and another follows. */
  restart(attempt: number, reason: Fault): T | undefined;
  /** Hears everything that is handed on. */
  note(item: T): void;
  /** An attempt failed; returns how many characters the longest one has received. */
  failed(): number;
}

export interface Plan<T> {
  readonly target: Target;
  readonly work: Work<T>;
}

/** How an attempt is listed whose consumer went away: its `finally` runs, and nothing after it. */
const LEFT = new Fault('cancelled', 'The answer was not read to its end.');

/** Sends until an answer is complete, and yields it as it comes. Throws the final Fault, or the cancel's reason. */
export async function* route<T>(
  options: RouteOptions,
  plan: () => Promise<Plan<T>>,
  ctx: ModelContext,
): AsyncGenerator<T, void, undefined> {
  const { target, work } = await plan();
  const turn = new Turn(options, target, work.ask, ctx);
  for (;;) {
    const send = turn.begin();
    let hasYielded = false;
    let failure: Fault | undefined = LEFT;
    try {
      for await (const item of work.send(send)) {
        hasYielded = true;
        work.note(item);
        yield item;
      }
      failure = undefined;
    } catch (thrown) {
      failure = Fault.from(thrown);
    } finally {
      turn.settle(send, failure);
    }
    if (failure === undefined) return;
    const waitMs = turn.next(send, failure, work.failed());
    const restart = hasYielded ? work.restart(send.number + 1, failure) : undefined;
    if (restart !== undefined) yield restart;
    if (waitMs > 0) {
      ctx.phase('retrying', send.number + 1);
      await delay(options.clock, waitMs, ctx.cancel);
    }
  }
}
