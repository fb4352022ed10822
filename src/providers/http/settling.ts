// Connections between two requests. What a server wrote behind its answer may still be on its way through
// the kernel, and the next user would take it for the reply to its own request: forged answers are smuggled
// in like that. So a connection is lent out again only when the event loop has looked at it once more, and
// it was silent.

import { afterPoll } from '../../core/clock.ts';

interface Settler {
  readonly isGone: boolean;
  destroy(): void;
}

export class Settling<Connection extends Settler> {
  readonly #onReady: (connection: Connection) => void;
  /** Added since the last poll, of which it cannot be told whether it has seen them. */
  #young: Connection[] = [];
  /** Seen by one whole poll when the next turn comes. */
  #old: Connection[] = [];
  #isTurning = false;

  constructor(onReady: (connection: Connection) => void) {
    this.#onReady = onReady;
  }

  add(connection: Connection): void {
    this.#young.push(connection);
    if (this.#isTurning) return;
    this.#isTurning = true;
    afterPoll(() => this.#turn());
  }

  /** How many will be ready in a moment, unless they end before. */
  get count(): number {
    let count = 0;
    for (const connection of this.#young) if (!connection.isGone) count++;
    for (const connection of this.#old) if (!connection.isGone) count++;
    return count;
  }

  /** Ends them all. */
  destroy(): void {
    for (const connection of [...this.#young, ...this.#old]) connection.destroy();
  }

  #turn(): void {
    const ready = this.#old;
    this.#old = this.#young;
    this.#young = [];
    this.#isTurning = this.#old.length > 0;
    if (this.#isTurning) afterPoll(() => this.#turn());
    for (const connection of ready) if (!connection.isGone) this.#onReady(connection);
  }
}
