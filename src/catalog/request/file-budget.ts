// What the files of all calls under way may take together. A call is a line of a few hundred bytes, whatever is in the files
// it names, so that the bounds on what callers send do not see them.

const MB = 1024 ** 2;
const MOST_BYTES = 256 * MB;

export class FileBudget {
  #left: number;

  constructor(bytes: number = MOST_BYTES) {
    this.#left = bytes;
  }

  /** False: there is not so much left, and nothing was taken. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}
