// The body of a request as text: bounded, and whole or not at all. Knows no socket; whoever does says `lost`.

import { Fault } from '../../core/fault.ts';
import type { Incoming } from './raw.ts';

/** U+FFFD, which stands for bytes that are no UTF-8; the bytes of its own are the only ones that may become it. */
const REPLACED = '\uFFFD';

const ignore = (): void => {};

export class BodyReader {
  readonly #request: Incoming;
  readonly #maxBytes: number;
  readonly text: Promise<string>;
  #resolve: (text: string) => void = ignore;
  #reject: (why: Fault) => void = ignore;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isOver = false;

  constructor(request: Incoming, maxBytes: number) {
    this.#request = request;
    this.#maxBytes = maxBytes;
    this.text = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Begins to read. `declared` is the length that the head says, where it says one. */
  start(declared: number | undefined): void {
    if (declared !== undefined && declared > this.#maxBytes) {
      this.#refuse();
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

  #take(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#refuse();
    else this.#chunks.push(chunk);
  }

  /** What still comes is thrown away; the carrier keeps the time in which it may. */
  #refuse(): void {
    this.lost(new Fault('too-large', `The body is larger than ${this.#maxBytes} bytes.`));
    this.#request.resume();
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
