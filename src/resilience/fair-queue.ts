// Waiters of several clients, served in turn: one of each, so that a client with a thousand calls makes another one
// with a single call wait for one of them and not for all. Within a client first come, first served. Pure; every
// operation takes the same time however many wait.

export class FairQueue<T> {
  /** In the order of their turns; a client without waiters is not in it. */
  readonly #clients = new Map<string, Set<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(client: string, waiter: T): void {
    const line = this.#clients.get(client);
    if (line === undefined) this.#clients.set(client, new Set([waiter]));
    else line.add(waiter);
    this.#size++;
  }

  /** Whose turn it is; undefined when nobody waits. */
  peek(): T | undefined {
    for (const line of this.#clients.values()) for (const waiter of line) return waiter;
    return undefined;
  }

  /** Takes out whose turn it is; the client's next one has its turn after all the others'. */
  shift(): T | undefined {
    const waiter = this.peek();
    const [client] = this.#clients.keys();
    if (waiter === undefined || client === undefined) return undefined;
    const line = this.#clients.get(client);
    this.#clients.delete(client);
    if (line !== undefined && line.size > 1) this.#clients.set(client, line);
    line?.delete(waiter);
    this.#size--;
    return waiter;
  }

  /** Takes out one that waits no longer; false when it is not there. */
  remove(client: string, waiter: T): boolean {
    const line = this.#clients.get(client);
    if (line?.delete(waiter) !== true) return false;
    if (line.size === 0) this.#clients.delete(client);
    this.#size--;
    return true;
  }
}
