// What an upstream call has said so far, for those who have not heard it yet. A position counts batches from the
// beginning of the call. What came before a restart is forgotten: nobody needs it who has not heard it.

import type { ChatEvent } from '../../providers/chat.ts';

/** What an event takes besides its text. */
const EVENT_CHARS = 50;

interface Batch {
  readonly events: readonly ChatEvent[];
  /** Characters said up to its end. */
  readonly mark: number;
}

export class Said {
  #batches: Batch[] = [];
  /** How many batches came before these. */
  #forgotten = 0;
  #chars = 0;
  /** `#chars` where the answer began anew, and where what is kept begins. */
  #origin = 0;
  #floor = 0;

  /** The position after everything that was said. */
  get end(): number {
    return this.#forgotten + this.#batches.length;
  }

  /** Characters of the answer so far, those of given up attempts not counted. */
  get chars(): number {
    return this.#chars - this.#origin;
  }

  add(events: readonly ChatEvent[]): void {
    const restart = events.findLastIndex(({ type }) => type === 'restart');
    if (restart >= 0) {
      this.forget(this.end);
      this.#origin = this.#chars;
      this.#floor = this.#chars;
    }
    const kept = restart > 0 ? events.slice(restart) : events;
    for (const event of kept) this.#chars += EVENT_CHARS + lengthOf(event);
    this.#batches.push({ events: kept, mark: this.#chars });
  }

  /** What was said after that position. */
  after(position: number): readonly ChatEvent[] {
    const rest = this.#batches.slice(Math.max(0, position - this.#forgotten));
    return rest.length === 1 ? (rest[0]?.events ?? []) : rest.flatMap(({ events }) => events);
  }

  charsAfter(position: number): number {
    const index = position - this.#forgotten - 1;
    return this.#chars - (this.#batches[index]?.mark ?? this.#floor);
  }

  /** Nobody will ask for what came before that position. */
  forget(position: number): void {
    const count = Math.max(0, position - this.#forgotten);
    this.#floor = this.#batches[count - 1]?.mark ?? this.#floor;
    this.#batches.splice(0, count);
    this.#forgotten += count;
  }
}

function lengthOf(event: ChatEvent): number {
  if (event.type === 'text' || event.type === 'reasoning') return event.text.length;
  if (event.type === 'tool') return event.arguments.length;
  if (event.type === 'image') return event.url.length;
  return event.type === 'reasoning_detail' ? JSON.stringify(event.detail).length : 0;
}
