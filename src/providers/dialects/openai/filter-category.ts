// What a content filter objected to, as Azure reports it: an object of categories, each with its verdict. WIRE.md 4.2.

import { isObject } from '../../../core/json.ts';

/** The names of the categories that filtered, joined by commas; undefined when none did. */
export function filteredCategory(results: unknown): string | undefined {
  if (!isObject(results)) return undefined;
  const names = Object.entries(results)
    .filter(([, verdict]) => isObject(verdict) && verdict['filtered'] === true)
    .map(([name]) => name);
  return names.length === 0 ? undefined : names.join(', ');
}
