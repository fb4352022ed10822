// Comparing what was said with what a transcript expects: JSON against JSON, key order ignored, with
// placeholders for what differs from run to run. `"<string>"` and `"<number>"` stand for any value of that
// type; `"<id:a>"` stands for any string or number the first time, and for the same one afterwards; `"<any>"`
// stands for what this transcript is not about.

import { isObject } from '../../src/core/json.ts';
import type { JsonValue } from '../../src/core/json.ts';

export type Captures = Map<string, JsonValue>;

/** Members whose value no two runs share; `make golden` writes these as placeholders by itself. */
const VOLATILE: Readonly<Record<string, string>> = { ms: '<number>', version: '<string>' };

/** Where `actual` first differs from `expected`, as one line; nothing when it matches. */
export function difference(expected: JsonValue, actual: JsonValue, captures: Captures, path = '$'): string | undefined {
  const placeholder = stands(expected, actual, captures);
  if (placeholder !== undefined) return placeholder ? undefined : differs(path, expected, actual);
  if (Array.isArray(expected) && Array.isArray(actual)) return listDifference(expected, actual, captures, path);
  if (isObject(expected) && isObject(actual)) return objectDifference(expected, actual, captures, path);
  return Object.is(expected, actual) ? undefined : differs(path, expected, actual);
}

/** `actual` as it is written into a transcript: with the placeholders of `expected` that still match. */
export function golden(expected: JsonValue | undefined, actual: JsonValue, captures: Captures): JsonValue {
  if (expected !== undefined && stands(expected, actual, captures) === true) return expected;
  if (Array.isArray(actual)) {
    const before = Array.isArray(expected) ? expected : [];
    return actual.map((item, i) => golden(before[i], item, captures));
  }
  if (!isObject(actual)) return actual;
  const before = isObject(expected) ? expected : {};
  return Object.fromEntries(
    Object.entries(actual).map(([key, value]) => [key, golden(before[key] ?? VOLATILE[key], value, captures)]),
  );
}

/** Whether a placeholder matches; nothing when `expected` is not one. */
function stands(expected: JsonValue, actual: JsonValue, captures: Captures): boolean | undefined {
  if (expected === '<any>') return true;
  if (expected === '<string>') return typeof actual === 'string';
  if (expected === '<number>') return typeof actual === 'number';
  const name = typeof expected === 'string' ? /^<id:(\w+)>$/.exec(expected)?.[1] : undefined;
  if (name === undefined) return undefined;
  if (typeof actual !== 'string' && typeof actual !== 'number') return false;
  const captured = captures.get(name);
  if (captured === undefined) captures.set(name, actual);
  return captured === undefined || captured === actual;
}

function listDifference(
  expected: readonly JsonValue[],
  actual: readonly JsonValue[],
  captures: Captures,
  path: string,
): string | undefined {
  if (expected.length !== actual.length) return `${path} has ${actual.length} items, not ${expected.length}`;
  for (const [i, item] of expected.entries()) {
    const found = difference(item, actual[i] ?? null, captures, `${path}[${i}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function objectDifference(
  expected: Record<string, JsonValue>,
  actual: Record<string, JsonValue>,
  captures: Captures,
  path: string,
): string | undefined {
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const [before, now] = [expected[key], actual[key]];
    if (before === undefined) return `${path}.${key} was not expected: ${JSON.stringify(now)}`;
    if (now === undefined) return `${path}.${key} is missing, expected ${JSON.stringify(before)}`;
    const found = difference(before, now, captures, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function differs(path: string, expected: JsonValue, actual: JsonValue): string {
  return `${path} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
}
