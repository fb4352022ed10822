// One connection, which serves one request after the other. It has a user while an answer is due; between
// users it says nothing and hears nothing: a byte that comes then was asked for by nobody, and ends it.
// Knows sockets, not HTTP: what bytes mean, and whether it may be used again, its user says.

import type { KeepAlive } from '../../wire/http1-head.ts';
import type { Line, LineEvents } from './way/dial.ts';

/** Off the promised time: the server's clock began before ours. */
const KEEP_ALIVE_MARGIN_MS = 1000;
/** Up to this, head and body are joined into one string; above, joining costs more than a second write. */
const JOINED_CHARACTERS = 64 * 1024;

/** Who waits for an answer on a connection. None of these may throw. */
export interface ConnectionUser {
  /** The connection is there; on a kept one this was so before. */
  onOpen(): void;
  /** The bytes are another connection's afterwards. Answers whether to go on reading; a pause ends with `resume`. */
  onBytes(bytes: Buffer): boolean;
  /** The last word: the server has ended it cleanly, or it broke. */
  onClosed(how: 'ended' | 'broken', error: Error | undefined): void;
}

/** Who lends connections out. */
export interface Lender {
  /** It has served its user and may serve another one. */
  onFree(connection: Connection): void;
  /** It is of no use any more. Once. */
  onGone(connection: Connection): void;
  /** What would shorten the next TLS handshake. */
  onSession(ticket: Buffer): void;
}

export class Connection {
  readonly #line: Line;
  readonly #lender: Lender;
  #user: ConnectionUser | undefined;
  #isOpen = false;
  #isGone = false;
  #isPaused = false;
  #error: Error | undefined;
  #served = 0;
  /** The number of the last request that the server means to serve on it. */
  #mostServed = Infinity;
  #staleAt = Infinity;

  /** `open` is called at once. */
  constructor(open: (events: LineEvents) => Line, lender: Lender) {
    this.#lender = lender;
    this.#line = open({
      onOpen: () => {
        this.#isOpen = true;
        this.#user?.onOpen();
      },
      onRead: (bytes) => this.#read(bytes),
      onSession: (ticket) => lender.onSession(ticket),
      onError: (error) => (this.#error = error),
      onClosed: (how) => this.#lose(how),
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether it has served before, so that the server may be about to close it. */
  get isReused(): boolean {
    return this.#served > 0;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /**
   * Whether all of its request has gone out, which a server that answers half a question does not wait for. Ask it a turn
   * of the loop after the answer: over TLS the end of a write may be told after an answer that was quick.
   */
  get isDrained(): boolean {
    return this.#line.socket.writableLength === 0;
  }

  /** Whether the server still means to keep it, by what it said with its last answer. */
  isKept(now: number): boolean {
    return now < this.#staleAt;
  }

  use(user: ConnectionUser): void {
    this.#user = user;
    this.#line.socket.ref();
  }

  /** Between uses it keeps no process alive. */
  rest(): void {
    this.#line.socket.unref();
  }

  /** `head` is Latin-1, `body` becomes UTF-8. */
  write(head: string, body: string): void {
    const { socket } = this.#line;
    if (body.length <= JOINED_CHARACTERS && isAscii(head)) {
      socket.write(head + body, 'utf8');
      return;
    }
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(body, 'utf8');
    socket.uncork();
  }

  resume(): void {
    if (!this.#isPaused || this.#isGone) return;
    this.#isPaused = false;
    this.#line.resume();
  }

  /** The answer is complete, and its user leaves; what the server promised of the connection, if it is kept at all. */
  release(promise: KeepAlive | undefined, now: number): void {
    this.#served++;
    this.#user = undefined;
    if (promise === undefined) return this.destroy();
    this.#mostServed = Math.min(this.#mostServed, this.#served + promise.max);
    this.#staleAt = now + promise.timeoutMs - KEEP_ALIVE_MARGIN_MS;
    if (this.#served >= this.#mostServed || !this.isKept(now)) return this.destroy();
    this.resume();
    return this.#lender.onFree(this);
  }

  /** Closes it at once; its user is told nothing. */
  destroy(): void {
    this.#user = undefined;
    this.#leave();
    this.#line.socket.destroy();
  }

  /** Closes it at once, and tells its user: not as the server's doing. */
  abort(): void {
    this.#error ??= new Error('closed by us');
    this.#lose('broken');
  }

  #read(bytes: Buffer): boolean {
    const user = this.#user;
    if (user === undefined) {
      this.destroy();
      return false;
    }
    const goesOn = user.onBytes(bytes);
    // What TLS has read comes after a pause too, and does not end it: only `resume` does. When the user has left in the
    // meantime, the next byte is of interest all the same.
    this.#isPaused = (this.#isPaused || !goesOn) && this.#user === user;
    return !this.#isPaused;
  }

  #lose(how: 'ended' | 'broken'): void {
    const user = this.#user;
    this.destroy();
    user?.onClosed(how, this.#error);
  }

  #leave(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#lender.onGone(this);
  }
}

function isAscii(text: string): boolean {
  return !/[\u0080-\u00ff]/.test(text);
}
