// One upstream call and everybody who waits for its answer. Whoever joins hears what was said so far and then what
// comes, at their own pace: the upstream is read as long as one of them has room, and what the others have not heard
// yet is kept for them. Bounded: an answer longer than `maxChars` is not joined any more, and who is further behind
// than that goes on alone, with an upstream call of their own. When the last one leaves, the upstream call ends.

import { CancelSource } from '../../core/context.ts';
import type { Phase } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { ChatEvent, Commit, Hear, ModelContext } from '../../providers/chat.ts';
import { copyServed } from '../targets/served.ts';
import { Listener } from './listener.ts';
import type { Heard } from './listener.ts';
import { Said } from './said.ts';

export interface FlightOptions {
  readonly maxChars: number;
  /** The call that asked first: its deadline, log and id are the upstream call's. */
  readonly first: ModelContext;
  /** Nobody may join from now on. */
  closed(): void;
}

export class Flight {
  readonly #options: FlightOptions;
  readonly #cancel = new CancelSource();
  readonly #listeners = new Set<Listener>();
  readonly #said = new Said();
  #isWhole = true;
  #hasEnded = false;
  #phase: readonly [Phase, number] | undefined;
  /** Lets the upstream call go on that waits for room. */
  #wake = (): void => {};
  /** What the upstream call is made with. */
  readonly ctx: ModelContext;

  constructor(options: FlightOptions) {
    const { deadline, log, requestId, client, commit, via, served } = options.first;
    this.#options = options;
    this.ctx = {
      cancel: this.#cancel,
      deadline,
      log,
      requestId,
      ...present({ client, via, commit: commit === undefined ? commit : new SharedCommit(this.#listeners) }),
      served: { provider: '', model: served.model, attempts: [], changed: [] },
      phase: (phase, attempt) => {
        this.#phase = [phase, attempt];
        for (const listener of this.#listeners) listener.ctx.phase(phase, attempt);
      },
    };
  }

  /** All that was said; undefined when it was too long to be kept. */
  get answer(): readonly ChatEvent[] | undefined {
    return this.#isWhole ? this.#said.after(0).filter(({ type }) => type !== 'restart') : undefined;
  }

  /** Settles when the answer was heard to its end; rejects with its fault, or when this one is called off. */
  join(ctx: ModelContext, hear: Hear): Promise<Heard> {
    const listener = new Listener({
      ctx,
      hear,
      said: this.#said,
      freed: () => this.#wake(),
      left: (one) => this.#left(one),
    });
    if (ctx !== this.#options.first) ctx.served.shared = true;
    this.#listeners.add(listener);
    const dispose = ctx.cancel.onCancel((reason) => this.#callOff(listener, reason));
    if (this.#phase !== undefined) ctx.phase(...this.#phase);
    listener.tell();
    return listener.done.finally(dispose);
  }

  /** Hears the upstream for everybody. */
  hear(events: readonly ChatEvent[]): void | Promise<void> {
    this.#said.add(events);
    for (const listener of this.#listeners) listener.tell();
    if (this.#said.chars > this.#options.maxChars) this.#outgrow();
    if (!this.#isWhole) this.#shed();
    if (this.#listeners.size === 0 || [...this.#listeners].some(({ isBusy }) => !isBusy)) return undefined;
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** The upstream call is over. Everybody ends when they have heard the rest; `isLate`: because its time was. */
  end(fault: Fault | undefined, isLate: boolean): void {
    this.#hasEnded = true;
    for (const listener of this.#listeners) {
      // Who joined later may have time left.
      const hasTime = isLate && listener.ctx.deadline > this.ctx.deadline;
      if (!hasTime) copyServed(this.ctx.served, listener.ctx.served);
      listener.endWith(hasTime ? 'alone' : (fault ?? 'whole'));
    }
  }

  #outgrow(): void {
    if (!this.#isWhole) return;
    this.#isWhole = false;
    this.#options.closed();
  }

  /** What everybody has heard is let go; who is too far behind the others is not waited for. */
  #shed(): void {
    for (const listener of this.#listeners) {
      const isFarBehind = this.#said.charsAfter(listener.at) > this.#options.maxChars;
      if (!isFarBehind || this.#listeners.size === 1) continue;
      this.#listeners.delete(listener);
      listener.endWith('alone');
    }
    this.#said.forget(Math.min(...[...this.#listeners].map(({ at }) => at)));
  }

  /** The last one goes with the upstream call, whose own end tells more than the cancel does. */
  #callOff(listener: Listener, reason: Fault): void {
    if (this.#hasEnded || this.#listeners.size > 1 || !this.#listeners.has(listener)) {
      if (!this.#hasEnded) copyServed(this.ctx.served, listener.ctx.served);
      listener.end(reason);
      return;
    }
    this.#options.closed();
    this.#cancel.cancel(reason);
    this.#wake();
  }

  #left(listener: Listener): void {
    this.#listeners.delete(listener);
    this.#wake();
    if (this.#listeners.size > 0 || this.#hasEnded) return;
    this.#options.closed();
    this.#cancel.cancel(new Fault('cancelled', 'Nobody waits for the answer any more.'));
  }
}

/** While one of them can still drop what it heard, the answer may begin anew; those who cannot leave then. */
class SharedCommit implements Commit {
  readonly #listeners: ReadonlySet<Listener>;

  constructor(listeners: ReadonlySet<Listener>) {
    this.#listeners = listeners;
  }

  get isMade(): boolean {
    return [...this.#listeners].every(({ ctx }) => ctx.commit?.isMade === true);
  }
}
