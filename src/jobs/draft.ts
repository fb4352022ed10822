// A text that can be read while it grows. Whoever reads asks; whoever writes tells nobody, so that text nobody waits for
// costs nothing.

import { LongText } from '../core/json.ts';
import type { Text } from '../core/json.ts';
import { LONGEST_CHARACTER, sliceOf, unitsToGiveBack } from '../core/text-cut.ts';

export interface Draft {
  /** In UTF-16 units, as offsets are. */
  readonly length: number;
  /** Characters that came and are not kept. */
  readonly omitted: number;
  /** The model that writes it, as well as it is known. */
  readonly model?: string;
  slice(from: number, to: number): string;
}

/** A text that grows no more. */
export function wholeDraft(text: Text): Draft {
  const pieces = text instanceof LongText ? text.pieces : [text];
  return { length: text.length, omitted: 0, slice: (from, to) => sliceOf(pieces, from, to) };
}

/**
 * Where to begin to read: not between the halves of a pair. Marks may have come to a character since its reader went on
 * behind it, and begin the next page.
 */
export function soundStart(draft: Draft, at: number): number {
  const start = Math.min(Math.max(0, at), draft.length);
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(draft.slice(start - 1, start + 1)) && start > 0 ? start - 1 : start;
}

/** The nearest place up to `at` where no character is cut. */
export function soundEnd(draft: Draft, at: number): number {
  const end = Math.min(Math.max(0, at), draft.length);
  const before = draft.slice(Math.max(0, end - LONGEST_CHARACTER), end);
  return end - unitsToGiveBack(before, draft.slice(end, end + LONGEST_CHARACTER));
}
