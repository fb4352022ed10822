// What was said in conversations that are kept here, so that a caller need not send it again: by owner and name, bounded in
// number, bytes and age. One call at a time goes on with a conversation; the others wait for their turn, in order. Knows
// nothing of what a message is.

import type { Clock } from '../core/clock.ts';
import type { CallContext } from '../core/context.ts';
import { Fault } from '../core/fault.ts';

export interface HistoryLimits {
  /** Most that are kept, for all owners together. */
  readonly total: number;
  /** Most that one owner has; past it the one not used the longest goes. */
  readonly perOwner: number;
  /** Characters of one, as JSON, after which nothing more is taken into it. */
  readonly mostChars: number;
  /** Characters of all together. */
  readonly totalChars: number;
  /** How long one is kept after it was used. */
  readonly ttlMs: number;
  /** Calls that wait for their turn in one. */
  readonly waiting: number;
}

export const HISTORY_LIMITS: HistoryLimits = {
  total: 1000,
  perOwner: 100,
  mostChars: 4 * 1024 ** 2,
  totalChars: 64 * 1024 ** 2,
  ttlMs: 24 * 60 * 60 * 1000,
  waiting: 20,
};

export interface HistoryFacts {
  readonly id: string;
  /** How many messages it has. */
  readonly length: number;
  readonly chars: number;
  /** In milliseconds since 1970. */
  readonly updatedAt: number;
}

/** Of a call that waits for its turn. */
export type Waiting = Pick<CallContext, 'cancel' | 'deadline'>;

/** A call's turn in a conversation; whoever has it ends it, always. */
export interface Turn<M> {
  /** What was said before. */
  readonly messages: readonly M[];
  /** From now on this is what was said; unless the conversation was dropped meanwhile. */
  keep(messages: readonly M[]): void;
  end(): void;
}

class History<M> {
  readonly owner: string;
  readonly id: string;
  messages: readonly M[] = [];
  chars = 0;
  updatedAt: number;
  /** On the monotonic clock. */
  until = Infinity;
  /** Those who have or await a turn. */
  users = 0;
  /** Settles when the last of them has ended its turn. */
  last: Promise<void> = Promise.resolve();
  /** How often it was dropped. */
  drops = 0;

  constructor(owner: string, id: string, updatedAt: number) {
    this.owner = owner;
    this.id = id;
    this.updatedAt = updatedAt;
  }
}

export class Histories<M> {
  readonly #clock: Clock;
  readonly #limits: HistoryLimits;
  /** The one not used the longest first. */
  readonly #all = new Map<string, History<M>>();
  #chars = 0;

  constructor(clock: Clock, limits: Partial<HistoryLimits> = {}) {
    this.#clock = clock;
    this.#limits = { ...HISTORY_LIMITS, ...limits };
  }

  /**
   * Waits for the caller's turn in a conversation, which begins with it where there is none. Rejects with `OVERLOADED` when too
   * many wait, and with the reason when the call is called off.
   */
  async enter(owner: string, id: string, ctx: Waiting): Promise<Turn<M>> {
    this.#forgetOld();
    const history = this.#all.get(keyOf(owner, id)) ?? new History<M>(owner, id, this.#clock.wall());
    if (history.users > this.#limits.waiting)
      throw new Fault('OVERLOADED', 'Too many calls wait for this conversation.');
    this.#touch(history);
    history.users++;
    const before = history.last;
    let open = (): void => {};
    history.last = new Promise((resolve) => (open = resolve));
    const leave = (): void => {
      open();
      history.users--;
      this.#settle(history);
    };
    try {
      await inTime(before, ctx, this.#clock);
      if (ctx.cancel.reason !== undefined) throw ctx.cancel.reason;
    } catch (thrown) {
      // Those behind it wait for those before it.
      void before.then(leave);
      throw thrown;
    }
    return this.#turn(history, leave);
  }

  /** The owner's, the latest used first. */
  of(owner: string): readonly HistoryFacts[] {
    this.#forgetOld();
    return [...this.#all.values()]
      .filter((one) => one.owner === owner && one.messages.length > 0)
      .map(({ id, messages, chars, updatedAt }) => ({ id, length: messages.length, chars, updatedAt }))
      .toReversed();
  }

  /** What was said; nothing where there is no such conversation of the owner. */
  get(owner: string, id: string): readonly M[] | undefined {
    this.#forgetOld();
    const history = this.#all.get(keyOf(owner, id));
    return history === undefined || history.messages.length === 0 ? undefined : history.messages;
  }

  /** Whether there was one. What is said in it by calls under way is not kept either. */
  drop(owner: string, id: string): boolean {
    const history = this.#all.get(keyOf(owner, id));
    if (history === undefined) return false;
    const wasThere = history.messages.length > 0;
    this.#empty(history);
    history.drops++;
    this.#settle(history);
    return wasThere;
  }

  /** Drops all of an owner who is gone for good. */
  dropAll(owner: string): void {
    for (const one of this.#all.values()) if (one.owner === owner) this.drop(owner, one.id);
  }

  #turn(history: History<M>, leave: () => void): Turn<M> {
    const { messages, drops } = history;
    let isOver = false;
    return {
      messages,
      keep: (said) => {
        if (isOver || history.drops !== drops) return;
        this.#empty(history);
        history.messages = said;
        history.chars = JSON.stringify(said).length;
        this.#chars += history.chars;
        this.#touch(history);
      },
      end: () => {
        if (isOver) return;
        isOver = true;
        leave();
      },
    };
  }

  /** Whether a conversation of so many characters may take no more. */
  isFull(messages: readonly M[]): boolean {
    return JSON.stringify(messages).length > this.#limits.mostChars;
  }

  #touch(history: History<M>): void {
    const key = keyOf(history.owner, history.id);
    history.updatedAt = this.#clock.wall();
    history.until = this.#clock.now() + this.#limits.ttlMs;
    this.#all.delete(key);
    this.#all.set(key, history);
    this.#makeRoom(history);
  }

  #makeRoom(latest: History<M>): void {
    const { total, perOwner, totalChars } = this.#limits;
    const own = [...this.#all.values()].filter(({ owner }) => owner === latest.owner);
    for (const one of own.slice(0, Math.max(0, own.length - perOwner))) this.#remove(one, latest);
    // Whoever fills the room makes it, before others do.
    const others = [...this.#all.values()].filter(({ owner }) => owner !== latest.owner);
    for (const one of [...own, ...others]) {
      if (this.#all.size <= total && this.#chars <= totalChars) return;
      this.#remove(one, latest);
    }
  }

  /** Not one that is in use. */
  #remove(history: History<M>, latest: History<M>): void {
    if (history === latest || history.users > 0) return;
    this.#empty(history);
    this.#all.delete(keyOf(history.owner, history.id));
  }

  #empty(history: History<M>): void {
    this.#chars -= history.chars;
    history.chars = 0;
    history.messages = [];
  }

  /** One in which nothing was said is not kept. */
  #settle(history: History<M>): void {
    if (history.users === 0 && history.messages.length === 0) this.#all.delete(keyOf(history.owner, history.id));
  }

  #forgetOld(): void {
    const now = this.#clock.now();
    for (const one of this.#all.values()) {
      if (one.until > now) return;
      if (one.users > 0) continue;
      this.#empty(one);
      this.#settle(one);
    }
  }
}

function keyOf(owner: string, id: string): string {
  return JSON.stringify([owner, id]);
}

/** Settles with what comes before; rejects when the call is called off, or has no time left. */
function inTime(before: Promise<void>, { cancel, deadline }: Waiting, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const dispose = cancel.onCancel((reason) => reject(reason));
    const stop = clock.after(deadline - clock.now(), () => reject(tooLate()));
    const go = (): void => {
      stop();
      dispose();
      resolve();
    };
    void before.then(go);
  });
}

function tooLate(): Fault {
  return new Fault('TIMEOUT', 'Other calls of this conversation took all the time this one had.');
}
