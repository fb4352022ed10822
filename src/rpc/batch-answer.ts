// The answers to the members of one batch, gathered until the last one is there, in the order of the members.
// Follows JSON-RPC 2.0, section 6: one array, and nothing at all when no member is answered.

import type { FaultKind } from '../core/fault.ts';
import { encodeBatch } from '../wire/encode.ts';
import type { Line } from '../wire/encode.ts';

/** Takes the answer to one request, and why it failed where it did; no line: there will be none. Call it once. */
export type Reply = (line: Line | undefined, fault?: FaultKind) => void;

export class BatchAnswer {
  readonly #lines: (Line | undefined)[] = [];
  readonly #send: (line: Line) => void;
  /** Slots without an answer yet, and one for `seal`. */
  #open = 1;

  constructor(send: (line: Line) => void) {
    this.#send = send;
  }

  /** A place for the next member's answer. */
  slot(): Reply {
    const at = this.#lines.push(undefined) - 1;
    this.#open++;
    return (line) => {
      this.#lines[at] = line;
      this.#settle();
    };
  }

  /** No more slots will be asked for. */
  seal(): void {
    this.#settle();
  }

  #settle(): void {
    this.#open--;
    if (this.#open > 0) return;
    const lines = this.#lines.filter((line) => line !== undefined);
    if (lines.length > 0) this.#send(encodeBatch(lines));
  }
}
