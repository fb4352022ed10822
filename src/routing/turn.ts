// One call on its way through the retry loop: which keys are left, what was mended, how many sends counted,
// and the record of every attempt. It carries out what decide.ts decides; it does not wait and does not send.

import type { Clock } from '../core/clock.ts';
import type { Fault } from '../core/fault.ts';
import type { Random } from '../core/random.ts';
import type { AttemptClocks, Send } from '../providers/attempt/attempt.ts';
import type { ModelContext } from '../providers/chat.ts';
import type { Ask, Dialect, Endpoint, Lessons } from '../providers/dialect.ts';
import { decide, isOverruling } from './decide.ts';
import type { Step } from './decide.ts';
import { finalFault } from './final-fault.ts';
import type { KeyRing } from './keys.ts';
import { withMends } from './lessons.ts';
import type { LessonBook } from './lessons.ts';

/** An upstream and a model, and everything that is remembered about them between calls. */
export interface Target {
  readonly provider: string;
  /** Empty for questions about no model. */
  readonly model: string;
  readonly dialect: Dialect;
  endpointOf(key: string): Endpoint;
  readonly keys: KeyRing;
  readonly lessons: LessonBook;
  readonly clocks: AttemptClocks;
  readonly totalMs: number;
  /** A known model whose name is like this one's. */
  nearName(): string | undefined;
}

export interface RouteOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly maxRetries: number;
}

/** What one call has tried so far. */
export class Turn {
  readonly #options: RouteOptions;
  readonly #target: Target;
  readonly #ask: Ask;
  readonly #ctx: ModelContext;
  readonly #deadline: number;
  /** The keys that are still to be tried; the first is the one in use. */
  readonly #keys: string[];
  readonly #triedKeys = new Set<string>();
  #hasReread = false;
  #lessons: Lessons;
  #isMended = false;
  #wasOverruled = false;
  #retries = 0;
  #sends = 0;
  #begunAt = 0;

  constructor(options: RouteOptions, target: Target, ask: Ask, ctx: ModelContext) {
    const now = options.clock.now();
    this.#options = options;
    this.#target = target;
    this.#ask = ask;
    this.#ctx = ctx;
    this.#deadline = Math.min(ctx.deadline, now + target.totalMs);
    this.#keys = target.keys.order(target.model, now);
    this.#lessons = target.lessons.of(target.model);
  }

  begin(): Send {
    const { provider, model, dialect, clocks } = this.#target;
    if (this.#ctx.cancel.reason !== undefined) throw this.#ctx.cancel.reason;
    const [key = ''] = this.#keys;
    this.#triedKeys.add(key);
    const sending = dialect.encode(this.#ask, this.#target.endpointOf(key), this.#lessons);
    const { served } = this.#ctx;
    served.provider = provider;
    served.model = model;
    served.changed.length = 0;
    served.changed.push(...sending.changed);
    this.#begunAt = this.#options.clock.now();
    this.#sends++;
    return {
      ctx: this.#ctx,
      ask: this.#ask,
      sending,
      provider,
      model,
      clocks,
      deadline: this.#deadline,
      number: this.#sends,
      facts: { status: 0 },
    };
  }

  /** The attempt has ended: well, or with `failure`. */
  settle(send: Send, failure: Fault | undefined): void {
    const { provider, model, facts } = send;
    const ms = Math.round(this.#options.clock.now() - this.#begunAt);
    const attempt = { provider, model, status: facts.status, ms };
    this.#ctx.served.attempts.push(failure === undefined ? attempt : { ...attempt, error: failure.kind });
    // An answer that was cut later teaches as well as a whole one; a refusal inside a 200 does not.
    const isAccepted = facts.status >= 200 && facts.status < 300 && failure?.kind !== 'INVALID_INPUT';
    if (this.#isMended && isAccepted) this.#target.lessons.keep(model, this.#lessons);
    if (failure === undefined) return;
    this.#ctx.log.info('upstream attempt failed', {
      ...attempt,
      attempt: send.number,
      error: failure.kind,
      why: failure.message,
    });
  }

  /** Prepares the next attempt and returns how long to wait before it, or throws the final Fault. */
  next(send: Send, failure: Fault, received: number): number {
    if (failure === this.#ctx.cancel.reason) throw this.#calledOff(failure, received);
    if (failure.kind === 'AUTH') this.#keyRefused(failure);
    const mends = this.#isMended ? [] : this.#target.dialect.mend(failure, send);
    const step = this.#decide(failure, mends.length > 0);
    if (isOverruling(failure)) this.#wasOverruled = true;
    switch (step.do) {
      case 'mend':
        this.#isMended = true;
        this.#lessons = withMends(this.#lessons, mends);
        return 0;
      case 'next-key':
        this.#keys.shift();
        if (step.counts) this.#retries++;
        return 0;
      case 'again':
        this.#retries++;
        return step.waitMs;
      case 'fail':
        throw this.#final(failure, step.because, received);
    }
  }

  #decide(fault: Fault, canMend: boolean): Step {
    const { clock, random, maxRetries } = this.#options;
    return decide({
      fault,
      canMend,
      hasOtherKey: this.#keys.length > 1,
      retries: this.#retries,
      maxRetries,
      wasOverruled: this.#wasOverruled,
      leftMs: this.#deadline - clock.now(),
      draw: random.draw(),
    });
  }

  /** The key in use is out for other calls too. After a 401, once in a call, there may be new ones to try. */
  #keyRefused(failure: Fault): void {
    const { keys, model } = this.#target;
    const [key = ''] = this.#keys;
    const isForModel = failure.data.status === 403;
    keys.takeOut(key, isForModel ? model : undefined, this.#options.clock.now());
    if (isForModel || this.#hasReread) return;
    this.#hasReread = true;
    for (const fresh of keys.reread()) {
      if (!this.#triedKeys.has(fresh) && !this.#keys.includes(fresh)) this.#keys.push(fresh);
    }
  }

  #final(failure: Fault, because: Extract<Step, { do: 'fail' }>['because'], received: number): Fault {
    const { provider, model } = this.#target;
    return finalFault(failure, {
      because,
      attempts: [...this.#ctx.served.attempts],
      provider,
      model,
      received,
      near: failure.kind === 'MODEL_NOT_FOUND' ? this.#target.nearName() : undefined,
      isPastDeadline: this.#ctx.cancel.reason !== undefined || this.#options.clock.now() >= this.#deadline,
    });
  }

  /** A cancel is thrown as it is, but for one that says the time is over: what was received is not lost. */
  #calledOff(reason: Fault, received: number): Fault {
    return reason.kind === 'TIMEOUT' ? this.#final(reason, 'no-time', received) : reason;
  }
}
