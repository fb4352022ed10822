// The keys of a provider, as they are at each moment: fixed, or in a file that may be rotated. Whatever is found
// is registered as a secret, used or not.

import type { KeySource } from '../config.ts';
import type { Given, Reader } from '../reader.ts';
import { SETTINGS, parseKeys } from '../settings/shape.ts';

export function fixedKeys(keys: readonly string[]): KeySource {
  return () => keys;
}

/** A text that may have changed when it is asked for again. */
interface LivingText {
  readonly text: string;
  readonly now: (fresh?: boolean) => string;
}

/** The keys that `given` holds; what is wrong with them is a problem for the reader. */
export function keysFrom(reader: Reader, given: Given | undefined): KeySource {
  if (given === undefined) return fixedKeys([]);
  const { file, text } = given;
  registerKeys(reader, text);
  reader.parse(SETTINGS.apiKey, given, parseKeys);
  return livingKeys(reader, [{ text, now: (fresh) => file?.read(fresh) ?? text }]);
}

/** The keys in all of the texts, as they are at each moment. */
export function livingKeys(reader: Reader, texts: readonly LivingText[]): KeySource {
  for (const { text } of texts) registerKeys(reader, text);
  let last = texts.map(({ text }) => text);
  let keys = keysIn(last) ?? [];
  return (refused) => {
    const now = texts.map((one) => one.now(refused));
    if (now.every((text, i) => text === last[i])) return keys;
    last = now;
    for (const text of now) registerKeys(reader, text);
    // A file caught half-written or emptied: the keys that worked are the better guess.
    keys = keysIn(now) ?? keys;
    return keys;
  };
}

function keysIn(texts: readonly string[]): readonly string[] | undefined {
  const all: string[] = [];
  for (const text of texts) {
    const keys = parseKeys(text);
    if ('problem' in keys) return undefined;
    all.push(...keys.value);
  }
  return all;
}

export function registerKeys(reader: Reader, text: string): void {
  reader.secrets.add(text.trim());
  for (const key of text.split(',')) reader.secrets.add(key.trim());
}
