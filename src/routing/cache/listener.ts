// One of those who wait for the answer of a call that is shared: hears it at their own pace, and ends exactly once.

import { Fault } from '../../core/fault.ts';
import type { ChatEvent, Hear, ModelContext } from '../../providers/chat.ts';
import type { Said } from './said.ts';

/** `alone`: the answer cannot be heard to its end here and has to be asked for anew. */
export type Heard = 'whole' | 'alone';

export interface ListenerOptions {
  readonly ctx: ModelContext;
  readonly hear: Hear;
  readonly said: Said;
  /** There is room again. */
  freed(): void;
  /** It has ended, and hears no more. */
  left(listener: Listener): void;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #settle: { resolve(heard: Heard): void; reject(why: Fault): void };
  /** Up to where it has been told. */
  #at = 0;
  #hasHeard = false;
  #isBusy = false;
  #hasEnded = false;
  /** What remains to be done when there is room: to hear the rest and end so. */
  #ending: Heard | Fault | undefined;
  readonly done: Promise<Heard>;

  constructor(options: ListenerOptions) {
    this.#options = options;
    let settle = { resolve(_heard: Heard): void {}, reject(_why: Fault): void {} };
    this.done = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.#settle = settle;
  }

  get ctx(): ModelContext {
    return this.#options.ctx;
  }

  get at(): number {
    return this.#at;
  }

  /** No room: what was told last is still being taken in. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Tells what was said since, as far as there is room. */
  tell(): void {
    const { said } = this.#options;
    while (!this.#isBusy && !this.#hasEnded && this.#ending !== 'alone' && this.#at < said.end) {
      const events = said.after(this.#at);
      this.#at = said.end;
      this.#pass(events);
    }
    if (!this.#isBusy && this.#ending !== undefined) this.end(this.#ending);
  }

  /** Ends when it has heard the rest; at once when it was called off, and without the rest when it goes on alone. */
  endWith(ending: Heard | Fault): void {
    const { reason } = this.ctx.cancel;
    if (reason !== undefined) return this.end(ending instanceof Fault ? ending : reason);
    this.#ending = ending;
    this.tell();
  }

  /** Ends at once. A second end changes nothing. */
  end(ending: Heard | Fault): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (ending instanceof Fault) this.#settle.reject(ending);
    else this.#settle.resolve(ending);
    this.#options.left(this);
  }

  #pass(events: readonly ChatEvent[]): void {
    // To who has heard nothing yet, the answer does not begin anew.
    const isFirst = !this.#hasHeard && events[0]?.type === 'restart';
    const fresh = isFirst ? events.slice(1) : events;
    if (fresh.length === 0) return;
    this.#hasHeard = true;
    try {
      const waiting = this.#options.hear(fresh);
      if (waiting === undefined) return;
      this.#isBusy = true;
      waiting.then(
        () => this.#free(),
        (thrown: unknown) => this.end(Fault.from(thrown)),
      );
    } catch (thrown) {
      this.end(Fault.from(thrown));
    }
  }

  #free(): void {
    this.#isBusy = false;
    this.tell();
    if (!this.#isBusy) this.#options.freed();
  }
}
