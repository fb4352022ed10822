// How bad arguments are refused: every problem with its path in one sentence, up to as many as a reader can
// use at once. What the sentence becomes on the wire is not this room's business.

import { Fault } from './fault.ts';
import { present } from './json.ts';
import { show } from './schema.ts';
import type { Problem } from './schema.ts';

/** A few problems can be mended at a time; a checker may stop once it has this many. */
export const ENOUGH = 5;

/** Throws `INVALID_INPUT` when there are problems; does nothing when there are none. `next`: what mends them, if not other arguments. */
export function refuse(problems: readonly Problem[], next?: string): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, ENOUGH).map(({ path, message }) => `${path} ${message}`);
  // Checkers stop when they have enough, so how many more there are is not known.
  if (problems.length > shown.length) shown.push('and more');
  throw new Fault('INVALID_INPUT', `Invalid arguments: ${shown.join('; ')}.`, { data: present({ next }) });
}

/** The value if it is a non-empty string; otherwise one more problem. */
export function nonEmptyString(value: unknown, path: string, problems: Problem[]): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  problems.push({ path, message: `must be a non-empty string, not ${show(value)}` });
  return undefined;
}
