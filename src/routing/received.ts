// How much answer text the attempts of a call have received. Only counted: the text itself is with whoever
// collects the stream, and a second copy of a long answer would be the largest thing in the process.

import type { ChatEvent } from '../providers/chat.ts';

export class Received {
  #now = 0;
  #most = 0;

  /** Text of the attempt that is running; only the first choice counts. */
  note(events: readonly ChatEvent[]): void {
    for (const event of events) {
      if (event.type === 'text' && event.choice === undefined) this.#now += event.text.length;
    }
    this.#most = Math.max(this.#most, this.#now);
  }

  /** The attempt is over without a whole answer. */
  startAgain(): void {
    this.#now = 0;
  }

  /** Characters that the longest attempt received. */
  get characters(): number {
    return this.#most;
  }
}
