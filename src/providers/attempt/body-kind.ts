// What an answer's body is, told from its first bytes and its content type and not from what was asked:
// proxies answer a stream request with a whole reply or a web page, and label either as they like
// (WIRE.md 4.1, cases 44 and 45).

import type { Dialect } from '../dialect.ts';

export type BodyKind = 'events' | 'reply' | 'page';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

/** Where the first byte stands that is not white space; -1 when there is none. */
export function firstByteAt(chunk: Uint8Array): number {
  return chunk.findIndex((byte) => byte !== SPACE && byte !== LF && byte !== CR && byte !== TAB);
}

/** `chunk` is the first one that is not blank; undefined when the body has none. */
export function bodyKind(
  contentType: string | null,
  chunk: Uint8Array | undefined,
  framing: Dialect['framing'],
): BodyKind {
  const type = contentType?.toLowerCase() ?? '';
  if (type.includes('html')) return 'page';
  const first = chunk === undefined ? '' : String.fromCharCode(chunk[firstByteAt(chunk)] ?? 0);
  if (first === '<') return 'page';
  // A stream of lines and a whole reply begin alike; one line that says it all is both.
  if (first === '{' && framing === 'ndjson') return type.includes('application/json') ? 'reply' : 'events';
  if (first === '{' || first === '[') return 'reply';
  // `data:`, `event:` or a comment: a stream under the wrong name.
  if (type.includes('json') && !'de:'.includes(first)) return 'reply';
  return 'events';
}
