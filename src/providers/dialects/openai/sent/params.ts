// Which parameters a target takes, as far as that is known beforehand: a small table of model families, and
// then what the target itself has taught us. The table only saves a refused request; whatever it does not
// know is mended by mend.ts. WIRE.md 2.3.

import type { Lessons } from '../../../dialect.ts';
import { isOpenAiReasoning } from '../../../model-names.ts';
import { applyLessons, remove } from '../../sending/apply-lessons.ts';
import type { Body } from '../../sending/apply-lessons.ts';
import type { Profile } from '../profiles.ts';

/** Sampling parameters that reasoning models answer with 400. */
const NOT_FOR_REASONING = ['temperature', 'top_p', 'stop'];

/** Applies what is known to `body`, in place. Returns one line for each thing the caller asked for and does not get. */
export function applyKnowledge(body: Body, model: string, lessons: Lessons): string[] {
  const known = isOpenAiReasoning(model) ? NOT_FOR_REASONING : [];
  const changed = applyLessons(body, lessons);
  return [...changed, ...known.filter((name) => remove(body, name)).map((name) => `${name} removed`)];
}

/** The name of the output cap. */
export function tokenCapName(profile: Profile, model: string): 'max_completion_tokens' | 'max_tokens' {
  const { newTokenCap } = profile;
  const isNew = newTokenCap === 'by-name' ? isOpenAiReasoning(model) : newTokenCap === 'always';
  return isNew ? 'max_completion_tokens' : 'max_tokens';
}
