// The value of TOOLS: which tools are listed. `all`, names, or names to add to and take from the default.

import { nearest } from '../../core/nearest.ts';
import type { Parsed } from './parse.ts';

/** Every tool of this version, in the order they are listed, and whether it is listed by default. */
const TOOLS: Readonly<Record<string, boolean>> = {
  chat: true,
  generate: true,
  list_models: true,
  embed: true,
  job: true,
  complete: false,
  compare: false,
};

const ALL: readonly string[] = Object.keys(TOOLS);

/** Names that are ours, whether or not they are listed. */
export const OWN_TOOLS: readonly string[] = [...ALL, 'conversations'];

export const DEFAULT_TOOLS: readonly string[] = ALL.filter((name) => TOOLS[name] === true);

/** Signed names change the default, or the unsigned names that stand beside them. */
export function parseTools(text: string): Parsed<readonly string[]> {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const unsigned = words.filter((word) => !/^[+-]/.test(word));
  const chosen = new Set<string>(unsigned.length === 0 ? DEFAULT_TOOLS : []);
  for (const word of words) {
    const name = word.replace(/^[+-]/, '');
    if (name !== 'all' && !ALL.includes(name)) return { problem: unknown(name) };
    for (const one of name === 'all' ? ALL : [name]) {
      if (word.startsWith('-')) chosen.delete(one);
      else chosen.add(one);
    }
  }
  return { value: ALL.filter((name) => chosen.has(name)) };
}

function unknown(name: string): string {
  const near = nearest(name, [...ALL, 'all']);
  return `names a tool that does not exist, ${JSON.stringify(name)}${near === undefined ? '' : ` (did you mean "${near}"?)`}`;
}
