// The register of everything secret, and the scrubbing of outputs by value. A secret is registered once,
// where it is resolved; every output (log line, message to the peer, upstream text shown to a caller) goes
// through `scrub`, so no room has to remember which of its strings holds a key.
//
// A secret is recognised as it is, in base64 at each of the three alignments a longer encoded text can give it,
// and either of them percent-encoded, JSON-escaped or in HTML, one within another too (core/secrets/). What merely
// looks like a key is scrubbed as well.

import type { Decoder } from './decoder.ts';
import { Finder } from './secrets/finder.ts';
import { Sought } from './secrets/sought.ts';

const REDACTED = '[redacted]';

/** Characters of a stream that are read at once: what is remembered of each takes ten bytes until all of them are released. */
const MOST_READ = 4096;

/** What every text that is cut short ends with, and how much of a secret before it gives anything away. */
const CUT = '…';
const LEAST_CUT = 4;

/**
 * What is a placeholder and no secret: `test`, `local`, `1234`, as people set for servers that take any key. They
 * occur in ordinary text, and in the protocol itself, and blanking them would break both.
 */
function isPlaceholder(value: string): boolean {
  return value.length < 8 || (value.length < 16 && /^(?:[a-z]+|\d+)$/i.test(value));
}

/** Of a private key in PEM (RFC 7468) those that hold it: a library that cannot read one of them may show it. */
function linesOf(value: string): string[] {
  return value.includes('PRIVATE KEY-----') ? (value.match(/^[A-Za-z0-9+/=]{32,}/gm) ?? []) : [];
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
  readonly #sought = new Sought();

  /** Registers a secret value; a placeholder is ignored. */
  add(value: string): void {
    if (isPlaceholder(value)) return;
    this.#sought.add(value);
    for (const line of linesOf(value)) this.#sought.add(line);
  }

  /** Replaces registered values only. For text that belongs to the caller, such as an answer. */
  scrubValues(text: string): string {
    if (!this.#sought.mayBeIn(text)) return text;
    const finder = this.#finder;
    finder.push(text);
    return finder.release();
  }

  /** Replaces registered values and whatever looks like a key. For logs, errors and upstream messages. */
  scrub(text: string): string {
    const clean = this.scrubValues(text).replace(LOOKS_LIKE_KEY, REDACTED);
    return !this.#sought.isEmpty && clean.includes(CUT) ? this.#cutScrubbed(clean) : clean;
  }

  /**
   * Scrubs registered values out of text that arrives in pieces. However it is cut, what comes out is what
   * {@link scrubValues} makes of the whole, but that the first three characters of a secret in base64 may show, and that
   * secrets which run into one another may be replaced one by one, with a few characters between them.
   */
  stream(): Decoder<string, string> {
    let finder: Finder | undefined;
    return {
      push: (chunk) => {
        if (chunk === '' || this.#sought.isEmpty) return chunk === '' ? [] : [chunk];
        finder ??= this.#finder;
        let out = '';
        for (let from = 0; from < chunk.length; from += MOST_READ) {
          finder.push(chunk.slice(from, from + MOST_READ));
          out += finder.release(finder.held);
        }
        return said(out);
      },
      end: () => (finder === undefined ? [] : said(finder.release())),
    };
  }

  get #finder(): Finder {
    return new Finder(this.#sought.lookup);
  }

  /** What was cut short by one of us may hold the beginning of a secret that was there. */
  #cutScrubbed(text: string): string {
    const pieces = text.split(CUT);
    const ends = pieces.slice(0, -1).map((piece) => {
      const finder = this.#finder;
      finder.push(piece);
      const { held } = finder;
      return held < LEAST_CUT ? piece : piece.slice(0, piece.length - held) + REDACTED;
    });
    return [...ends, ...pieces.slice(-1)].join(CUT);
  }
}

function said(text: string): string[] {
  return text === '' ? [] : [text];
}
