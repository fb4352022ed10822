// Memory that outlives a call, behind one seam: cached answers, counts of what a client asked, budgets. The one in
// use lives in this process (resilience/memory-store.ts); one that instances share needs no other shape, which is
// why every answer may be a promise. It is awaited only when it is one, so that the one in the process costs no turn.

/** The value, or a promise of it. */
export type Soon<T> = T | Promise<T>;

export interface Store {
  /** The text under the key; undefined when there is none, or its time is over. */
  get(key: string): Soon<string | undefined>;
  /** May be forgotten before its time: a store is bounded. */
  put(key: string, value: string, ttlMs: number): Soon<void>;
  /** Adds to the number under the key, 0 when there is none, and answers the sum. Its time to live begins anew. */
  incr(key: string, by: number, ttlMs: number): Soon<number>;
  /** Whether the key was free. From then on, until its time is over, it is taken. */
  claim(key: string, ttlMs: number): Soon<boolean>;
}

/** Goes on with the value: at once when it is there, else when it is. */
export function soonAfter<T, U>(soon: Soon<T>, go: (value: T) => Soon<U>): Soon<U> {
  return soon instanceof Promise ? soon.then(go) : go(soon);
}
