// One embed call among those that are sent together: settles once, with its part of the answer or when its caller
// calls it off.

import type { Fault } from '../../core/fault.ts';
import type { EmbedRequest, Embeddings, ModelContext } from '../../providers/chat.ts';
import { characters } from '../limits/token-estimate.ts';

export class Member {
  readonly request: EmbedRequest;
  readonly ctx: ModelContext;
  readonly chars: number;
  readonly done: Promise<Embeddings>;
  readonly #settle: { resolve(embeddings: Embeddings): void; reject(why: Fault): void };
  #dispose = (): void => {};
  #isWaiting = true;
  /** Told when the caller has called it off. */
  onGone = (_reason: Fault): void => {};

  constructor(request: EmbedRequest, ctx: ModelContext) {
    this.request = request;
    this.ctx = ctx;
    this.chars = characters(request.input);
    let settle = { resolve(_embeddings: Embeddings): void {}, reject(_why: Fault): void {} };
    this.done = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    this.#settle = settle;
    this.#dispose = ctx.cancel.onCancel((reason) => {
      this.fail(reason);
      this.onGone(reason);
    });
  }

  /** Its caller still wants an answer. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  succeed(embeddings: Embeddings): void {
    if (this.#end()) this.#settle.resolve(embeddings);
  }

  fail(why: Fault): void {
    if (this.#end()) this.#settle.reject(why);
  }

  #end(): boolean {
    const wasWaiting = this.#isWaiting;
    this.#isWaiting = false;
    this.#dispose();
    return wasWaiting;
  }
}
