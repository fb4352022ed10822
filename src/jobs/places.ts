// The offsets that readers of a growing text were given. The text may begin anew, and an offset of before says nothing of the
// text there is: who comes with one begins anew too, however many others have read meanwhile. So no offset is given twice,
// in one text and in a later one.

/** Of one text; who is further behind than this begins anew. */
const MOST = 1000;

export class Places {
  /** The latest last. */
  readonly #given = new Set<number>();
  readonly #before = new Set<number>();
  #isAnew = false;

  /** Whether a reader may go on there. After a restart only where it was sent since: it may have counted itself. */
  isSound(offset: number): boolean {
    return offset === 0 || !this.#isAnew || this.#given.has(offset);
  }

  /** Whether it was given to nobody while there was another text. */
  isFree(offset: number): boolean {
    return !this.#before.has(offset);
  }

  /** Nothing for one that is not free: who comes with it begins anew, whichever text it was counted in. */
  give(offset: number): void {
    if (this.isFree(offset)) keep(this.#given, offset);
  }

  /** From now on there is another text. */
  beginAnew(): void {
    this.#isAnew = true;
    for (const offset of this.#given) keep(this.#before, offset);
    this.#given.clear();
  }
}

function keep(offsets: Set<number>, offset: number): void {
  if (offset === 0) return;
  offsets.delete(offset);
  offsets.add(offset);
  const [oldest] = offsets;
  if (offsets.size > MOST && oldest !== undefined) offsets.delete(oldest);
}
