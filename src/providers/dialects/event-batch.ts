// Gathers the events of one network read and joins neighbours of one kind, so that whoever relays them does
// the work of one event for a read that held hundreds of deltas.

import type { ChatEvent } from '../chat.ts';

/** An event whose text grows by appending. */
type Growing = Extract<ChatEvent, { type: 'text' | 'reasoning' | 'tool' }>;

export class EventBatch {
  #events: ChatEvent[] = [];
  #open: Growing | undefined;
  #pieces: string[] = [];

  /** Nothing was added since the last `take`. */
  get isEmpty(): boolean {
    return this.#open === undefined && this.#events.length === 0;
  }

  /** A piece of the answer; choice 0 is the one that events leave unnamed. */
  text(type: 'text' | 'reasoning', text: string, choice: number): void {
    if (text === '') return;
    const open = this.#open;
    if (open !== undefined && open.type === type && (open.choice ?? 0) === choice) this.#pieces.push(text);
    else this.#start(choice === 0 ? { type, text } : { type, text, choice }, text);
  }

  add(event: ChatEvent): void {
    if (event.type === 'tool') {
      if (this.#continues(event)) this.#pieces.push(event.arguments);
      else this.#start(event, event.arguments);
      return;
    }
    this.#close();
    this.#events.push(event);
  }

  /** The events so far, in order; the batch is empty afterwards. */
  take(): ChatEvent[] {
    this.#close();
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #continues(event: Growing & { type: 'tool' }): boolean {
    const open = this.#open;
    if (open?.type !== 'tool' || event.id !== undefined || event.name !== undefined) return false;
    return open.index === event.index && open.choice === event.choice;
  }

  #start(event: Growing, piece: string): void {
    this.#close();
    this.#open = event;
    this.#pieces.push(piece);
  }

  #close(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    if (this.#pieces.length === 1) this.#events.push(open);
    else {
      // A join copies; a sum of slices would keep every chunk it was cut from alive as long as the answer.
      const text = this.#pieces.join('');
      this.#events.push(saying(open, text));
    }
    this.#pieces = [];
  }
}

/** The event with its whole text. Written out: a spread with a member after it costs as much as a dozen chunks. */
function saying(event: Growing, text: string): Growing {
  if (event.type === 'tool') return { ...event, arguments: text };
  const { type, choice } = event;
  return choice === undefined ? { type, text } : { type, text, choice };
}
