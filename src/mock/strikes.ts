// Which requests a fault has struck already: each strikes once per request id and model, then the model is
// healed for that id; `flaky` strikes every second request. Bounded: the oldest ids are forgotten.

import type { Model } from './models.ts';

const MOST_REMEMBERED = 10_000;

export class Strikes {
  readonly #struck = new Set<string>();
  #flakyRequests = 0;

  /** Whether the model's fault strikes this request; asking counts as a request. */
  strikes(model: Model, requestId: string): boolean {
    if (model.fault === undefined) return false;
    if (model.always) return true;
    if (model.fault === 'flaky') return ++this.#flakyRequests % 2 === 0;
    const key = `${model.name} ${requestId}`;
    if (this.#struck.has(key)) return false;
    this.#struck.add(key);
    if (this.#struck.size > MOST_REMEMBERED) {
      for (const oldest of this.#struck) {
        this.#struck.delete(oldest);
        break;
      }
    }
    return true;
  }
}
