// Bytes of a line that is not complete yet. One buffer that doubles, because joining chunks as they come
// would copy a long line once per chunk, and keeping a list of them would cost a peer that sends byte by
// byte a hundred times the memory of what it sent.

const SMALLEST = 1024;
/** A buffer above this is given back once its line is complete. */
const KEPT = 64 * 1024;

export class HeldBytes {
  #buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2, SMALLEST));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = needed;
  }

  /** What was held, as text (invalid UTF-8 becomes U+FFFD); holds nothing afterwards. */
  take(): string {
    const text = this.#buffer.toString('utf8', 0, this.#length);
    this.clear();
    return text;
  }

  clear(): void {
    this.#length = 0;
    if (this.#buffer.length > KEPT) this.#buffer = Buffer.alloc(0);
  }
}

/** The same bytes with Buffer's methods; copies nothing. */
export function asBuffer(bytes: Uint8Array): Buffer {
  if (Buffer.isBuffer(bytes)) return bytes;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
