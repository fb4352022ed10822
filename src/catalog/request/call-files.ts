// The files of one call, read one after the other: they have the same folders to lie in, and a bound together.

import type { Cancel } from '../../core/context.ts';
import { MOST_TOGETHER, readAllowedFile } from '../files.ts';
import type { FoundFile } from '../files.ts';

export class CallFiles {
  readonly #roots: readonly string[];
  readonly #cancel: Cancel;
  #room = MOST_TOGETHER;

  constructor(roots: readonly string[], cancel: Cancel) {
    this.#roots = roots;
    this.#cancel = cancel;
  }

  /** How many bytes may still be taken. */
  get room(): number {
    return this.#room;
  }

  /** Counts what came from elsewhere, too. */
  took(bytes: number): void {
    this.#room -= bytes;
  }

  /** Rejects with the cancel's reason. */
  async read(reference: string): Promise<FoundFile> {
    if (this.#cancel.reason !== undefined) throw this.#cancel.reason;
    const found = await readAllowedFile(reference, this.#roots, this.#room);
    if ('bytes' in found) this.took(found.bytes.length);
    return found;
  }
}
