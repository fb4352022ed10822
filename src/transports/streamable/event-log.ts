// What a session was told as events, kept for a client that comes back: bounded for the session by number and bytes,
// and for all of them together by the shelf. What goes first is what matters least: notices before answers, of the
// oldest first. Pure.
// Follows MCP 2025-11-25 basic/transports (resumability): an id names its stream, and only that stream is replayed.

import { lengthOf } from '../../wire/encode.ts';
import type { Line } from '../../wire/encode.ts';

export interface LoggedEvent {
  /** The number of its stream in the session. */
  readonly stream: number;
  /** Its place in the stream, from 1. */
  readonly seq: number;
  /** All of it but the message. */
  readonly head: string;
  readonly line: Line;
  readonly isAnswer: boolean;
}

/** What an event weighs besides its text. */
const EVENT_BYTES = 200;

export interface LogBounds {
  readonly events: number;
  readonly bytes: number;
}

/** Holds the logs of all sessions to a number of bytes. */
export class EventShelf {
  readonly #maxBytes: number;
  /** The one that was added to last comes last. */
  readonly #logs = new Map<EventLog, number>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Notes what a log weighs now. Another one is emptied when all are too much. */
  weigh(log: EventLog): void {
    this.#bytes += log.bytes - (this.#logs.get(log) ?? 0);
    this.#logs.delete(log);
    if (log.bytes > 0) this.#logs.set(log, log.bytes);
    for (const oldest of this.#logs.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      oldest.clear();
    }
  }
}

export class EventLog {
  readonly #shelf: EventShelf;
  readonly #bounds: LogBounds;
  #events: LoggedEvent[] = [];
  #bytes = 0;

  constructor(shelf: EventShelf, bounds: LogBounds) {
    this.#shelf = shelf;
    this.#bounds = bounds;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#events.length;
  }

  add(event: LoggedEvent): void {
    this.#events.push(event);
    this.#bytes += weightOf(event);
    while (this.#events.length > this.#bounds.events || this.#bytes > this.#bounds.bytes) {
      // One answer may be of any size that the shelf holds.
      if (this.#events.length === 1) break;
      this.#dropOne();
    }
    this.#shelf.weigh(this);
  }

  /** What the client of a stream has not got, in order; what it has is forgotten. */
  after(stream: number, seq: number): readonly LoggedEvent[] {
    this.#keep((event) => event.stream !== stream || event.seq > seq);
    return this.#events.filter((event) => event.stream === stream);
  }

  /** Whether the same is already kept for whoever comes for the stream's events after `seq`. */
  has(stream: number, seq: number, line: Line): boolean {
    return this.#events.some((event) => event.stream === stream && event.seq > seq && event.line === line);
  }

  forget(stream: number): void {
    this.#keep((event) => event.stream !== stream);
  }

  clear(): void {
    this.#keep(() => false);
  }

  /** The last one is never dropped for the sake of an older one. */
  #dropOne(): void {
    const notice = this.#events.findIndex((event, at) => !event.isAnswer && at < this.#events.length - 1);
    const [dropped] = this.#events.splice(Math.max(0, notice), 1);
    if (dropped !== undefined) this.#bytes -= weightOf(dropped);
  }

  #keep(stays: (event: LoggedEvent) => boolean): void {
    const kept = this.#events.filter(stays);
    if (kept.length === this.#events.length) return;
    this.#events = kept;
    this.#bytes = kept.reduce((sum, event) => sum + weightOf(event), 0);
    this.#shelf.weigh(this);
  }
}

function weightOf({ head, line }: LoggedEvent): number {
  return EVENT_BYTES + head.length + lengthOf(line);
}
