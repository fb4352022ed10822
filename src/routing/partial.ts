// The answer text that failed attempts left behind: what was received is given to the caller even when it
// could not be completed. The longest is kept, and no more of it than can be shown.

import type { ChatEvent } from '../providers/chat.ts';

const MAX_PARTIAL_CHARS = 8 * 1024 * 1024;

export class PartialText {
  #pieces: string[] = [];
  #length = 0;
  #longest: readonly string[] = [];
  #longestLength = 0;

  /** Text of the attempt that is running; only the first choice counts. */
  note(events: readonly ChatEvent[]): void {
    for (const event of events) {
      if (event.type !== 'text' || event.choice !== undefined || this.#length >= MAX_PARTIAL_CHARS) continue;
      this.#pieces.push(event.text);
      this.#length += event.text.length;
    }
  }

  /** The attempt is over without a whole answer. */
  close(): void {
    if (this.#length > this.#longestLength) {
      this.#longest = this.#pieces;
      this.#longestLength = this.#length;
    }
    this.#pieces = [];
    this.#length = 0;
  }

  get text(): string {
    return this.#longest.join('');
  }
}
