// Bytes to one block of header lines, up to the blank line that ends it: the head of an HTTP/1.1 answer, or
// the trailers behind a chunked body. Knows lines and sizes, not what a header means. RFC 9112, 2 to 5, as
// strictly as Node's own parser: every line ends in CRLF, none is folded, no control character is let through.

import { notHttp } from './http1-fault.ts';

/** With its blank line; what Node allows. */
const MAX_BLOCK_BYTES = 16 * 1024;
const MAX_FIELDS = 256;
const BLANK_LINE = '\r\n\r\n';
const FIELDS = /^\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\u0020-\u007e\u0080-\u00ff]*\r\n)*$/;

export class HeaderBlock {
  readonly #where: string;
  #text: string;
  #end: number | undefined;

  /** `begun` stands before what is to come. */
  constructor(where: string, begun = '') {
    this.#where = where;
    this.#text = begun;
  }

  /** What has come so far; once it is whole, up to and including the line end before the blank line. */
  get text(): string {
    return this.#end === undefined ? this.#text : this.#text.slice(0, this.#end - 2);
  }

  get isWhole(): boolean {
    return this.#end !== undefined;
  }

  /** Takes bytes up to the end of the block; answers where it stopped. */
  take(bytes: Buffer, from: number): number {
    const before = this.#text.length;
    const until = Math.min(bytes.length, from + MAX_BLOCK_BYTES - before);
    this.#text += bytes.toString('latin1', from, until);
    const at = this.#text.indexOf(BLANK_LINE, Math.max(0, before - 3));
    if (at === -1) {
      this.#checkPart(before);
      return until;
    }
    this.#end = at + BLANK_LINE.length;
    return from + this.#end - before;
  }

  /** What would otherwise be waited for in vain. */
  #checkPart(from: number): void {
    const text = this.#text;
    if (text.length >= MAX_BLOCK_BYTES) throw notHttp(this.#where, 'more than 16 KiB of headers');
    for (let at = text.indexOf('\n', from); at !== -1; at = text.indexOf('\n', at + 1)) {
      if (text.charAt(at - 1) !== '\r') throw notHttp(this.#where, 'line end');
    }
  }
}

/** Throws unless `fields`, a line end and then whole lines, are headers that may be believed. */
export function checkFields(fields: string, where: string): void {
  if (!FIELDS.test(fields)) throw notHttp(where, 'header line');
  // Only a long block can hold that many.
  if (fields.length > MAX_FIELDS * 4 && fields.split('\r\n').length - 2 > MAX_FIELDS) {
    throw notHttp(where, `more than ${MAX_FIELDS} headers`);
  }
}
