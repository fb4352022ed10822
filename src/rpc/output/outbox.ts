// Our side of a Link: what the engine must know of how far behind the peer is. It answers two questions,
// whether more requests may be started and how much is queued that should not be, and says when the peer
// has caught up.

import { lengthOf } from '../../wire/encode.ts';
import type { Line } from '../../wire/encode.ts';
import type { Answered, Link, Notice } from '../link.ts';

export class Outbox {
  readonly #link: Link;
  readonly #holdAtBytes: number;
  readonly #onRoom: () => void;
  /** Pending while the link has no room. */
  #room: Promise<void> | undefined;
  /** The largest answer since the link last had room: one answer may be of any size. */
  #largestBytes = 0;

  /** `onRoom` runs each time the link has room again after it had none. */
  constructor(link: Link, holdAtBytes: number, onRoom: () => void) {
    this.#link = link;
    this.#holdAtBytes = holdAtBytes;
    this.#onRoom = onRoom;
  }

  /** Whether so much is queued that nothing should be started that adds to it. */
  get isCongested(): boolean {
    return this.#room !== undefined && this.#link.facts.queuedBytes >= this.#holdAtBytes;
  }

  /** What is queued beside the largest answer. */
  get excessBytes(): number {
    return this.#room === undefined ? 0 : this.#link.facts.queuedBytes - this.#largestBytes;
  }

  answer(line: Line, answered: Answered): void {
    const room = this.#watched(this.#link.send(line, answered));
    if (room !== undefined) this.#largestBytes = Math.max(this.#largestBytes, lengthOf(line));
  }

  send(line: Line): void | Promise<void> {
    return this.#watched(this.#link.send(line));
  }

  notify(notice: Notice): void | Promise<void> {
    return this.#watched(this.#link.notify(notice));
  }

  #watched(room: void | Promise<void>): void | Promise<void> {
    if (room !== undefined && room !== this.#room) {
      this.#room = room;
      void room.then(() => this.#caughtUp(room));
    }
    return room;
  }

  #caughtUp(room: Promise<void>): void {
    if (this.#room !== room) return;
    this.#room = undefined;
    this.#largestBytes = 0;
    this.#onRoom();
  }
}
