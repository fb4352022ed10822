// One call on its way through the retry loop: which targets are left, how many sends counted, and the record of every
// attempt. It carries out what decide.ts decides; it does not wait and does not send.

import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import type { FaultKind } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { Random } from '../../core/random.ts';
import type { Send, Upstream } from '../../providers/attempt/attempt.ts';
import type { ModelContext } from '../../providers/chat.ts';
import type { Ask, Mend } from '../../providers/dialect.ts';
import type { BreakerSettings } from '../../resilience/breaker.ts';
import { decide, isOverruling, restMs } from './decide.ts';
import type { Step } from './decide.ts';
import { finalFault } from './final-fault.ts';
import type { Choice, Leg } from './leg.ts';
import { Legs } from './legs.ts';
import type { Permit } from '../limits/permits.ts';
import { tokenEstimate } from '../limits/token-estimate.ts';
import type { RoomStep } from './room.ts';
import type { SendKind } from '../targets/target-health.ts';

const CLOSED_NOTE = 'asked although its circuit breaker is open';

export interface RouteOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly maxRetries: number;
  /** The first wait of the back-off. */
  readonly retryDelayMs: number;
  readonly breaker: BreakerSettings;
}

/** Not to be repeated here, but nothing the caller did: a wrong address, a limit, a model that says nothing. */
const OF_THE_TARGET: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'UPSTREAM',
  'NETWORK',
  'INCOMPLETE',
  'EMPTY_ANSWER',
  'OVERLOADED',
  'RATE_LIMITED',
  'MODEL_NOT_FOUND',
]);

/** What this dialect cannot say, a plug-in that throws instead, what has no key: another target may do without. */
const OF_WHAT_IS_UNSENT: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'INVALID_INPUT',
  'NOT_CONFIGURED',
  'CONFIG',
  'UPSTREAM',
]);

/** Of the key's, at the upstream. */
const OF_A_LIMIT: ReadonlySet<FaultKind> = new Set<FaultKind>(['RATE_LIMITED', 'QUOTA']);

/** What is to be asked, and of whom. */
export interface Question {
  /** Not empty; in order of preference. */
  readonly order: readonly Choice[];
  readonly ask: Ask;
}

/** What one call has tried so far. */
export class Turn {
  readonly #options: RouteOptions;
  readonly #ctx: ModelContext;
  #deadline: number;
  readonly #legs: Legs;
  #leg: Leg;
  /** The last one whose failure was not only that it cannot serve the request. */
  #deciding: Leg | undefined;
  /** The send that runs, or ran last; undefined when what was prepared never got so far. */
  #sent: Send | undefined;
  #kind: SendKind = 'usual';
  #wasOverruled = false;
  #retries = 0;
  #begunAt = 0;

  constructor(options: RouteOptions, question: Question, ctx: ModelContext) {
    this.#options = options;
    this.#ctx = ctx;
    this.#deadline = ctx.deadline;
    this.#legs = new Legs(options.clock, question.ask, question.order);
    const first = this.#legs.nextFresh();
    if (first === undefined) throw new Fault('internal', 'Internal error.', { cause: new Error('no target') });
    this.#leg = first;
    this.#bringDeadlineNearer();
  }

  /** The target in use, as attempts need it. */
  get upstream(): Upstream {
    return this.#leg.target.desk.upstream;
  }

  /** What is sent next. Throws what the target's dialect cannot say. */
  prepare(): Send {
    if (this.#ctx.cancel.reason !== undefined) throw this.#ctx.cancel.reason;
    this.#sent = undefined;
    const leg = this.#leg;
    const { provider, model } = leg.target;
    return {
      ctx: this.#ctx,
      ask: leg.ask,
      sending: leg.encode(),
      provider,
      model,
      clocks: leg.clocks(),
      deadline: this.#deadline,
      // One call may pass through here several times.
      number: this.#ctx.served.attempts.length + 1,
      facts: { status: 0 },
    };
  }

  /** Leave to send it, where the provider is limited; it may have to be waited for. */
  permit(): Permit | Promise<Permit> | undefined {
    const { permits } = this.#leg.target.desk.memory;
    const { ask } = this.#leg;
    if (permits === undefined || !('request' in ask)) return undefined;
    const { inputTokens, outputTokens } = tokenEstimate(ask);
    const { cancel, client = '', served } = this.#ctx;
    return permits.acquire({
      estimateTokens: inputTokens + outputTokens,
      deadline: this.#deadline,
      cancel,
      client,
      queued: () => this.#ctx.phase('queued', served.attempts.length + 1),
    });
  }

  begin(send: Send): void {
    const leg = this.#leg;
    const { target, roomLine } = leg;
    const { served } = this.#ctx;
    const now = this.#options.clock.now();
    if (!target.health.mayBegin(now)) leg.note = CLOSED_NOTE;
    served.provider = send.provider;
    served.model = send.model;
    served.asked = send.model;
    served.changed.length = 0;
    served.changed.push(...send.sending.changed);
    if (roomLine !== undefined) served.changed.push(roomLine);
    if (leg.note !== undefined) served.changed.push(`routing: ${target.place} was ${leg.note}`);
    this.#kind = target.health.begin(now, this.#options.breaker);
    this.#sent = send;
    this.#begunAt = now;
  }

  /** The attempt has ended: well, or with `failure`. To be called once for each `begin`. */
  settle(send: Send, failure: Fault | undefined): void {
    const { provider, model, facts } = send;
    const { status } = facts;
    const now = this.#options.clock.now();
    const latencyMs = (facts.firstTokenAt ?? now) - this.#begunAt;
    const isPastDeadline = now >= this.#deadline;
    this.#leg.target.health.end(this.#kind, { failure, status, isPastDeadline, latencyMs }, now, this.#options.breaker);
    const attempt = { provider, model, status, ms: Math.round(now - this.#begunAt) };
    this.#ctx.served.attempts.push(failure === undefined ? attempt : { ...attempt, error: failure.kind });
    // An answer that was cut later teaches as well as a whole one; a refusal inside a 200 does not.
    if (status >= 200 && status < 300 && failure?.kind !== 'INVALID_INPUT') this.#leg.accepted(now);
    if (failure === undefined) return;
    this.#ctx.log.info('upstream attempt failed', {
      ...attempt,
      attempt: send.number,
      error: failure.kind,
      why: failure.message,
    });
  }

  /** What to wait for before `next`: keys that are made in place of a refused one, where there is nobody else to ask. */
  keysUnderWay(failure: Fault): Promise<void> | undefined {
    if (this.#sent === undefined || failure.kind !== 'AUTH') return undefined;
    const underWay = this.#leg.keyRefused(failure, this.#options.clock.now());
    return this.#legs.hasFresh ? undefined : underWay;
  }

  get leftMs(): number {
    return this.#deadline - this.#options.clock.now();
  }

  /** Prepares the next attempt and returns how long to wait before it, or throws the final Fault. */
  next(failure: Fault, received: number): number {
    const leg = this.#leg;
    const { clock } = this.#options;
    if (failure === this.#ctx.cancel.reason) throw this.#calledOff(failure, received);
    const sent = this.#sent;
    const told = this.#told(failure);
    if (sent !== undefined && OF_A_LIMIT.has(failure.kind)) leg.keyLimited(failure, clock.now());
    const mends = sent === undefined ? [] : leg.mendsFor(failure, sent, clock.now());
    const room = sent === undefined ? undefined : leg.roomStep(failure);
    leg.lastFailure = room?.do === 'stop' ? (leg.starved ?? told) : told;
    if (told.retry !== 'elsewhere') this.#deciding = leg;
    const step = this.#decide(told, mends.length > 0, room?.do);
    if (isOverruling(told)) this.#wasOverruled = true;
    if (step.do === 'fail') throw this.#final(step.because, received);
    this.#take(step, mends, room);
    return step.do === 'again' ? step.waitMs : 0;
  }

  /** The total of a provider is over all attempts of a call: a later one brings the end nearer, never further. */
  #bringDeadlineNearer(): void {
    const { totalMs } = this.#leg.target.desk.settings.timeout;
    this.#deadline = Math.min(this.#deadline, this.#options.clock.now() + totalMs);
  }

  #take(step: Exclude<Step, { do: 'fail' }>, mends: readonly Mend[], room: RoomStep | undefined): void {
    const leg = this.#leg;
    if (step.do === 'again' || (step.do === 'mend' ? leg.wasRepaired : step.counts)) this.#retries++;
    switch (step.do) {
      case 'mend':
        return leg.mend(mends);
      case 'change-room':
        return room === undefined || room.do === 'stop' ? undefined : leg.changeRoom(room);
      case 'next-key':
        return leg.nextKey();
      case 'next-target':
        this.#leg = this.#legs.nextFresh() ?? leg;
        return this.#bringDeadlineNearer();
      case 'again':
        this.#leg = this.#legs.soonest() ?? leg;
    }
  }

  /** With other targets, what speaks against this one only is a reason to ask another. */
  #told(failure: Fault): Fault {
    if (this.#legs.isAlone || failure.retry !== 'never') return failure;
    const kinds = this.#sent === undefined ? OF_WHAT_IS_UNSENT : OF_THE_TARGET;
    return kinds.has(failure.kind) ? failure.with({ retry: 'elsewhere' }) : failure;
  }

  #decide(fault: Fault, canMend: boolean, room: RoomStep['do'] | undefined): Step {
    const { clock, random, maxRetries, retryDelayMs } = this.#options;
    const leg = this.#leg;
    const now = clock.now();
    if (fault.retry === 'again') leg.failures++;
    const rest = restMs(fault, leg.failures, random.draw(), retryDelayMs);
    leg.notBefore = rest === undefined ? Infinity : now + rest;
    const soonest = this.#legs.soonest();
    return decide({
      fault,
      isCommitted: this.#ctx.commit?.isMade === true,
      canMend,
      room,
      wasRepaired: leg.wasRepaired,
      hasOtherKey: leg.hasOtherKey,
      hasFreshTarget: this.#legs.hasFresh,
      againMs: soonest === undefined ? undefined : Math.max(0, soonest.notBefore - now),
      retries: this.#retries,
      maxRetries,
      wasOverruled: this.#wasOverruled,
      leftMs: this.leftMs,
    });
  }

  /**
   * A failure decides what the call ends with unless it only says that its target cannot serve the request; of those that
   * decide it is the last one's. When none does, it is that of the preferred target.
   */
  #final(because: Extract<Step, { do: 'fail' }>['because'], received: number): Fault {
    const { clock } = this.#options;
    const { served, cancel } = this.#ctx;
    const leg = this.#deciding ?? this.#legs.preferred ?? this.#leg;
    const fault = leg.lastFailure ?? new Fault('internal', 'Internal error.');
    return finalFault(fault, {
      because,
      attempts: [...served.attempts],
      provider: leg.target.provider,
      model: leg.target.model,
      received,
      ...present({ names: leg.target.desk.settings.names, room: leg.roomLine, note: leg.note }),
      near: fault.kind === 'MODEL_NOT_FOUND' ? leg.target.nearName() : undefined,
      isPastDeadline: cancel.reason !== undefined || clock.now() >= this.#deadline,
    });
  }

  /** A cancel is thrown as it is, but for one that says the time is over: what was received is not lost. */
  #calledOff(reason: Fault, received: number): Fault {
    if (reason.kind !== 'TIMEOUT') return reason;
    this.#deciding = this.#leg;
    this.#leg.lastFailure = reason;
    return this.#final('no-time', received);
  }
}
