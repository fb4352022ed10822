// What targets have taught us about requests they refuse, by model. A mend becomes a lesson only when the
// mended request was accepted, so there are never more of them than models that answer.

import type { Lessons, Mend } from '../providers/dialect.ts';

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
    case 'set':
      return { ...lessons, values: new Map([...lessons.values, [mend.param, mend.value]]) };
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

export class LessonBook {
  readonly #byModel = new Map<string, Lessons>();

  of(model: string): Lessons {
    return this.#byModel.get(model) ?? nothingLearnt;
  }

  keep(model: string, lessons: Lessons): void {
    this.#byModel.set(model, lessons);
  }
}
