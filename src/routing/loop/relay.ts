// Hands the events of a call's attempts on to whoever listens, and knows how much of them there was. Only counted:
// the text itself is with the listener, and a second copy of a long answer would be the largest thing in the process.

import type { Fault } from '../../core/fault.ts';
import type { ChatEvent, Hear, Served, Usage } from '../../providers/chat.ts';

export class Relay {
  readonly #hear: Hear;
  readonly #served: Served;
  /** Something of the attempt that is running was handed on. */
  #hasSaid = false;
  #characters = 0;
  #mostCharacters = 0;
  #used: Usage = {};

  /** `served` is told the model that answers. */
  constructor(hear: Hear, served: Served) {
    this.#hear = hear;
    this.#served = served;
  }

  pass(events: readonly ChatEvent[]): void | Promise<void> {
    this.#hasSaid = true;
    for (const event of events) {
      // Only the first choice counts.
      if (event.type === 'text' && event.choice === undefined) this.#characters += event.text.length;
      else if (event.type === 'start' && event.model !== undefined) this.#served.model = event.model;
      else if (event.type === 'usage') this.#used = event.usage;
    }
    return this.#hear(events);
  }

  /** The tokens the running attempt has taken; empty when nothing was said about them. */
  get used(): Usage {
    return this.#used;
  }

  /** The attempt is over without a whole answer; returns how many characters the longest one brought. */
  fail(): number {
    this.#mostCharacters = Math.max(this.#mostCharacters, this.#characters);
    this.#characters = 0;
    this.#used = {};
    return this.#mostCharacters;
  }

  /** Another attempt begins: the listener is to drop what it heard of the one before, if that was anything. */
  restart(attempt: number, reason: Fault): void | Promise<void> {
    if (!this.#hasSaid) return undefined;
    this.#hasSaid = false;
    return this.#hear([{ type: 'restart', attempt, reason }]);
  }
}
