// The folders a client works in, as it said: asked once in a conversation, and again after it told that they are others. A
// client that does not answer in time has none.
// Follows MCP 2025-11-25 client/roots.

import type { Clock } from '../../core/clock.ts';

const MOST_MS = 10_000;

export class ClientRoots {
  #known: unknown;
  /** How often they became others. */
  #changes = 0;

  forget(): void {
    this.#known = undefined;
    this.#changes++;
  }

  /** The client's result; rejects with what the question rejects with. */
  async get(ask: () => Promise<unknown>, clock: Clock): Promise<unknown> {
    if (this.#known !== undefined) return this.#known;
    const changes = this.#changes;
    const result = await inTime(ask(), clock);
    if (changes === this.#changes) this.#known = result;
    return result;
  }
}

/** A client that has no answer is not asked again for every image. */
function inTime(answer: Promise<unknown>, clock: Clock): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(MOST_MS, () => resolve({ roots: [] }));
    void answer.then(resolve, reject).finally(stop);
  });
}
