// The files of one call, read one after the other: they have the same folders to lie in, a bound together, and their part of
// what the files of all calls may take, until the call has ended.

import type { Cancel } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import type { ByteRoom } from '../../providers/images/fetch-image.ts';
import { MOST_TOGETHER, readAllowedFile } from '../files.ts';
import type { FoundFile } from '../files.ts';
import type { FileBudget } from './file-budget.ts';

export interface CallFilesSetup {
  readonly roots: readonly string[];
  readonly cancel: Cancel;
  /** How many questions the files go into. */
  readonly questions: number;
  /** Absent: nothing bounds the calls together. */
  readonly budget: FileBudget | undefined;
}

export class CallFiles {
  readonly #setup: CallFilesSetup;
  #taken = 0;
  #isRefused = false;

  constructor(setup: CallFilesSetup) {
    this.#setup = setup;
  }

  /** How much may still be read, here or elsewhere. */
  get room(): ByteRoom {
    return { left: MOST_TOGETHER - this.#taken, take: (bytes) => this.#take(bytes) };
  }

  /** Throws `OVERLOADED` when what was to be read last was too much with that of all calls. */
  check(): void {
    if (this.#isRefused) throw overloaded();
  }

  /** Rejects with the cancel's reason, and with `OVERLOADED` when there is too much of all calls. */
  async read(reference: string): Promise<FoundFile> {
    const { roots, cancel } = this.#setup;
    if (cancel.reason !== undefined) throw cancel.reason;
    const found = await readAllowedFile(reference, roots, this.room);
    this.check();
    return found;
  }

  /** To be called when nothing of the call holds what was read any more. */
  release(): void {
    this.#setup.budget?.giveBack(this.#taken * this.#weight);
    this.#taken = 0;
  }

  #take(bytes: number): boolean {
    this.#isRefused = this.#setup.budget?.take(bytes * this.#weight) === false;
    if (!this.#isRefused) this.#taken += bytes;
    return !this.#isRefused;
  }

  /** Half of what a file takes in memory is each question's own, as measured with one and with eight. */
  get #weight(): number {
    return (1 + this.#setup.questions) / 2;
  }
}

function overloaded(): Fault {
  return new Fault('OVERLOADED', 'The files of this call and of those that are under way are too large together.', {
    data: { next: 'Try again when others have ended, or name smaller files.' },
  });
}
