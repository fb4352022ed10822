// The bytes of one answer, pulled. A piece is what one network read brought; while a reader is away, small
// ones are joined, and then nothing more is read, so that a slow reader holds back the server and not our
// memory. An answer that is here whole needs its connection no longer: another request may be on it before
// this body is read.

import type { Fault } from '../../core/fault.ts';

/** Held back before reading pauses: enough to notice the end of a short answer, little enough to join cheaply. */
const HELD_BYTES = 16 * 1024;

interface Waiting {
  resolve(result: IteratorResult<Uint8Array>): void;
  reject(reason: Fault): void;
}

/** Where a body comes from, and whom it tells. */
export interface BodySource {
  /** The reader has taken what was there and wants more. */
  onWanted(): void;
  /** The reader leaves before the end has come. */
  onLeft(): void;
  /** Once: nobody will read on. */
  onOver(): void;
}

const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined };

/** One answer's body. Iterate it once. */
export class PulledBody implements AsyncIterableIterator<Uint8Array> {
  readonly #source: BodySource;
  #held: Uint8Array | undefined;
  #waiting: Waiting | undefined;
  /** No more bytes will come. */
  #isComplete = false;
  /** No more bytes will be read. */
  #isOver = false;
  #fault: Fault | undefined;

  constructor(source: BodySource) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const held = this.#held;
    // Before the fault is told: what arrived before a cut may say why.
    if (held !== undefined) {
      this.#held = undefined;
      if (this.#isComplete && this.#fault === undefined) this.#settle();
      else if (!this.#isComplete) this.#source.onWanted();
      return Promise.resolve({ done: false, value: held });
    }
    if (this.#fault !== undefined) {
      this.#settle();
      return Promise.reject(this.#fault);
    }
    if (this.#isComplete || this.#isOver) {
      this.#settle();
      return Promise.resolve(DONE);
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** The consumer leaves: an answer that has arrived whole has freed its connection, any other closes it. */
  return(): Promise<IteratorResult<Uint8Array>> {
    this.#held = undefined;
    if (!this.#isOver && !this.#isComplete) this.#source.onLeft();
    this.#settle();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(DONE);
    return Promise.resolve(DONE);
  }

  /** Takes a piece; answers whether another one may be read. */
  give(piece: Uint8Array): boolean {
    if (this.#isOver) return true;
    const waiting = this.#waiting;
    if (waiting === undefined) {
      this.#held = this.#held === undefined ? piece : Buffer.concat([this.#held, piece]);
      return this.#held.length < HELD_BYTES;
    }
    this.#waiting = undefined;
    waiting.resolve({ done: false, value: piece });
    return true;
  }

  /** Nothing more will come; with a fault, because the answer was cut short. */
  complete(fault?: Fault): void {
    if (this.#isOver || this.#isComplete) return;
    this.#isComplete = true;
    this.#fault = fault;
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    this.#settle();
    if (fault === undefined) waiting.resolve(DONE);
    else waiting.reject(fault);
  }

  /** Stops at once: drops what is held, and fails the consumer with `reason`. */
  fail(reason: Fault): void {
    if (this.#isOver) return;
    this.#held = undefined;
    this.#isComplete = false;
    this.complete(reason);
    this.#settle();
  }

  #settle(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#source.onOver();
  }
}
