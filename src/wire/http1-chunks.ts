// Undoes the chunked coding of one body (RFC 9112, 7.1): sizes, data, trailers. Servers that stream write a
// chunk for every few words, so what one network read brought is joined here, in one buffer, and the reader
// is woken once. Extensions and trailers are checked and dropped.

import { checkFields, HeaderBlock } from './http1-block.ts';
import { notHttp } from './http1-fault.ts';

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;
const SPACE = 0x20;
const SEMICOLON = 0x3b;
const DELETE = 0x7f;
/** As many as stay an exact number. */
const MAX_SIZE_DIGITS = 13;
const MAX_EXTENSION_BYTES = 4 * 1024;

/** The value of a hexadecimal digit by its character code, and -1 for every other. */
const HEX: Int8Array = Int8Array.from({ length: 256 }, (_, code) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase()),
);

type State = 'size' | 'extension' | 'size-end' | 'data' | 'data-cr' | 'data-lf' | 'trailers' | 'over';

export class ChunkedBody {
  readonly #where: string;
  readonly #trailers: HeaderBlock;
  #state: State = 'size';
  /** Of the chunk that is being read: what its size line says, then how much of it is still to come. */
  #size = 0;
  /** Of the line that is being read: digits, or bytes of the extension. */
  #count = 0;
  /** A copy of what is being taken, its data moved together at the front. */
  #data: Buffer | undefined;
  #dataFrom = 0;
  #dataLength = 0;

  constructor(where: string) {
    this.#where = where;
    // A trailer block is a head without its first line.
    this.#trailers = new HeaderBlock(where, '\r\n');
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** Takes bytes up to the end of the body; answers where it stopped. Throws Fault UPSTREAM. */
  take(bytes: Buffer, start: number): number {
    let at = start;
    while (at < bytes.length && this.#state !== 'over') {
      if (this.#state === 'data') at = this.#takeData(bytes, at);
      else if (this.#state === 'size') at = this.#takeSize(bytes, at);
      else if (this.#state === 'trailers') at = this.#takeTrailers(bytes, at);
      else if (this.#state === 'extension') this.#takeExtension(bytes[at++] ?? 0);
      else this.#takeLineEnd(bytes[at++] ?? 0);
    }
    return at;
  }

  /** The data since the last call, in memory of its own; undefined when there was none. */
  taken(): Buffer | undefined {
    const data = this.#data?.subarray(0, this.#dataLength);
    this.#data = undefined;
    this.#dataLength = 0;
    return data;
  }

  #takeSize(bytes: Buffer, start: number): number {
    let at = start;
    for (; at < bytes.length; at++) {
      const digit = HEX[bytes[at] ?? 0] ?? -1;
      if (digit < 0) break;
      if (++this.#count > MAX_SIZE_DIGITS) throw notHttp(this.#where, 'chunk size');
      this.#size = this.#size * 16 + digit;
    }
    if (at === bytes.length) return at;
    const next = bytes[at];
    if (this.#count === 0 || (next !== CR && next !== SEMICOLON)) throw notHttp(this.#where, 'chunk size');
    this.#count = 0;
    this.#state = next === CR ? 'size-end' : 'extension';
    return at + 1;
  }

  #takeData(bytes: Buffer, from: number): number {
    const to = Math.min(bytes.length, from + this.#size);
    const data = (this.#data ??= this.#copied(bytes, from));
    // One copy of all and a move for each chunk: half the time of a copy for each.
    const at = from - this.#dataFrom;
    if (at !== this.#dataLength) data.copyWithin(this.#dataLength, at, to - this.#dataFrom);
    this.#dataLength += to - from;
    this.#size -= to - from;
    if (this.#size === 0) this.#state = 'data-cr';
    return to;
  }

  #copied(bytes: Buffer, from: number): Buffer {
    this.#dataFrom = from;
    const copy = Buffer.allocUnsafe(bytes.length - from);
    bytes.copy(copy, 0, from);
    return copy;
  }

  #takeTrailers(bytes: Buffer, from: number): number {
    const to = this.#trailers.take(bytes, from);
    if (this.#trailers.isWhole) {
      checkFields(this.#trailers.text, this.#where);
      this.#state = 'over';
    }
    return to;
  }

  /** Line ends are exact: where one could be read in two ways, so could all that follows. */
  #takeLineEnd(byte: number): void {
    const state = this.#state;
    if (byte !== (state === 'data-cr' ? CR : LF)) {
      throw notHttp(this.#where, state === 'size-end' ? 'chunk size' : 'end of a chunk');
    }
    if (state === 'data-cr') this.#state = 'data-lf';
    else if (state === 'data-lf') this.#state = 'size';
    else this.#state = this.#size === 0 ? 'trailers' : 'data';
  }

  #takeExtension(byte: number): void {
    if (byte === CR) {
      this.#count = 0;
      this.#state = 'size-end';
    } else if ((byte < SPACE && byte !== TAB) || byte === DELETE || ++this.#count > MAX_EXTENSION_BYTES) {
      throw notHttp(this.#where, 'chunk extension');
    }
  }
}
