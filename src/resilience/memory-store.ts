// The Store of one process: a bounded map. Texts and counts should not live in one store together, because a rush of
// answers to be cached would push the budgets out.

import type { Clock } from '../core/clock.ts';
import type { Store } from '../core/store.ts';
import { Lru } from './lru.ts';
import type { LruBounds } from './lru.ts';

/** What an entry takes besides its characters, each of which may take two bytes. */
const ENTRY_BYTES = 200;
const CHARACTER_BYTES = 2;

export class MemoryStore implements Store {
  readonly #clock: Clock;
  readonly #entries: Lru<string | number>;

  constructor(clock: Clock, bounds: LruBounds) {
    this.#clock = clock;
    this.#entries = new Lru(bounds);
  }

  /** Other bounds from now on. */
  resize(bounds: LruBounds): void {
    this.#entries.resize(bounds);
  }

  get(key: string): string | undefined {
    const value = this.#entries.get(key, this.#clock.now());
    return typeof value === 'number' ? String(value) : value;
  }

  put(key: string, value: string, ttlMs: number): void {
    this.#set(key, value, ttlMs);
  }

  incr(key: string, by: number, ttlMs: number): number {
    const sum = Number(this.#entries.get(key, this.#clock.now()) ?? 0) + by;
    this.#set(key, sum, ttlMs);
    return sum;
  }

  claim(key: string, ttlMs: number): boolean {
    if (this.#entries.get(key, this.#clock.now()) !== undefined) return false;
    this.#set(key, 1, ttlMs);
    return true;
  }

  #set(key: string, value: string | number, ttlMs: number): void {
    const characters = key.length + (typeof value === 'string' ? value.length : 0);
    const bytes = ENTRY_BYTES + CHARACTER_BYTES * characters;
    this.#entries.set(key, value, { bytes, until: this.#clock.now() + ttlMs });
  }
}
