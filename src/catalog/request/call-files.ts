// The files of one call, read one after the other: they have the same folders to lie in, a bound together, and their part of
// what the files of all calls may take, until the call has ended.

import type { Cancel } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import type { ByteRoom } from '../../providers/images/fetch-image.ts';
import { MOST_TOGETHER, readAllowedFile } from '../files.ts';
import type { FoundFile } from '../files.ts';
import type { NoFolders } from './client-roots.ts';
import type { FileBudget } from './file-budget.ts';

export interface CallFilesSetup {
  readonly roots: readonly string[];
  /** Why there are none of the client among them; absent: nobody asked it, or there are. */
  readonly withoutClient: NoFolders | undefined;
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
  #next: string | undefined;

  constructor(setup: CallFilesSetup) {
    this.#setup = setup;
  }

  /** How much may still be read, here or elsewhere. */
  get room(): ByteRoom {
    return { left: MOST_TOGETHER - this.#taken, take: (bytes) => this.#take(bytes) };
  }

  /** What would mend that a file could not be had, where that is known. */
  get next(): string | undefined {
    return this.#next;
  }

  /** Throws `OVERLOADED` when what was to be read last was too much with that of all calls. */
  check(): void {
    if (this.#isRefused) throw overloaded();
  }

  /** Rejects with the cancel's reason, and with `OVERLOADED` when there is too much of all calls. */
  async read(reference: string): Promise<FoundFile> {
    const { roots, withoutClient, cancel } = this.#setup;
    if (cancel.reason !== undefined) throw cancel.reason;
    const found = await readAllowedFile(reference, roots, this.room);
    this.check();
    if (withoutClient === undefined || (withoutClient.isAnswer && roots.length > 0)) return found;
    if (!('problem' in found) || found.isOutside !== true) return found;
    this.#next = withoutClient.next;
    return { problem: `${found.problem}, and ${withoutClient.why}` };
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

  /** Five eighths of what a file takes in memory are each question's own: five times its size for one, 27 times for eight. */
  get #weight(): number {
    return (3 + 5 * this.#setup.questions) / 8;
  }
}

function overloaded(): Fault {
  return new Fault('OVERLOADED', 'The files of this call and of those that are under way are too large together.', {
    data: { next: 'Try again when others have ended, or name smaller files.' },
  });
}
