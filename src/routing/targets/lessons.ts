// What targets have taught us about requests they refuse, by model. A mend becomes a lesson only when the mended
// request was accepted, or refused for another reason that can be mended too. A lesson holds for an hour: then the
// target is asked plainly again, because servers are updated and names point at newer models. Pure: told the time.

import type { Lessons, Mend } from '../../providers/dialect.ts';

const nothingLearnt: Lessons = { drop: new Set(), rename: new Map(), values: new Map(), habits: new Set() };

/** The lessons with some mends more. */
export function withMends(lessons: Lessons, mends: readonly Mend[]): Lessons {
  return mends.reduce(withMend, lessons);
}

/** A rename in the other direction is undone by one. */
function withMend(lessons: Lessons, mend: Mend): Lessons {
  switch (mend.action) {
    case 'drop':
      return { ...lessons, drop: new Set([...lessons.drop, mend.param]) };
    case 'set': {
      const key = mend.refused === undefined ? mend.param : `${mend.param}=${mend.refused}`;
      return { ...lessons, values: new Map([...lessons.values, [key, mend.value]]) };
    }
    case 'adopt':
      return { ...lessons, habits: new Set([...lessons.habits, mend.habit]) };
    case 'rename': {
      const rename = new Map(lessons.rename);
      if (rename.get(mend.to) === mend.param) rename.delete(mend.to);
      rename.set(mend.param, mend.to);
      return { ...lessons, rename };
    }
  }
}

/** Whether none of `later` is about what `earlier` already changed: then both of them may be right. */
export function areAboutOthers(later: readonly Mend[], earlier: readonly Mend[]): boolean {
  const changed = new Set(earlier.flatMap(subjects));
  return later.every((mend) => subjects(mend).every((subject) => !changed.has(subject)));
}

function subjects(mend: Mend): readonly string[] {
  if (mend.action === 'adopt') return [`habit ${mend.habit}`];
  return mend.action === 'rename' ? [mend.param, mend.to] : [mend.param];
}

/** Where a lesson stands: two about different values of one parameter stand beside each other. */
function places(mend: Mend): readonly string[] {
  if (mend.action !== 'set' || mend.refused === undefined) return subjects(mend);
  return [`${mend.param}=${mend.refused}`];
}

const KEPT_MS = 3_600_000;

/** More models than anybody uses within an hour; past it the one that was taught longest ago is forgotten. */
const MAX_MODELS = 1000;

interface Taught {
  readonly mends: readonly { readonly mend: Mend; readonly until: number }[];
  /** What the mends come to. */
  readonly lessons: Lessons;
  /** When the first of them no longer holds. */
  readonly until: number;
}

/** The lessons of one provider. Each holds for its own hour, however often the target teaches others. */
export class LessonBook {
  readonly #byModel = new Map<string, Taught>();

  of(model: string, now: number): Lessons {
    const known = this.#byModel.get(model);
    if (known === undefined) return nothingLearnt;
    if (now < known.until) return known.lessons;
    return this.#write(
      model,
      known.mends.filter(({ until }) => now < until),
    ).lessons;
  }

  /** Adds to what other calls have learnt meanwhile. */
  keep(model: string, mends: readonly Mend[], now: number): void {
    const lasting = mends.filter(({ once }) => once !== true);
    if (lasting.length === 0) return;
    const known = this.#byModel.get(model)?.mends ?? [];
    const replaced = new Set(lasting.flatMap(places));
    const others = known.filter(({ mend, until }) => now < until && places(mend).every((one) => !replaced.has(one)));
    this.#byModel.delete(model);
    this.#write(model, [...others, ...lasting.map((mend) => ({ mend, until: now + KEPT_MS }))]);
    const [oldest] = this.#byModel.keys();
    if (this.#byModel.size > MAX_MODELS && oldest !== undefined) this.#byModel.delete(oldest);
  }

  #write(model: string, mends: Taught['mends']): Taught {
    const plain = mends.map(({ mend }) => mend);
    const until = Math.min(...mends.map((one) => one.until));
    const taught = { mends, lessons: withMends(nothingLearnt, plain), until };
    if (mends.length === 0) this.#byModel.delete(model);
    else this.#byModel.set(model, taught);
    return taught;
  }
}
