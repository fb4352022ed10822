// The register of everything secret, and the scrubbing of outputs by value. A secret is registered once,
// where it is resolved; every output (log line, message to the peer, upstream text shown to a caller) goes
// through `scrub`, so no room has to remember which of its strings holds a key.
//
// A secret is recognised as it is, URL-encoded, JSON-escaped and in base64 at each of the three
// alignments a longer encoded text can give it. What merely looks like a key is scrubbed as well.

import type { Decoder } from './decoder.ts';

export const REDACTED = '[redacted]';

/** Shorter values would blank ordinary words and are no protection to begin with. */
const MIN_SECRET_LENGTH = 4;

/** Keys by their published prefixes, bearer headers, and passwords in URLs. */
const LOOKS_LIKE_KEY =
  /\b(?:sk|rk|pk)-[A-Za-z0-9_*-]{8,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bAIza[A-Za-z0-9_-]{30,}|\bBearer\s+[A-Za-z0-9._~+/=-]{8,}|(?<=:\/\/[^\s/:@]{0,256}:)[^\s/@]+(?=@)/gi;

export class Secrets {
  readonly #forms = new Set<string>();
  #pattern: RegExp | undefined;
  #ordered: readonly string[] = [];

  /** Registers a secret value; an empty or very short one is ignored. */
  add(value: string): void {
    if (value.length < MIN_SECRET_LENGTH) return;
    for (const form of formsOf(value)) this.#forms.add(form);
    // Longest first, so that a key which contains another key is replaced whole.
    this.#ordered = [...this.#forms].toSorted((a, b) => b.length - a.length);
    this.#pattern = new RegExp(this.#ordered.map(escapeRegExp).join('|'), 'g');
  }

  /** Replaces registered values only. For text that belongs to the caller, such as an answer. */
  scrubValues(text: string): string {
    if (this.#pattern === undefined || !this.#holds(text)) return text;
    return text.replace(this.#pattern, REDACTED);
  }

  /** Replaces registered values and whatever looks like a key. For logs, errors and upstream messages. */
  scrub(text: string): string {
    return this.scrubValues(text).replace(LOOKS_LIKE_KEY, REDACTED);
  }

  /** Scrubs registered values out of text that arrives in pieces, also where one straddles a cut. */
  stream(): Decoder<string, string> {
    return new ScrubbingDecoder(() => this.#ordered, (text) => this.scrubValues(text));
  }

  #holds(text: string): boolean {
    return this.#ordered.some((form) => text.includes(form));
  }
}

class ScrubbingDecoder implements Decoder<string, string> {
  readonly #forms: () => readonly string[];
  readonly #scrub: (text: string) => string;
  #held = '';

  constructor(forms: () => readonly string[], scrub: (text: string) => string) {
    this.#forms = forms;
    this.#scrub = scrub;
  }

  push(chunk: string): string[] {
    const forms = this.#forms();
    if (forms.length === 0) return [chunk];
    // Scrub before holding back: what is left to hold is then only a true beginning of a secret.
    const text = this.#scrub(this.#held + chunk);
    const keep = longestOpenBeginning(text, forms);
    this.#held = keep === 0 ? '' : text.slice(-keep);
    const out = keep === 0 ? text : text.slice(0, -keep);
    return out === '' ? [] : [out];
  }

  end(): string[] {
    const rest = this.#held;
    this.#held = '';
    return rest === '' ? [] : [rest];
  }
}

/** The length of the longest end of `text` that is a proper beginning of one of `forms`. */
function longestOpenBeginning(text: string, forms: readonly string[]): number {
  let longest = 0;
  for (const form of forms) {
    for (let n = Math.min(form.length - 1, text.length); n > longest; n--) {
      if (text.charCodeAt(text.length - n) === form.charCodeAt(0) && form.startsWith(text.slice(-n))) {
        longest = n;
        break;
      }
    }
  }
  return longest;
}

function formsOf(value: string): string[] {
  const forms = [value, encodeURIComponent(value.toWellFormed()), JSON.stringify(value).slice(1, -1)];
  const bytes = Buffer.from(value, 'utf8');
  for (let shift = 0; shift < 3; shift++) {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replaceAll('=', '');
    // The first and last characters mix in neighbouring bits: compare only what the secret alone decides.
    const from = Math.ceil((shift * 8) / 6);
    const to = Math.floor(((shift + bytes.length) * 8) / 6);
    const inner = encoded.slice(from, to);
    if (inner.length >= 8) forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return forms;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
