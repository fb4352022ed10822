// How much of an answer's text a result has room for, and what becomes of the rest. A call that may keep what is too long
// gathers more than there is room for; one that may not gathers no more.
// Follows promise 1 of the product sheet.

import type { Text } from '../../core/json.ts';
import { unitsWithin } from '../../core/text-cut.ts';
import type { Room } from '../../core/text-cut.ts';
import { wholeDraft } from '../../jobs/draft.ts';
import { beginningOf } from '../../providers/answer/text.ts';
import type { ToolContext } from '../tool.ts';

/** What bounds a text, whoever asks. */
export interface Bound {
  /** Most characters of text in a result. */
  readonly maxChars: number;
  /** How often the result says the text; absent: once. */
  readonly copies?: number;
}

type Caller = Pick<ToolContext, 'resultChars' | 'countsBytes' | 'keep'>;

/** For an answer in a result for this caller; `taken`: of what its client shows, what has other uses. */
export function roomFor(
  { maxChars, copies = 1 }: Bound,
  { resultChars = Infinity, countsBytes = false }: Caller,
  taken = 0,
): Room {
  const shown = Math.floor((resultChars - taken) / copies);
  return { chars: Math.min(maxChars, shown), bytes: countsBytes ? shown : Infinity };
}

/** Most characters of answer that are of use to this caller. */
export function mostGathered(bound: Bound, caller: Caller): number {
  return Math.max(roomFor(bound, caller).chars, caller.keep?.most ?? 0);
}

/** As much of a text as a result holds, and where the rest is to be read. */
export interface Cut {
  readonly text: Text;
  /** Characters that are not in the result. */
  readonly omitted: number;
  readonly rest?: { readonly job: string; readonly offset: number; readonly total: number };
}

/** The text as far as there is room for it beside what is taken; the rest is kept where it can be. */
export function withinRoom(text: Text, bound: Bound, caller: Caller, taken = 0): Cut {
  const room = roomFor(bound, caller, taken);
  if (text.length <= room.chars && room.bytes === Infinity) return { text, omitted: 0 };
  // Where no more was gathered, it was cut there, which may have made it a little longer.
  const chars = room.chars >= mostGathered(bound, caller) ? Infinity : room.chars;
  const draft = wholeDraft(text);
  const units = unitsWithin({ ...room, chars }, draft);
  if (units === text.length) return { text, omitted: 0 };
  const beginning = beginningOf(text, units);
  const cut = { text: beginning.text, omitted: text.length - beginning.length };
  const job = caller.keep?.text(draft, beginning.length);
  return job === undefined ? cut : { ...cut, rest: { job, offset: beginning.length, total: text.length } };
}
