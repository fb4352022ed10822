// The keys of one provider: calls start with each in turn, and a key the upstream has refused stays out for a
// while, or until another stands in its place. A 401 takes out the key, a 403 only the pair of key and model. One that
// has used up a limit is tried after the others until the limit is back. Told the time, it has no clock.

/** The keys as they are now; `refused` says the upstream answered 401, so a key file is worth reading again. */
export type KeySource = (refused?: boolean) => readonly string[];

/** How long a refused key is not tried, in milliseconds. */
const OUT_MS = 5 * 60_000;

/** Pairs remembered at most; the oldest is forgotten first. */
const MAX_OUT = 1000;

/** Until when a key, or a pair of key and model, is out. */
export type OutUntil = Map<string, number>;

export class KeyRing {
  readonly #source: KeySource;
  #turn = 0;
  readonly #outUntil: OutUntil;

  /** `outUntil`: what is remembered of refused keys, where that outlives the ring. */
  constructor(source: KeySource, outUntil: OutUntil = new Map()) {
    this.#source = source;
    this.#outUntil = outUntil;
  }

  /**
   * The keys to try for one call, in order. Never empty: when all are out, one is tried anyway, and a provider
   * without keys has the empty one.
   */
  order(model: string, now: number): string[] {
    const keys = this.#source();
    if (keys.length <= 1) return [keys[0] ?? ''];
    const first = this.#turn++ % Math.max(1, keys.length);
    const all = [...keys.slice(first), ...keys.slice(0, first)];
    const usable = all.filter((key) => !this.#isOut(key, now) && !this.#isOut(pair(key, model), now));
    return usable.length > 0 ? this.#restedFirst(usable, model, now) : [all[0] ?? ''];
  }

  /** The key has used up a limit for the model: others come first for so many milliseconds, five minutes at most. */
  rest(key: string, model: string, now: number, forMs: number = OUT_MS): void {
    this.#keep(limit(key, model), now + Math.min(forMs, OUT_MS));
  }

  /** Takes the key out; with a model, for that model only. */
  takeOut(key: string, model: string | undefined, now: number): void {
    this.#keep(model === undefined ? key : pair(key, model), now + OUT_MS);
  }

  #keep(name: string, until: number): void {
    this.#outUntil.delete(name);
    this.#outUntil.set(name, until);
    const [oldest] = this.#outUntil.keys();
    if (this.#outUntil.size > MAX_OUT && oldest !== undefined) this.#outUntil.delete(oldest);
  }

  /** The keys now that this one was refused: read again where they come from, unless others have taken its place already. */
  without(key: string): readonly string[] {
    const keys = this.#source();
    return keys.includes(key) ? this.#source(true) : keys;
  }

  /** As they are. */
  get now(): readonly string[] {
    return this.#source();
  }

  #restedFirst(keys: string[], model: string, now: number): string[] {
    const resting = keys.filter((key) => this.#isOut(limit(key, model), now));
    if (resting.length === 0) return keys;
    const untilOf = (key: string): number => this.#outUntil.get(limit(key, model)) ?? 0;
    return [...keys.filter((key) => !resting.includes(key)), ...resting.toSorted((a, b) => untilOf(a) - untilOf(b))];
  }

  #isOut(name: string, now: number): boolean {
    const until = this.#outUntil.get(name);
    return until !== undefined && now < until;
  }
}

function pair(key: string, model: string): string {
  return `${key}\n${model}`;
}

function limit(key: string, model: string): string {
  return `${pair(key, model)}\nlimit`;
}
