// State that survives a reload: breakers, buckets, caches, by name and settings. What is asked for again under the same
// name with equal settings is the same thing as before the reload; with others it begins anew.

import { canonical } from '../core/canonical.ts';

interface Known<T> {
  readonly settings: string;
  readonly thing: T;
}

export class Kept<T> {
  readonly #known = new Map<string, Known<T>>();
  /** Of the configuration before this one: only of that, so that nothing piles up over many reloads. */
  readonly #before: ReadonlyMap<string, Known<T>> | undefined;

  /**
   * `before`: what the configuration had that this one takes the place of. What is not asked for until the next
   * reload is forgotten then, so ask for everything when a configuration is built.
   */
  constructor(before?: Kept<T>) {
    this.#before = before === undefined ? undefined : before.#known;
  }

  /** The thing of that name; made when there is none with these settings, which are plain data. */
  of(name: string, settings: unknown, create: () => T): T {
    const spelled = canonical(settings);
    const known = this.#known.get(name) ?? this.#before?.get(name);
    const thing = known?.settings === spelled ? known.thing : create();
    this.#known.set(name, { settings: spelled, thing });
    return thing;
  }
}
