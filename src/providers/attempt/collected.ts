// A body that means something only as a whole: gathers its bytes up to a limit, and reads them at the end.

import type { Decoder } from '../../core/decoder.ts';
import { Fault } from '../../core/fault.ts';

/** Room for the largest batch of embeddings an upstream answers, written out in decimals. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

export class Collected<Out> implements Decoder<Uint8Array, Out> {
  readonly #read: (body: string) => Out[];
  readonly #maxBytes: number;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(read: (body: string) => Out[], maxBytes: number = MAX_BODY_BYTES) {
    this.#read = read;
    this.#maxBytes = maxBytes;
  }

  push(chunk: Uint8Array): Out[] {
    if (chunk.length === 0) return [];
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) {
      const data = { retry: 'never' } as const;
      throw new Fault('UPSTREAM', `The upstream's reply is larger than ${this.#maxBytes} bytes.`, { data });
    }
    this.#chunks.push(chunk);
    return [];
  }

  end(): Out[] {
    return this.#read(
      Buffer.concat(this.#chunks, this.#bytes)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    );
  }
}
