// What we asked the peer and it has not answered: the other direction of the conversation, which has ids of its own.
// One table for all links of a peer, because the answer may come on another than the question went out on.
// Follows MCP 2025-11-25 basic (requests of the server); 2026-07-28 has none.

import { Fault } from '../core/fault.ts';
import { isObject } from '../core/json.ts';
import type { Id, Response } from '../wire/jsonrpc.ts';

/** A question that is out. */
export interface Question {
  readonly id: Id;
  /** The result. Rejects when the peer answers with an error, or with why it was withdrawn. */
  readonly answer: Promise<unknown>;
  /** Nobody waits for it any more; an answer that still comes is ignored. */
  readonly withdraw: (why: Fault) => void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(why: Fault): void;
}

export class Asked {
  #last = 0;
  /** Made when first needed: most peers are never asked. */
  #waiting: Map<Id, Waiting> | undefined;

  /** How many are out. */
  get size(): number {
    return this.#waiting?.size ?? 0;
  }

  open(): Question {
    const id = ++this.#last;
    const waiting = (this.#waiting ??= new Map<Id, Waiting>());
    const answer = new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
    // Who asked may have given up meanwhile, and then nobody is there to hear that it was withdrawn.
    answer.catch(() => {});
    return { id, answer, withdraw: (why) => this.#take(id)?.reject(why) };
  }

  /** Hands an answer to who waits for it; one nobody waits for is ignored. */
  settle(response: Response): void {
    const waiting = this.#take(response.id);
    if (waiting === undefined) return;
    if (response.error === undefined) waiting.resolve(response.result);
    else waiting.reject(refusalOf(response.error));
  }

  #take(id: Id): Waiting | undefined {
    const waiting = this.#waiting?.get(id);
    this.#waiting?.delete(id);
    return waiting;
  }
}

/** The words are the client's own, who gets them back: they tell nobody anything new. */
function refusalOf(error: unknown): Fault {
  const message = isObject(error) && typeof error['message'] === 'string' ? error['message'] : 'no reason given';
  return new Fault('INVALID_INPUT', `The client refused what it was asked: ${message.slice(0, 500)}`);
}
