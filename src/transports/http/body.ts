// The body of a request as text: bounded, and whole or not at all. Knows no socket; whoever does says `lost`.

import { Fault } from '../../core/fault.ts';
import type { Incoming } from './raw.ts';

/** U+FFFD, which stands for bytes that are no UTF-8; the bytes of its own are the only ones that may become it. */
const REPLACED = '\uFFFD';

const RETRY_MS = 2000;

/** What the bodies of all requests hold of memory. Counted as bytes come: those that are only announced block nobody. */
export class HeldBodies {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether there is room for so many more, which are taken then. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#maxBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
const ignore = (): void => {};

export class BodyReader {
  readonly #request: Incoming;
  readonly #maxBytes: number;
  readonly #held: HeldBodies;
  readonly text: Promise<string>;
  #resolve: (text: string) => void = ignore;
  #reject: (why: Fault) => void = ignore;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #heldBytes = 0;
  #isOver = false;
  #isReleased = false;

  constructor(request: Incoming, { maxBytes, held }: { readonly maxBytes: number; readonly held: HeldBodies }) {
    this.#request = request;
    this.#maxBytes = maxBytes;
    this.#held = held;
    this.text = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Begins to read. `declared` is the length that the head says, where it says one. */
  start(declared: number | undefined): void {
    if (declared !== undefined && declared > this.#maxBytes) {
      this.#refuse(this.#tooLarge());
      return;
    }
    this.#request.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#request.on('end', () => this.#end());
  }

  /** The client has gone. */
  lost(why: Fault): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#chunks = [];
    this.#reject(why);
  }

  /** The request is answered, or its client has gone: what was made of the body is not counted any more. */
  release(): void {
    this.#isReleased = true;
    this.#held.give(this.#heldBytes);
    this.#heldBytes = 0;
  }

  #take(chunk: Buffer): void {
    if (this.#isOver || this.#isReleased) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#refuse(this.#tooLarge());
    else if (!this.#held.take(chunk.length)) this.#refuse(noRoom());
    else {
      this.#heldBytes += chunk.length;
      this.#chunks.push(chunk);
    }
  }

  /** What still comes is thrown away; the carrier keeps the time in which it may. */
  #refuse(why: Fault): void {
    this.lost(why);
    this.release();
    this.#request.resume();
  }

  #tooLarge(): Fault {
    return new Fault('too-large', `The body is larger than ${this.#maxBytes} bytes.`);
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const [first = Buffer.alloc(0)] = this.#chunks;
    const bytes = this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#bytes) : first;
    this.#chunks = [];
    const text = bytes.toString('utf8');
    if (text.includes(REPLACED) && !Buffer.from(text, 'utf8').equals(bytes)) {
      this.#reject(new Fault('parse', 'The body is not UTF-8.'));
    } else this.#resolve(text);
  }
}

function noRoom(): Fault {
  return new Fault('OVERLOADED', 'The requests that are being answered leave no room for the body of this one.', {
    data: { next: 'Send it again in a few seconds.' },
    retryAfterMs: RETRY_MS,
  });
}
