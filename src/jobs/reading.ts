// A job as its owner reads it: its text, page by page, while it grows and when it is over. Pages joined at the offsets they
// give are the text. Offsets count UTF-16 units; none that is given lies inside a character.

import { LONGEST_CHARACTER, unitsWithin } from '../core/text-cut.ts';
import type { Room } from '../core/text-cut.ts';
import { soundEnd, soundStart, wholeDraft } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Job, JobState } from './job.ts';

export interface Page {
  readonly state: JobState;
  readonly text: string;
  /** Where the text begins. */
  readonly offset: number;
  /** Where more begins, or will; absent: there is no more. */
  readonly next?: number;
  /** How long the text is; absent while it grows. */
  readonly total?: number;
  /** Characters behind the end that came and were not kept. */
  readonly omitted: number;
  readonly mimeType: 'text/plain';
}

const EMPTY = wholeDraft('');

/** All of the text that is there. */
export function readWhole(job: Job): Pick<Page, 'text' | 'omitted'> {
  const draft = job.draft ?? EMPTY;
  return { text: draft.slice(0, job.isOver ? draft.length : soundEnd(draft, draft.length)), omitted: draft.omitted };
}

/** A page for a reader, for which there is about so much room. Reading past the end gives the end. */
export function readPage(job: Job, from: number, room: Room): Page {
  const draft = job.draft ?? EMPTY;
  const offset = soundStart(draft, from);
  // A room smaller than a character would never be left.
  const units = unitsWithin(room, {
    length: draft.length - offset,
    slice: (start, end) => draft.slice(offset + start, offset + end),
  });
  const wanted = Math.min(draft.length, offset + Math.max(units, LONGEST_CHARACTER));
  // A text that is over may end in half a character of its own; everywhere else that would be a cut.
  const isLast = job.isOver && wanted === draft.length;
  const end = isLast ? wanted : endOf(job, draft, { offset, wanted });
  if (!isLast) job.places.give(end);
  return {
    state: job.verdict,
    text: draft.slice(offset, end),
    offset,
    ...(isLast ? {} : { next: end }),
    ...(job.isOver ? { total: draft.length } : {}),
    omitted: draft.omitted,
    mimeType: 'text/plain',
  };
}

/** The nearest place where a page may end that is not the last: a little before it, where its readers would be mixed up. */
function endOf({ places, isOver }: Job, draft: Draft, { offset, wanted }: { offset: number; wanted: number }): number {
  // What came since may belong to the character before the page: it has been read.
  const sound = (at: number): number => Math.max(offset, soundEnd(draft, at));
  const most = sound(wanted);
  let end = most;
  while (end > offset && !places.isFree(end)) end = sound(end - 1);
  // There may be more to choose from later, but not of a text that is over.
  return end === offset && isOver ? most : end;
}
