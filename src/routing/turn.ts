// One call on its way through the retry loop: which keys are left, what was mended, how many sends counted,
// and the record of every attempt. It carries out what decide.ts decides; it does not wait and does not send.

import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import { present } from '../core/json.ts';
import type { Random } from '../core/random.ts';
import type { AttemptClocks, Send } from '../providers/attempt/attempt.ts';
import type { ModelContext } from '../providers/chat.ts';
import type { Ask, Dialect, Endpoint, Lessons, Mend, Sending } from '../providers/dialect.ts';
import { decide, isOverruling } from './decide.ts';
import type { Step } from './decide.ts';
import { finalFault } from './final-fault.ts';
import type { KeyRing } from './keys.ts';
import { areAboutOthers, withMends } from './lessons.ts';
import type { LessonBook } from './lessons.ts';
import { firstRoom, roomStep } from './room.ts';
import type { Room, RoomStep } from './room.ts';
import { inItsNames } from './setting-names.ts';
import type { SettingNames } from './setting-names.ts';

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
  /** What its settings are called, where that is not as in our sentences. */
  readonly names?: SettingNames;
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
  /** What was mended in this call; a request is mended once. */
  #mended: readonly Mend[] = [];
  #room: Room;
  /** The answer that had too little room, for when more is refused. */
  #starved: Fault | undefined;
  #wasOverruled = false;
  #retries = 0;
  #begunAt = 0;

  constructor(options: RouteOptions, target: Target, ask: Ask, ctx: ModelContext) {
    const now = options.clock.now();
    this.#options = options;
    this.#target = target;
    this.#ask = ask;
    this.#ctx = ctx;
    this.#deadline = Math.min(ctx.deadline, now + target.totalMs);
    this.#keys = target.keys.order(target.model, now);
    this.#lessons = target.lessons.of(target.model, now);
    this.#room = firstRoom(ask, target.dialect.makesRoom === true);
  }

  begin(): Send {
    const { provider, model } = this.#target;
    if (this.#ctx.cancel.reason !== undefined) throw this.#ctx.cancel.reason;
    const [key = ''] = this.#keys;
    this.#triedKeys.add(key);
    const { ask, line } = this.#room;
    const sending = this.#encode(key);
    const { served } = this.#ctx;
    served.provider = provider;
    served.model = model;
    served.changed.length = 0;
    served.changed.push(...sending.changed);
    if (line !== undefined) served.changed.push(line);
    this.#begunAt = this.#options.clock.now();
    return {
      ctx: this.#ctx,
      ask,
      sending,
      provider,
      model,
      clocks: this.#clocks(),
      deadline: this.#deadline,
      // One call may pass through here several times.
      number: served.attempts.length + 1,
      facts: { status: 0 },
    };
  }

  /** What a dialect cannot say ends the call before anything is sent; the Fault says where that was. */
  #encode(key: string): Sending {
    const { provider, model, dialect, names } = this.#target;
    try {
      return dialect.encode(this.#room.ask, this.#target.endpointOf(key), this.#lessons);
    } catch (thrown) {
      const fault = Fault.from(thrown);
      const { next } = fault.data;
      const facts = present({
        model: model === '' ? undefined : model,
        next: next === undefined ? undefined : inItsNames(next, names),
      });
      throw fault.with({ provider, attempts: [...this.#ctx.served.attempts], ...facts });
    }
  }

  /** An answer in one piece has no first token to be waited for. */
  #clocks(): AttemptClocks {
    const { clocks } = this.#target;
    return this.#lessons.habits.has('not-streamed') ? { ...clocks, firstTokenMs: Infinity } : clocks;
  }

  /** The attempt has ended: well, or with `failure`. */
  settle(send: Send, failure: Fault | undefined): void {
    const { provider, model, facts } = send;
    const ms = Math.round(this.#options.clock.now() - this.#begunAt);
    const attempt = { provider, model, status: facts.status, ms };
    this.#ctx.served.attempts.push(failure === undefined ? attempt : { ...attempt, error: failure.kind });
    // An answer that was cut later teaches as well as a whole one; a refusal inside a 200 does not.
    const isAccepted = facts.status >= 200 && facts.status < 300 && failure?.kind !== 'INVALID_INPUT';
    if (isAccepted) this.#keepLessons(this.#mended);
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
    const mends = this.#mends(failure, send);
    const room = roomStep(this.#room, this.#ask, failure);
    const step = this.#decide(failure, mends.length > 0, room?.do);
    if (isOverruling(failure)) this.#wasOverruled = true;
    if (failure.data.isStarved === true) this.#starved = failure;
    switch (step.do) {
      case 'mend':
        this.#mended = mends;
        this.#lessons = withMends(this.#lessons, mends);
        return 0;
      case 'change-room':
        if (step.counts) this.#retries++;
        if (room !== undefined && room.do !== 'stop') this.#room = room.room;
        return 0;
      case 'next-key':
        this.#keys.shift();
        if (step.counts) this.#retries++;
        return 0;
      case 'again':
        this.#retries++;
        return step.waitMs;
      case 'fail':
        // More room was our idea: where it is refused, the answer that had too little is what there is to tell.
        throw this.#final(room?.do === 'stop' ? (this.#starved ?? failure) : failure, step.because, received);
    }
  }

  /**
   * What to mend. A second refusal in one call is not mended any more; but when it is about something else than the
   * first one, both are remembered, so that the next call gets through.
   */
  #mends(failure: Fault, send: Send): readonly Mend[] {
    const mends = this.#target.dialect.mend(failure, send);
    if (this.#mended.length === 0 || mends.length === 0) return mends;
    if (areAboutOthers(mends, this.#mended)) this.#keepLessons([...this.#mended, ...mends]);
    return [];
  }

  #keepLessons(mends: readonly Mend[]): void {
    this.#target.lessons.keep(this.#target.model, mends, this.#options.clock.now());
  }

  #decide(fault: Fault, canMend: boolean, room: RoomStep['do'] | undefined): Step {
    const { clock, random, maxRetries } = this.#options;
    return decide({
      fault,
      canMend,
      room,
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
      ...present({ names: this.#target.names, room: this.#room.line }),
      near: failure.kind === 'MODEL_NOT_FOUND' ? this.#target.nearName() : undefined,
      isPastDeadline: this.#ctx.cancel.reason !== undefined || this.#options.clock.now() >= this.#deadline,
    });
  }

  /** A cancel is thrown as it is, but for one that says the time is over: what was received is not lost. */
  #calledOff(reason: Fault, received: number): Fault {
    return reason.kind === 'TIMEOUT' ? this.#final(reason, 'no-time', received) : reason;
  }
}
