// A `$ref` that stays inside its schema: `#`, or `#` and a JSON Pointer (RFC 6901, 6). Only members of the schema's
// own are followed, never what every object inherits.

import type { JsonValue } from '../json.ts';

/** What the reference points to; undefined when it points outside, to an anchor, or to nothing. */
export function resolveRef(root: JsonValue, ref: string): JsonValue | undefined {
  if (ref === '#') return root;
  if (!ref.startsWith('#/')) return undefined;
  let found: JsonValue | undefined = root;
  for (const part of ref.slice(2).split('/')) {
    const name = unescaped(part);
    if (name === undefined || typeof found !== 'object' || found === null || !Object.hasOwn(found, name))
      return undefined;
    found = Array.isArray(found) ? found[Number(name)] : found[name];
  }
  return found;
}

function unescaped(part: string): string | undefined {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}
