// As much of a list as a result has: so many that a model can take them in, and no more than its client shows.
// Follows promise 1 of the product sheet.

import { present } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Room } from '../../core/text-cut.ts';

const MOST = 50;
/** Of the room, for the line that says how to go on. */
const LINE_CHARS = 300;

export interface ListPart<Item> {
  readonly shown: readonly Item[];
  readonly offset: number;
  /** Where the rest begins; absent: there is no more. */
  readonly next?: number;
  readonly total: number;
  readonly isAll: boolean;
}

/** The part from an offset on, with one item at least. `bytesOf`: what a result says of an item, in bytes of UTF-8. */
export function partOf<Item>(
  all: readonly Item[],
  from: number,
  { chars, bytes }: Room,
  bytesOf: (item: Item) => number,
): ListPart<Item> {
  const offset = Math.min(from, all.length);
  let rest = Math.min(chars, bytes) - LINE_CHARS;
  let end = offset;
  for (const item of all.slice(offset, offset + MOST)) {
    rest -= bytesOf(item);
    if (rest < 0 && end > offset) break;
    end++;
  }
  const more = end < all.length ? { next: end } : {};
  return {
    shown: all.slice(offset, end),
    offset,
    ...more,
    total: all.length,
    isAll: offset === 0 && end === all.length,
  };
}

/** Which part of a list it is, as data. */
export function partFacts({ offset, next, total }: ListPart<unknown>): JsonObject {
  return { offset, ...present({ next_offset: next }), total };
}
