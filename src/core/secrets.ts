// The register of everything secret, and the scrubbing of outputs by value. A secret is registered once,
// where it is resolved; every output (log line, message to the peer, upstream text shown to a caller) goes
// through `scrub`, so no room has to remember which of its strings holds a key.
//
// A secret is recognised as it is, URL-encoded, JSON-escaped and in base64 at each of the three
// alignments a longer encoded text can give it. What merely looks like a key is scrubbed as well.

import type { Decoder } from './decoder.ts';

const REDACTED = '[redacted]';

/**
 * What is a placeholder and no secret: `test`, `local`, `1234`, as people set for servers that take any key. They
 * occur in ordinary text, and in the protocol itself, and blanking them would break both.
 */
function isPlaceholder(value: string): boolean {
  return value.length < 8 || (value.length < 16 && /^(?:[a-z]+|\d+)$/i.test(value));
}

const KEY_SHAPES = [
  // Published prefixes.
  /\b(?:sk|rk|pk)-[A-Za-z0-9_*-]{8,}/,
  /\b(?:gsk|hf|xai|nvapi|pplx)[-_][A-Za-z0-9_-]{16,}/,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bAIza[A-Za-z0-9_-]{30,}/,
  // Bearer headers; a digit tells a token from the word "authentication".
  /\bBearer\s+(?=\S{0,256}\d)[A-Za-z0-9._~+/=-]{8,}/,
  // Tokens (JWT): two JSON objects and a signature, in base64url.
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}/,
  // Passwords in URLs.
  /(?<=:\/\/[^\s/:@]{0,256}:)[^\s/@]+(?=@)/,
];

const LOOKS_LIKE_KEY = new RegExp(KEY_SHAPES.map((shape) => shape.source).join('|'), 'gi');

export class Secrets {
  readonly #values = new Set<string>();
  /** Made when first needed: several secrets are registered before the first text is scrubbed. */
  #made: Finder | undefined;

  /** Registers a secret value; a placeholder is ignored. */
  add(value: string): void {
    if (isPlaceholder(value) || this.#values.has(value)) return;
    this.#values.add(value);
    this.#made = undefined;
  }

  get #finder(): Finder | undefined {
    if (this.#values.size === 0) return undefined;
    return (this.#made ??= finderOf([...new Set([...this.#values].flatMap(formsOf))]));
  }

  /** Replaces registered values only. For text that belongs to the caller, such as an answer. */
  scrubValues(text: string): string {
    const finder = this.#finder;
    return finder === undefined ? text : scrubAll(text, finder);
  }

  /** Replaces registered values and whatever looks like a key. For logs, errors and upstream messages. */
  scrub(text: string): string {
    return this.scrubValues(text).replace(LOOKS_LIKE_KEY, REDACTED);
  }

  /**
   * Scrubs registered values out of text that arrives in pieces. However it is cut, what comes out is what
   * {@link scrubValues} makes of the whole.
   */
  stream(): Decoder<string, string> {
    return new ScrubbingDecoder(() => this.#finder);
  }
}

/** The forms of all secrets, prepared for searching. */
interface Finder {
  /** Longest first: at one place the longest form wins, so a key which contains another is replaced whole. */
  readonly forms: readonly string[];
  /** Any form, everywhere. */
  readonly whole: RegExp;
  /** Any character that a form begins with. */
  readonly first: RegExp;
}

function finderOf(unordered: readonly string[]): Finder {
  const forms = unordered.toSorted((a, b) => b.length - a.length);
  const firsts = new Set(forms.map((form) => escapeRegExp(form.charAt(0))));
  return {
    forms,
    whole: new RegExp(forms.map(escapeRegExp).join('|'), 'g'),
    first: new RegExp(`[${[...firsts].join('')}]`, 'g'),
  };
}

/** Asking for each form first is several times faster than the expression, and nearly always the answer is no. */
function scrubAll(text: string, { forms, whole }: Finder): string {
  return forms.some((form) => text.includes(form)) ? text.replace(whole, REDACTED) : text;
}

class ScrubbingDecoder implements Decoder<string, string> {
  readonly #finder: () => Finder | undefined;
  /** Raw text whose beginning may be the beginning of a secret; shorter than the longest form. */
  #held = '';

  constructor(finder: () => Finder | undefined) {
    this.#finder = finder;
  }

  push(chunk: string): string[] {
    const finder = this.#finder();
    if (finder === undefined) return chunk === '' ? [] : [chunk];
    const text = this.#held + chunk;
    let out = '';
    let from = 0;
    for (;;) {
      const open = openBeginning(text, from, finder);
      finder.whole.lastIndex = from;
      const match = finder.whole.exec(text);
      // A form that is complete but also begins a longer one, or overlaps one that began earlier and is not
      // at its end yet, waits: scrubbing it now would leave the rest of the other to pass.
      if (match === null || match.index >= open) {
        out += text.slice(from, open);
        this.#held = text.slice(open);
        return out === '' ? [] : [out];
      }
      out += text.slice(from, match.index) + REDACTED;
      from = match.index + match[0].length;
    }
  }

  end(): string[] {
    const rest = this.#held;
    this.#held = '';
    const finder = this.#finder();
    if (rest === '') return [];
    return [finder === undefined ? rest : scrubAll(rest, finder)];
  }
}

/** Where, at `from` or after, the first end of `text` starts that is a proper beginning of a form; else its length. */
function openBeginning(text: string, from: number, { forms, first }: Finder): number {
  first.lastIndex = Math.max(from, text.length - (forms[0]?.length ?? 0) + 1);
  for (let at = first.exec(text); at !== null; at = first.exec(text)) {
    const end = text.slice(at.index);
    if (forms.some((form) => form.length > end.length && form.startsWith(end))) return at.index;
  }
  return text.length;
}

function formsOf(value: string): string[] {
  const forms = [value, ...inUrls(value), ...inJson(value)];
  const bytes = Buffer.from(value, 'utf8');
  for (let shift = 0; shift < 3; shift++) {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    // The first and last characters mix in neighbouring bits: compare only what the secret alone decides.
    const from = Math.ceil((shift * 8) / 6);
    const to = Math.floor(((shift + bytes.length) * 8) / 6);
    const inner = encoded.slice(from, to);
    if (inner.length >= 8) forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}

/** As `encodeURIComponent`, RFC 3986 and forms write it; a slash may stand as it is, the digits in either case. */
function inUrls(value: string): string[] {
  const usual = encodeURIComponent(value.toWellFormed());
  const strict = usual.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const both = [usual, strict].flatMap((text) => [text, text.replaceAll('%2F', '/')]);
  return both.flatMap((text) => [text, text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())]);
}

/** As JSON writers do it: as little as must be, the slash too, whatever is unsafe in HTML, and JSON inside JSON. */
function inJson(value: string): string[] {
  const usual = JSON.stringify(value).slice(1, -1);
  const escaped = (text: string, unsafe: RegExp): string =>
    text.replace(unsafe, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const html = escaped(usual, /[<>&']/g);
  const cautious = escaped(value, /[<>&'"+/=\\]/g);
  const upper = cautious.replace(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`);
  return [usual, usual.replaceAll('/', '\\/'), html, cautious, upper, JSON.stringify(usual).slice(1, -1)];
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
