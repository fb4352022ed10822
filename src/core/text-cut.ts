// Where a text may be cut: never inside a character, which is a surrogate pair, a letter with its marks, a picture made of
// several that are joined, or the two characters that end a line on some systems. Pure.
// Follows Unicode UAX #29 as far as answers of models need it; flags, which are two characters each, may be parted.

/** The longest character that is kept together, in UTF-16 units; what is longer nobody wrote to be read. */
export const LONGEST_CHARACTER = 64;

const HIGH = /[\uD800-\uDBFF]$/;
const LOW = /^[\uDC00-\uDFFF]/;
/** What belongs to the character before it: marks, variation selectors, skin tones, the joiner. */
const EXTENDS = /^(?:\p{M}|\p{Emoji_Modifier}|\u200D)/u;

/**
 * How far before a cut the text must end. `before` ends and `after` begins there, with up to {@link LONGEST_CHARACTER}
 * units each; nothing after means that nothing has come yet.
 */
export function unitsToGiveBack(before: string, after: string): number {
  const around = before + after;
  for (let at = before.length; at > 0; at--) {
    if (!isInside(around.slice(0, at), around.slice(at))) return before.length - at;
  }
  // All of it is one character, or pretends to be: only what no text may hold is mended.
  return HIGH.test(before) ? 1 : 0;
}

function isInside(before: string, after: string): boolean {
  // The first half of a pair, whether or not the second is there yet.
  if (HIGH.test(before)) return after === '' || LOW.test(after);
  if (after === '') return false;
  return EXTENDS.test(after) || before.endsWith('\u200D') || (before.endsWith('\r') && after.startsWith('\n'));
}

/** How much of a text may be shown. */
export interface Room {
  /** In UTF-16 units. */
  readonly chars: number;
  /** In bytes of UTF-8. */
  readonly bytes: number;
}

export const ANY_ROOM: Room = { chars: Infinity, bytes: Infinity };

interface Sliced {
  readonly length: number;
  slice(from: number, to: number): string;
}

/** How many of the first units of a text there is room for; the cut may be inside a character. */
export function unitsWithin({ chars, bytes }: Room, text: Sliced): number {
  const most = Math.min(text.length, chars);
  // No unit takes more than three.
  if (most * 3 <= bytes) return most;
  const beginning = text.slice(0, Math.min(most, bytes));
  let left = bytes;
  for (let at = 0; at < beginning.length; at++) {
    left -= bytesOf(beginning.charCodeAt(at));
    if (left < 0) return at;
  }
  return beginning.length;
}

/** The halves of a pair, which takes four together, are counted as two each. */
function bytesOf(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800 || (unit >= 0xd800 && unit < 0xe000)) return 2;
  return 3;
}

/** The part of the text in `pieces` from one unit to another. */
export function sliceOf(pieces: readonly string[], from: number, to: number): string {
  let start = 0;
  const found: string[] = [];
  for (const piece of pieces) {
    const end = start + piece.length;
    if (end > from && start < to) found.push(piece.slice(Math.max(0, from - start), to - start));
    if (end >= to) break;
    start = end;
  }
  return found.join('');
}
