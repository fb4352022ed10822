// Everything that is looked for: secrets are added one by one, and prepared for searching when next a text is searched.

import { formsOf } from './forms.ts';
import { Gate, pieceLength } from './gate.ts';
import { Lookup } from './lookup.ts';

/** A single letter may begin a secret as it is; what it becomes in base64 begins with what any word may. */
const LEAST_BEGINNING = 1;
const LEAST_PACKED_BEGINNING = 4;

export class Sought {
  readonly #values = new Set<string>();
  #added: string[] = [];
  readonly #lookup = new Lookup();
  #gate = new Gate(Number.POSITIVE_INFINITY);

  add(value: string): void {
    if (this.#values.has(value)) return;
    this.#values.add(value);
    this.#added.push(value);
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  get lookup(): Lookup {
    if (this.#added.length > 0) this.#prepare();
    return this.#lookup;
  }

  /** `false`: a whole text that needs no closer look. */
  mayBeIn(text: string): boolean {
    if (this.#added.length > 0) this.#prepare();
    return !this.isEmpty && this.#gate.mayHold(text);
  }

  #prepare(): void {
    const added = this.#added.map(formsOf);
    const old = this.#values.size - added.length;
    this.#added = [];
    for (const [value = '', ...packed] of added) {
      this.#lookup.add(value, LEAST_BEGINNING);
      for (const form of packed) this.#lookup.add(form, LEAST_PACKED_BEGINNING);
    }
    const forms = added.flat();
    if (forms.every((form) => this.#gate.add(form))) return;
    // One has no piece of the length of the others: all have shorter ones then.
    this.#gate = this.#gate.shorter(pieceLength(forms));
    for (const value of [...this.#values].slice(0, old)) for (const form of formsOf(value)) this.#gate.add(form);
    for (const form of forms) this.#gate.add(form);
  }
}
