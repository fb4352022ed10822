// Bytes to lines of text, for peers that send one JSON value a line. Knows nothing of what a line says.
// Follows MCP basic/transports (stdio): UTF-8, `\n` ends a line. Lenient where peers are known to differ:
// one `\r` before the `\n`, blank lines, one BOM at the very start, a last line without its end.

import type { Decoder } from '../core/decoder.ts';
import { asBuffer, HeldBytes } from './held-bytes.ts';

const NEWLINE = 0x0a;
const BOM = '\uFEFF';

/** Stands in the output for a line that was dropped because it was longer than allowed. */
export const TOO_LONG: unique symbol = Symbol('line too long');

export class NdjsonDecoder implements Decoder<Uint8Array, string | typeof TOO_LONG> {
  readonly #maxLineBytes: number;
  readonly #held = new HeldBytes();
  /** Inside a line that is already known to be too long: its bytes are not kept. */
  #dropping = false;
  #atStart = true;

  /** `maxLineBytes` counts a `\r` before the newline, but not the newline. */
  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  push(chunk: Uint8Array): (string | typeof TOO_LONG)[] {
    const lines: (string | typeof TOO_LONG)[] = [];
    const bytes = asBuffer(chunk);
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to !== -1; to = bytes.indexOf(NEWLINE, from)) {
      this.#finish(bytes, from, to, lines);
      from = to + 1;
    }
    if (from < bytes.length) this.#hold(bytes.subarray(from), lines);
    return lines;
  }

  end(): (string | typeof TOO_LONG)[] {
    const lines: (string | typeof TOO_LONG)[] = [];
    this.#dropping = false;
    this.#emit(this.#held.take(), lines);
    return lines;
  }

  #finish(bytes: Buffer, from: number, to: number, lines: (string | typeof TOO_LONG)[]): void {
    if (this.#held.length === 0 && !this.#dropping && to - from <= this.#maxLineBytes) {
      this.#emit(bytes.toString('utf8', from, to), lines);
      return;
    }
    this.#hold(bytes.subarray(from, to), lines);
    if (!this.#dropping) this.#emit(this.#held.take(), lines);
    this.#dropping = false;
  }

  /** Keeps the part of a line, or says at once that the line is too long: its end may never come. */
  #hold(part: Uint8Array, lines: (string | typeof TOO_LONG)[]): void {
    if (this.#dropping) return;
    if (this.#held.length + part.length <= this.#maxLineBytes) {
      this.#held.append(part);
      return;
    }
    this.#held.clear();
    this.#dropping = true;
    this.#atStart = false;
    lines.push(TOO_LONG);
  }

  #emit(line: string, lines: (string | typeof TOO_LONG)[]): void {
    let text = line;
    if (this.#atStart) {
      this.#atStart = false;
      if (text.startsWith(BOM)) text = text.slice(BOM.length);
    }
    if (text.endsWith('\r')) text = text.slice(0, -1);
    if (!isBlank(text)) lines.push(text);
  }
}

function isBlank(text: string): boolean {
  return text === '' || (text.charCodeAt(0) <= 0x20 && text.trim() === '');
}
