// The body of an answer that is told piece by piece. Pieces of one turn of the event loop become one write, the head
// with the first of them, and the turn ends with the write: nothing is held back. An answer that is whole within its
// first turn goes out with its length. Back-pressure is the socket's own.

import type { BodyStream, HeaderFields } from '../../wire/exchange.ts';
import type { Outgoing } from './raw.ts';

/** More than this is not gathered any further. */
const MOST_GATHERED = 64 * 1024;

const room = Promise.resolve();

export class AnswerStream implements BodyStream {
  readonly #response: Outgoing;
  readonly #status: number;
  readonly #headers: HeaderFields;
  readonly #onEnd: () => void;
  #gathered = '';
  #isHeadSent = false;
  #isScheduled = false;
  #isFull = false;
  #isOver = false;
  #room: Promise<void> = room;
  #makeRoom: () => void = () => {};

  constructor(response: Outgoing, status: number, headers: HeaderFields, onEnd: () => void) {
    this.#response = response;
    this.#status = status;
    this.#headers = headers;
    this.#onEnd = onEnd;
    this.#schedule();
  }

  get queuedBytes(): number {
    if (this.#isOver) return 0;
    return Buffer.byteLength(this.#gathered) + this.#response.writableLength;
  }

  write(piece: string): void | Promise<void> {
    if (this.#isOver) return;
    this.#gathered += piece;
    // While the socket is full all is gathered: whoever does not wait for room is not stopped, but counted.
    if (this.#isFull) return this.#room;
    if (this.#gathered.length >= MOST_GATHERED) this.#flush();
    else if (!this.#isScheduled) this.#schedule();
    if (this.#isFull) return this.#room;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const text = this.#gathered;
    this.#gathered = '';
    if (!this.#response.destroyed) {
      if (!this.#isHeadSent) {
        this.#response.writeHead(this.#status, { ...this.#headers, 'content-length': String(Buffer.byteLength(text)) });
      }
      this.#response.end(text);
    }
    this.#makeRoom();
    this.#onEnd();
  }

  /** The client has gone: nothing is written any more, and nobody waits for room. */
  lost(): void {
    this.#isOver = true;
    this.#gathered = '';
    this.#makeRoom();
  }

  #schedule(): void {
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      if (!this.#isOver && !this.#isFull) this.#flush();
    });
  }

  #flush(): void {
    const response = this.#response;
    if (response.destroyed) return;
    if (!this.#isHeadSent) {
      this.#isHeadSent = true;
      response.writeHead(this.#status, this.#headers);
      if (this.#gathered === '') response.flushHeaders();
    }
    const text = this.#gathered;
    if (text === '') return;
    this.#gathered = '';
    if (response.write(text)) return;
    this.#isFull = true;
    this.#room = new Promise((resolve) => {
      this.#makeRoom = resolve;
    });
    response.once('drain', () => this.#drained());
  }

  #drained(): void {
    this.#isFull = false;
    const makeRoom = this.#makeRoom;
    if (!this.#isOver && this.#gathered !== '') this.#flush();
    // Full again: those who wait go on waiting, for the new promise's sake.
    if (this.#isFull) void this.#room.then(makeRoom);
    else makeRoom();
  }
}
