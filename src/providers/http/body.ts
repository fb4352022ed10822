// The bytes of one answer, pulled. Written over `read()` and not over the stream's own async iterator,
// which costs several promises a chunk; `read()` also joins the HTTP chunks of one network read, so that
// the consumer is woken once for all of them. Node stops reading the socket while a chunk waits here.

import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Fault } from '../../core/fault.ts';
import { bodyFault } from './network-fault.ts';

interface Waiting {
  resolve(result: IteratorResult<Uint8Array>): void;
  reject(reason: Fault): void;
}

export interface BodySource {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
  readonly where: string;
}

/** One answer's body. Iterate it once; `onOver` is called once, when its connection is free or closed. */
export class PulledBody implements AsyncIterableIterator<Uint8Array> {
  readonly #source: BodySource;
  readonly #onOver: () => void;
  #waiting: Waiting | undefined;
  #isOver = false;
  #isCancelled = false;
  #fault: Fault | undefined;
  #cause: unknown;

  constructor(source: BodySource, onOver: () => void) {
    this.#source = source;
    this.#onOver = onOver;
    source.response.on('readable', () => this.#deliver());
    source.response.on('end', () => this.#end());
    // Comes for every cut, and alone: 'error' and 'aborted' come only for some of them.
    source.response.on('close', () => this.#lose());
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    // Before the fault is told: what arrived before a cut is still in the buffer, and may say why.
    const chunk = this.#isCancelled ? null : this.#read();
    if (chunk !== null) return Promise.resolve({ done: false, value: chunk });
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** The consumer leaves: an answer that has arrived whole frees its connection, any other closes it. */
  return(): Promise<IteratorResult<Uint8Array>> {
    if (!this.#isOver) {
      if (this.#source.response.complete && this.#waiting === undefined) {
        this.#read();
        return this.next();
      }
      this.#source.request.destroy();
      this.#settle();
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Stops at once: closes the connection, drops what is buffered, and fails the consumer with `reason`. */
  fail(reason: Fault): void {
    if (this.#isOver) return;
    this.#isCancelled = true;
    this.#fault = reason;
    this.#source.request.destroy();
    this.#settle();
  }

  /** What the connection said when it broke, for the log. */
  explain(cause: unknown): void {
    this.#cause = cause;
  }

  #read(): Uint8Array | null {
    const { response } = this.#source;
    // With the length, because Node 26 answers a bare read() with the first HTTP chunk alone. Without it
    // when there is nothing: read(0) would not notice the end.
    const chunk: unknown = response.read(response.readableLength || undefined);
    return chunk instanceof Uint8Array ? chunk : null;
  }

  #deliver(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    const chunk = this.#read();
    if (chunk === null) return;
    this.#waiting = undefined;
    waiting.resolve({ done: false, value: chunk });
  }

  #end(): void {
    if (this.#isOver) return;
    const { request } = this.#source;
    // The server answered without waiting for the whole question, and would keep the rest of it coming.
    if (!request.writableFinished) request.destroy();
    this.#settle();
  }

  #lose(): void {
    if (this.#isOver) return;
    this.#fault = bodyFault(this.#cause, this.#source.where);
    this.#settle();
  }

  #settle(): void {
    this.#isOver = true;
    this.#onOver();
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    if (this.#fault === undefined) waiting.resolve({ done: true, value: undefined });
    else waiting.reject(this.#fault);
  }
}
