// What one provider may be asked at most: requests and tokens a minute, and requests under way. A send needs a permit;
// it is there at once when the limits have room, else the send waits in a fair queue until its call's deadline. What
// cannot be served in time, or finds the queue full, is refused at once (product sheet, section 8).

import type { Clock } from '../../core/clock.ts';
import type { Cancel } from '../../core/context.ts';
import type { Fault } from '../../core/fault.ts';
import type { Usage } from '../../providers/chat.ts';
import { FairQueue } from '../../resilience/fair-queue.ts';
import { TokenBucket } from '../../resilience/token-bucket.ts';
import { refusal } from './refusal.ts';
import type { ProviderLimits } from './refusal.ts';

export interface PermitAsk {
  readonly estimateTokens: number;
  /** On the clock's monotonic scale. */
  readonly deadline: number;
  readonly cancel: Cancel;
  /** Clients take turns. */
  readonly client: string;
  /** Told once when the permit has to be waited for. */
  queued?(): void;
}

/** Leave to send once. Give it back, always. */
export interface Permit {
  /** The tokens that were taken in the end take the place of the estimate. Without it the estimate stands. */
  settle(usage: Usage): void;
  /** No answer was begun: the tokens that were set aside are given back. The request was one all the same. */
  unanswered(): void;
  /** The send is over, its answer read to the end; more than once is once. */
  release(): void;
}

export interface PermitOptions {
  /** For the sentences of a refusal. */
  readonly provider: string;
  readonly limits: ProviderLimits;
  readonly clock: Clock;
  /** Sends that wait at most. */
  readonly maxWaiting?: number;
}

const MAX_WAITING = 1000;

const NO_LIMITS: Permit = { settle() {}, unanswered() {}, release() {} };

interface Waiter {
  readonly ask: PermitAsk;
  readonly grant: (permit: Permit) => void;
}

export class Permits {
  readonly #options: PermitOptions;
  readonly #requests: TokenBucket | undefined;
  readonly #tokens: TokenBucket | undefined;
  readonly #isLimited: boolean;
  #underWay = 0;
  readonly #queue = new FairQueue<Waiter>();
  /** Calls off the timer that looks at the queue again. */
  #stopTimer = (): void => {};

  constructor(options: PermitOptions) {
    const { requestsPerMinute, tokensPerMinute, concurrency } = options.limits;
    const now = options.clock.now();
    this.#options = options;
    this.#requests = requestsPerMinute === undefined ? undefined : new TokenBucket(requestsPerMinute, now);
    this.#tokens = tokensPerMinute === undefined ? undefined : new TokenBucket(tokensPerMinute, now);
    this.#isLimited = [requestsPerMinute, tokensPerMinute, concurrency].some((limit) => limit !== undefined);
  }

  /** A permit at once, or a promise of one, which rejects with the refusal or with the cancel's reason. */
  acquire(ask: PermitAsk): Permit | Promise<Permit> {
    if (!this.#isLimited) return NO_LIMITS;
    if (ask.cancel.reason !== undefined) return Promise.reject(ask.cancel.reason);
    const now = this.#options.clock.now();
    const waitMs = this.#waitMs(ask, now);
    if (waitMs === 0 && this.#queue.size === 0 && this.#hasPlace) return this.#take(ask, now);
    // Nobody can be served before the rates allow it, whoever else may leave the queue until then.
    if (now + waitMs >= ask.deadline) return Promise.reject(this.#refuse('too-late', ask, now));
    const { maxWaiting = MAX_WAITING } = this.#options;
    if (this.#queue.size >= maxWaiting) return Promise.reject(this.#refuse('full', ask, now));
    return this.#wait(ask);
  }

  get #hasPlace(): boolean {
    return this.#underWay < (this.#options.limits.concurrency ?? Infinity);
  }

  /** Milliseconds until the rates allow it. */
  #waitMs({ estimateTokens }: PermitAsk, now: number): number {
    return Math.max(this.#requests?.waitMs(1, now) ?? 0, this.#tokens?.waitMs(estimateTokens, now) ?? 0);
  }

  #wait(ask: PermitAsk): Promise<Permit> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { ask, grant: (permit) => (leave(), resolve(permit)) };
      const giveUp = (reason: Fault): void => {
        leave();
        this.#queue.remove(ask.client, waiter);
        reject(reason);
        // The next in turn may fit where this one did not.
        this.#serve();
      };
      const stop = clock.after(ask.deadline - clock.now(), () => giveUp(this.#refuse('too-late', ask, clock.now())));
      const dispose = ask.cancel.onCancel(giveUp);
      const leave = (): void => {
        stop();
        dispose();
      };
      this.#queue.push(ask.client, waiter);
      ask.queued?.();
      this.#serve();
    });
  }

  /** Grants permits in turn as far as the limits have room. The first in turn is waited for, however much it needs. */
  #serve(): void {
    this.#stopTimer();
    for (let first = this.#queue.peek(); first !== undefined && this.#hasPlace; first = this.#queue.peek()) {
      const now = this.#options.clock.now();
      const waitMs = this.#waitMs(first.ask, now);
      if (waitMs > 0) {
        this.#stopTimer = this.#options.clock.after(Math.ceil(waitMs), () => this.#serve());
        return;
      }
      this.#queue.shift();
      first.grant(this.#take(first.ask, now));
    }
  }

  #take({ estimateTokens }: PermitAsk, now: number): Permit {
    this.#underWay++;
    this.#requests?.take(1, now);
    this.#tokens?.take(estimateTokens, now);
    let isSettled = false;
    let isReleased = false;
    const settle = (actual: number): void => {
      if (isSettled) return;
      isSettled = true;
      this.#tokens?.take(actual - estimateTokens, this.#options.clock.now());
    };
    return {
      settle(usage) {
        const actual = (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
        if (actual > 0) settle(actual);
      },
      unanswered: () => settle(0),
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.#underWay--;
        this.#serve();
      },
    };
  }

  #refuse(because: 'full' | 'too-late', ask: PermitAsk, now: number): Fault {
    const { provider, limits } = this.#options;
    return refusal(because, { provider, limits, waitMs: this.#waitMs(ask, now), waiting: this.#queue.size });
  }
}
