// The configuration files a transcript runs with, in a folder of its own, there once one is asked for: copies of those in
// fixtures/conversations/config, of which one can take the place of the one in force.

import { copyFileSync, cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class ConfigFolder {
  readonly #from: string;
  #path: string | undefined;

  constructor(from: string) {
    this.#from = from;
  }

  get path(): string {
    if (this.#path === undefined) {
      this.#path = mkdtempSync(join(tmpdir(), 'transcript-'));
      cpSync(this.#from, this.#path, { recursive: true });
    }
    return this.#path;
  }

  /** The file `name` takes the place of the other one, whole or not at all. */
  replace(file: string, name: string): void {
    copyFileSync(join(this.path, name), `${file}.new`);
    renameSync(`${file}.new`, file);
  }

  remove(): void {
    if (this.#path !== undefined) rmSync(this.#path, { recursive: true });
  }
}
