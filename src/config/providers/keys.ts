// The keys of a provider, as they are at each moment: fixed, or in a file that may be rotated. Whatever is found
// is registered as a secret, used or not.

import type { KeySource } from '../config.ts';
import type { Given, Reader } from '../reader.ts';
import { SETTINGS, parseKeys } from '../shape.ts';

export function fixedKeys(keys: readonly string[]): KeySource {
  return () => keys;
}

/** The keys that `given` holds; what is wrong with them is a problem for the reader. */
export function keysFrom(reader: Reader, given: Given | undefined): KeySource {
  if (given === undefined) return fixedKeys([]);
  const { file } = given;
  registerKeys(reader, given.text);
  let last = reader.parse(SETTINGS.apiKey, given, parseKeys) ?? [];
  if (file === undefined) return fixedKeys(last);
  let text = given.text;
  return (refused) => {
    const now = file.read(refused);
    if (now === text) return last;
    text = now;
    registerKeys(reader, now);
    const keys = parseKeys(now);
    // A file caught half-written or emptied: the keys that worked are the better guess.
    if ('value' in keys) last = keys.value;
    return last;
  };
}

export function registerKeys(reader: Reader, text: string): void {
  reader.secrets.add(text.trim());
  for (const key of text.split(',')) reader.secrets.add(key.trim());
}
