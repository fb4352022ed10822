// A map that holds so many entries and so many bytes and no more: what was not asked for the longest goes first, and
// what has had its time is gone. Every operation takes the same time, however full it is. Told the time, no clock.

export interface LruBounds {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** What an entry weighs, and until when it is good. */
interface Keeping {
  readonly bytes: number;
  readonly until: number;
}

interface Entry<V> extends Keeping {
  readonly value: V;
}

export class Lru<V> {
  #bounds: LruBounds;
  /** The one not asked for the longest first. */
  readonly #entries = new Map<string, Entry<V>>();
  #bytes = 0;

  constructor(bounds: LruBounds) {
    this.#bounds = bounds;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string, now: number): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (now >= entry.until) {
      this.#bytes -= entry.bytes;
      return undefined;
    }
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** In place of what was there. One that alone is over the bound is not kept. */
  set(key: string, value: V, { bytes, until }: Keeping): void {
    this.delete(key);
    if (bytes > this.#bounds.maxBytes) return;
    this.#entries.set(key, { value, bytes, until });
    this.#bytes += bytes;
    this.#shed();
  }

  /** Other bounds from now on; what is over them goes at once. */
  resize(bounds: LruBounds): void {
    this.#bounds = bounds;
    this.#shed();
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }

  #shed(): void {
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#bounds.maxBytes && this.#entries.size <= this.#bounds.maxEntries) return;
      this.delete(oldest);
    }
  }
}
