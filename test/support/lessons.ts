// What a target has taught us, as a test writes it down: plain lists and objects.

import type { JsonValue } from '../../src/core/json.ts';
import type { Habit, Lessons } from '../../src/providers/dialect.ts';

export interface WrittenLessons {
  readonly drop?: readonly string[];
  readonly rename?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, JsonValue>>;
  readonly habits?: readonly Habit[];
}

export function lessonsOf({ drop, rename, values, habits }: WrittenLessons = {}): Lessons {
  return {
    drop: new Set(drop),
    rename: new Map(Object.entries(rename ?? {})),
    values: new Map(Object.entries(values ?? {})),
    habits: new Set(habits),
  };
}
