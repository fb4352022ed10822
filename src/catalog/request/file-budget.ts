// What the files of all calls under way may take together. A call is a line of a few hundred bytes, whatever is in the files
// it names, so that the bounds on what callers send do not see them.

import { builtin } from '../../core/builtin.ts';

const MOST_BYTES = 256 * 1024 ** 2;
/** Of the most that there may be in the heap: a file takes five times its size, as base64, in the question, and as it is sent. */
const SHARE_OF_HEAP = 1 / 8;

export class FileBudget {
  #left: number | undefined;

  /** `bytes`: for all files; by what the process may have in memory unless given. */
  constructor(bytes?: number) {
    this.#left = bytes;
  }

  /** False: there is not so much left, and nothing was taken. */
  take(bytes: number): boolean {
    // Not asked before there is a file.
    this.#left ??= Math.min(MOST_BYTES, builtin('node:v8').getHeapStatistics().heap_size_limit * SHARE_OF_HEAP);
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    if (this.#left !== undefined) this.#left += bytes;
  }
}
