// The one retry loop of the repository, so that attempts never multiply: sends to the targets of a plan, with each of
// their keys, until an answer is complete or the rules (decide.ts) say to stop. What is sent is the caller's `Work`:
// streams of events and single replies go through the same loop. Nothing here knows a dialect's wire.

import { delay } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import type { Send, Upstream } from '../../providers/attempt/attempt.ts';
import type { ModelContext, Usage } from '../../providers/chat.ts';
import type { Ask } from '../../providers/dialect.ts';
import type { Choice } from './leg.ts';
import type { Permit } from '../limits/permits.ts';
import { Turn } from './turn.ts';
import type { RouteOptions } from './turn.ts';

/** What is sent, and what becomes of it. */
export interface Work<T> {
  /** With the model as the caller named it: each target puts its own in. */
  readonly ask: Ask;
  /** One attempt, to its end. */
  send(send: Send, upstream: Upstream): Promise<T>;
  /** An attempt failed; returns how many characters the longest one has received. */
  failed(): number;
  /** Another attempt follows one that failed for this reason: takes back what was handed on of it. */
  restart(attempt: number, reason: Fault): void | Promise<void>;
  /** The tokens that the upstream says the attempt took; empty when it said nothing. */
  used(): Usage;
}

export interface Plan<T> {
  /** Not empty; in order of preference. */
  readonly order: readonly Choice[];
  readonly work: Work<T>;
}

/** Sends until an answer is complete. Rejects with the final Fault, or with the cancel's reason. */
export async function route<T>(options: RouteOptions, { order, work }: Plan<T>, ctx: ModelContext): Promise<T> {
  const turn = new Turn(options, { order, ask: work.ask }, ctx);
  for (;;) {
    let failure: Fault;
    try {
      const send = turn.prepare();
      const asked = turn.permit();
      const permit = asked instanceof Promise ? await asked : asked;
      return await attempt(turn, { send, permit, work });
    } catch (thrown) {
      failure = Fault.from(thrown);
    }
    const number = ctx.served.attempts.length + 1;
    const keys = turn.keysUnderWay(failure);
    if (keys !== undefined) {
      ctx.phase('retrying', number);
      await delay(options.clock, turn.leftMs, ctx.cancel, keys);
    }
    const waitMs = turn.next(failure, work.failed());
    await work.restart(number, failure);
    if (waitMs > 0) {
      ctx.phase('retrying', number);
      await delay(options.clock, waitMs, ctx.cancel);
    }
  }
}

interface Sending<T> {
  readonly send: Send;
  readonly permit: Permit | undefined;
  readonly work: Work<T>;
}

/** One send. Whatever becomes of its answer, what it tells of the target is written down once, when it has ended. */
async function attempt<T>(turn: Turn, { send, permit, work }: Sending<T>): Promise<T> {
  let failure: Fault | undefined;
  turn.begin(send);
  try {
    return await work.send(send, turn.upstream);
  } catch (thrown) {
    throw (failure = Fault.from(thrown));
  } finally {
    turn.settle(send, failure);
    if (failure !== undefined && !isAnswered(send.facts.status)) permit?.unanswered();
    permit?.settle(work.used());
    permit?.release();
  }
}

/** What was refused, or never got there, has taken no tokens. */
function isAnswered(status: number): boolean {
  return status >= 200 && status < 300;
}
