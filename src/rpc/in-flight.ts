// Which requests are being answered, and so which ids are taken: the one place that decides whether an answer
// may still be written. Pure: no I/O, no clock; what a call is, is its owner's business.
//
//   id is   | start            | cancel              | finish
//   free    | taken            | free, nothing found | free, no answer
//   taken   | refused          | free, call given    | free, answer (the call that took it; others: no answer)
//
// After `close` every id is free and no start succeeds. An id is free again from the moment it is answered or
// cancelled, so a peer may use it again at once; a late answer of the earlier call then finds another call in
// its place, and is not written. Numbers and strings are different ids, as Map keeps them.

import type { Id } from '../wire/jsonrpc.ts';

/** What became of a start: `started`, or why not. */
export type Start = 'started' | 'duplicate' | 'closed';

export class InFlight<Call extends { readonly id: Id }> {
  readonly #calls = new Map<Id, Call>();
  readonly #max: number;
  #isClosed = false;

  constructor(max: number) {
    this.#max = max;
  }

  get isIdle(): boolean {
    return this.#calls.size === 0;
  }

  /** As many calls as there should be: what would stay is to be refused, what is answered at once is not. */
  get isCrowded(): boolean {
    return this.#calls.size >= this.#max;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  start(call: Call): Start {
    if (this.#isClosed) return 'closed';
    if (this.#calls.has(call.id)) return 'duplicate';
    this.#calls.set(call.id, call);
    return 'started';
  }

  /** Whether this very call is still waiting for its answer. */
  isOpen(call: Call): boolean {
    return this.#calls.get(call.id) === call;
  }

  find(id: Id): Call | undefined {
    return this.#calls.get(id);
  }

  /** Frees the id without an answer; the call that had it, if there was one. */
  cancel(id: Id): Call | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    return call;
  }

  /** Frees the id for good; `true` once for each started call, unless it was cancelled: then an answer is due. */
  finish(call: Call): boolean {
    return this.isOpen(call) && this.#calls.delete(call.id);
  }

  /** Frees every id and starts nothing more; the calls that were open. */
  close(): Call[] {
    this.#isClosed = true;
    const open = [...this.#calls.values()];
    this.#calls.clear();
    return open;
  }
}
