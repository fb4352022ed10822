// A token taken apart: three parts of base64url, the first of them a header that says how it is signed. Strict: what
// could be read in two ways is no token. What the second part says is not looked at before the signature was checked.
// Follows RFC 7515, 2, 4.1, 5.2; RFC 8725, 3.

import { isObject, parseJson } from '../../core/json.ts';

/** A longer one is refused before anything is read of it. */
const MOST_CHARACTERS = 8192;

/** Claims are flat; what is deeper was made to cost. */
const MOST_NESTING = 16;

const MOST_KID = 256;

export interface TokenHeader {
  readonly alg: string;
  readonly kid?: string;
}

export interface TokenParts {
  readonly header: TokenHeader;
  /** The bytes that are signed. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  /** What it says; undefined where that is no object. */
  claims(): Readonly<Record<string, unknown>> | undefined;
}

/** Whether the text has the form of a token, so that it is judged as one. */
export function looksLikeToken(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text);
}

/** `undefined` where it is no token, or one that asks for what we do not do. */
export function partsOf(token: string): TokenParts | undefined {
  if (token.length > MOST_CHARACTERS) return undefined;
  const [first, second, third, ...more] = token.split('.');
  if (first === undefined || second === undefined || third === undefined || more.length > 0) return undefined;
  const header = headerOf(objectIn(first));
  const signature = bytesOf(third);
  if (header === undefined || signature === undefined) return undefined;
  return { header, signature, signed: Buffer.from([first, second].join('.'), 'ascii'), claims: () => objectIn(second) };
}

function headerOf(said: Readonly<Record<string, unknown>> | undefined): TokenHeader | undefined {
  if (said === undefined) return undefined;
  const { alg, kid, typ } = said;
  // Whatever must be understood (`crit`) we do not; a body that is not encoded (`b64`) belongs to that.
  if (typeof alg !== 'string' || 'crit' in said || 'b64' in said || !isAccessToken(typ)) return undefined;
  if (kid === undefined) return { alg };
  return typeof kid === 'string' && kid.length <= MOST_KID ? { alg, kid } : undefined;
}

/** A token made for something else (a logout, a proof of possession) says so, and is not taken for one that lets in. */
function isAccessToken(typ: unknown): boolean {
  return typ === undefined || (typeof typ === 'string' && /^(?:application\/)?(?:at\+)?jwt$/i.test(typ));
}

function objectIn(part: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = bytesOf(part);
  const text = bytes === undefined ? undefined : textOf(bytes);
  if (text === undefined || isTooDeep(text)) return undefined;
  const value: unknown = parseJson(text);
  return isObject(value) ? value : undefined;
}

/** One text for one value: no padding, no other alphabet, no bits left over. */
function bytesOf(part: string): Uint8Array | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Brackets in strings are counted too: a claim has no use for so many. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > MOST_NESTING) return true;
  }
  return false;
}
