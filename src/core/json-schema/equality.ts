// When two JSON values are equal: as JSON Schema 2020-12 Core 4.2.2 has it, members in any order, 1 and 1.0 the same.

import type { JsonValue } from '../json.ts';

/** A text that equal values, and only they, share; undefined for a value too deep or too large. */
export function canonical(value: JsonValue, spend: (steps: number) => boolean, depth = 0): string | undefined {
  if (depth > MAX_DEPTH || !spend(1)) return undefined;
  // JSON.stringify has no word for the number 1e999.
  if (typeof value === 'number') return String(value === 0 ? 0 : value);
  if (typeof value === 'string') spend(value.length / 64);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts: string[] = [];
  for (const name of isList ? value.keys() : Object.keys(value).toSorted()) {
    const member = canonical(isList ? (value[Number(name)] ?? null) : (value[name] ?? null), spend, depth + 1);
    if (member === undefined) return undefined;
    parts.push(isList ? member : `${JSON.stringify(name)}:${member}`);
  }
  return isList ? `[${parts.join()}]` : `{${parts.join()}}`;
}

const MAX_DEPTH = 400;
