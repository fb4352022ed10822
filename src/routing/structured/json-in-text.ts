// JSON as models write it: alone, in a code fence, or with prose around it. Only whole values are found, never one
// inside another: a fragment of a value that was cut may well be a value, and is not the answer. Nothing is mended here.

import { parseJson } from '../../core/json.ts';
import type { JsonValue } from '../../core/json.ts';

export interface FoundJson {
  /** As it was written, so that no number loses a digit. */
  readonly text: string;
  readonly value: JsonValue;
}

/** More than these are not one answer. */
const MAX_VALUES = 64;
const MAX_BRACKETS = 128;
const MAX_FENCES = 64;

/** The JSON of the text: all of it, else what is in its fences, else what stands in brackets; the first 64 values: citations in brackets are values too. */
export function jsonIn(text: string): FoundJson[] {
  const exact = parseJson(text);
  if (exact !== undefined) return [{ text, value: exact }];
  const whole = parsed(text);
  if (whole.length > 0) return whole;
  const fenced = text
    .split('```', MAX_FENCES * 2)
    .filter((_, i) => i % 2 === 1)
    // The word after the fence says what language it is.
    .flatMap((inside) => parsed(inside.replace(/^[\w-]*/, '')));
  return (fenced.length > 0 ? fenced : bracketed(text)).slice(0, MAX_VALUES);
}

function parsed(text: string): FoundJson[] {
  // A byte order mark, which JSON may not begin with, goes too.
  const trimmed = text.trim();
  const value = parseJson(trimmed);
  return value === undefined ? [] : [{ text: trimmed, value }];
}

function bracketed(text: string): FoundJson[] {
  const found: FoundJson[] = [];
  const opening = /[[{]/g;
  for (let i = 0; i < MAX_BRACKETS; i++) {
    const start = opening.exec(text)?.index;
    const end = start === undefined ? undefined : endOfValue(text, start);
    // What does not end was cut, and what is inside it is not looked at.
    if (start === undefined || end === undefined) break;
    found.push(...parsed(text.slice(start, end)));
    opening.lastIndex = end;
  }
  return found;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Where the bracket at `start` is closed, brackets in strings not counted. */
function endOfValue(text: string, start: number): number | undefined {
  let depth = 0;
  let isInString = false;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) isInString = !isInString;
    else if (isInString) i += code === BACKSLASH ? 1 : 0;
    else if (OPENING.has(code)) depth++;
    else if (CLOSING.has(code) && --depth === 0) return i + 1;
  }
  return undefined;
}
