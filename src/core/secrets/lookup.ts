// The forms of all secrets as `reading.ts` gives them, found by how they end: the last four bytes say which lengths there
// are, and the hash of that many bytes says which form it is. So it does not matter how many forms there are, how alike
// they are, and how often a text has almost one of them. New ones are added to what is there.

import { Beginnings } from './beginnings.ts';
import { powerOf, Reading, slotOf } from './reading.ts';

/**
 * What in front of a form may take of it: after `%` the first two digits, after `\u00` as well, after `\` even `u0041`.
 * So what is left of it after each of these is looked for as well.
 */
const MAY_MERGE = /^u?[\da-f]{0,4}/i;
const LEAST_REST = 4;

/** Slots of the filter for each ending. */
const SPARSE = 16;

/** A form, or what is left of one. */
interface Form {
  readonly text: string;
  /** What was in front of the rest; empty for a form that is whole. */
  readonly before: string;
  /** Another of the same hash. */
  readonly next: Form | undefined;
}

interface Length {
  readonly length: number;
  readonly power: number;
}

export class Lookup {
  /** Which four bytes a form may end in, at their slots. */
  filter: Uint8Array = new Uint8Array(1 << 10);
  readonly #lengths = new Map<number, readonly Length[]>();
  /** Each length by itself: most ends have one, and share it. */
  readonly #alone = new Map<number, readonly [Length]>();
  /** What forms are read with. */
  readonly #reading = new Reading();
  readonly #forms = new Map<number, Form>();
  /** What texts that go on are compared with. */
  readonly beginnings: Beginnings = new Beginnings();

  /** A form of which at least `least` characters tell that a text may begin with it. */
  add(form: string, least: number): void {
    const reading = this.#reading;
    reading.restart(form);
    const whole = reading.text(0);
    const merging = MAY_MERGE.exec(whole)?.[0].length ?? 0;
    const cuts = Math.max(0, Math.min(merging, whole.length - LEAST_REST));
    for (let cut = 0; cut <= cuts; cut++) this.#add(reading, { text: whole.slice(cut), before: whole.slice(0, cut) });
    this.beginnings.add(whole, least);
    for (let cut = 1; cut <= cuts; cut++) this.beginnings.addRest(whole.slice(cut));
  }

  /** The forms that end where the reading does. */
  *ending(reading: Reading): Iterable<Omit<Form, 'next'>> {
    for (const { length, power } of this.#lengths.get(reading.four) ?? []) {
      reading.steps++;
      if (length > reading.length) continue;
      for (let form = this.#forms.get(reading.hash(length, power)); form !== undefined; form = form.next) {
        reading.steps++;
        if (form.text.length === length && reading.endsWith(form.text, reading.length)) yield form;
      }
    }
  }

  #add(reading: Reading, { text, before }: Omit<Form, 'next'>): void {
    const [alone] = this.#lengthOf(text.length);
    const hash = reading.hash(text.length, alone.power);
    const next = this.#forms.get(hash);
    for (let known = next; known !== undefined; known = known.next)
      if (known.text === text && known.before === before) return;
    this.#forms.set(hash, { text, before, next });
    this.#end(reading.four, alone);
  }

  #lengthOf(length: number): readonly [Length] {
    const known = this.#alone.get(length);
    if (known !== undefined) return known;
    const made = [{ length, power: powerOf(length) }] as const;
    this.#alone.set(length, made);
    return made;
  }

  #end(four: number, length: Length): void {
    const known = this.#lengths.get(four);
    if (known === undefined) this.#lengths.set(four, this.#lengthOf(length.length));
    else if (!known.includes(length)) this.#lengths.set(four, [...known, length]);
    if (this.#lengths.size * SPARSE > this.filter.length) {
      this.filter = new Uint8Array(this.filter.length * 2);
      for (const key of this.#lengths.keys()) this.filter[slotOf(key, this.filter.length)] = 1;
    }
    this.filter[slotOf(four, this.filter.length)] = 1;
  }
}
