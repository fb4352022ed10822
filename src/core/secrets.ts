// The register of everything secret, and the scrubbing of outputs by value. A secret is registered once,
// where it is resolved; every output (log line, message to the peer, upstream text shown to a caller) goes
// through `scrub`, so no room has to remember which of its strings holds a key.
//
// A secret is recognised as it is, in base64 at each of the three alignments a longer encoded text can give it,
// and either of them percent-encoded, JSON-escaped or in HTML, one within another too (core/secrets/). What merely
// looks like a key is scrubbed as well.

import type { Decoder } from './decoder.ts';
import { Finder } from './secrets/finder.ts';
import type { Span } from './secrets/finder.ts';
import { formsOf } from './secrets/forms.ts';

const REDACTED = '[redacted]';

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

const KEY_SHAPES = [
  // Published prefixes.
  /\b(?:sk|rk|pk)-[A-Za-z0-9_*-]{8,}/,
  /\b(?:gsk|hf|xai|nvapi|pplx)[-_][A-Za-z0-9_-]{16,}/,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bAIza[A-Za-z0-9_-]{30,}/,
  // Bearer headers; a digit tells a token from the word "authentication".
  /\bBearer\s+(?=\S{0,256}\d)[A-Za-z0-9._~+/=-]{8,}/,
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
    return (this.#made ??= new Finder([...this.#values].flatMap(formsOf)));
  }

  /** Replaces registered values only. For text that belongs to the caller, such as an answer. */
  scrubValues(text: string): string {
    const finder = this.#finder;
    return finder === undefined ? text : scrubAll(text, finder);
  }

  /** Replaces registered values and whatever looks like a key. For logs, errors and upstream messages. */
  scrub(text: string): string {
    const clean = this.scrubValues(text).replace(LOOKS_LIKE_KEY, REDACTED);
    return this.#finder !== undefined && clean.includes(CUT) ? cutScrubbed(clean, this.#finder) : clean;
  }

  /**
   * Scrubs registered values out of text that arrives in pieces. However it is cut, what comes out is what
   * {@link scrubValues} makes of the whole.
   */
  stream(): Decoder<string, string> {
    return new ScrubbingDecoder(() => this.#finder);
  }
}

class ScrubbingDecoder implements Decoder<string, string> {
  readonly #finder: () => Finder | undefined;
  /** Raw text whose beginning may be the beginning of a secret, or of an escape. */
  #held = '';

  constructor(finder: () => Finder | undefined) {
    this.#finder = finder;
  }

  push(chunk: string): string[] {
    const finder = this.#finder();
    const text = this.#held + chunk;
    if (finder === undefined) return text === '' ? [] : [text];
    const { spans, open } = finder.find(text);
    this.#held = text.slice(open);
    const out = replaced(text.slice(0, open), spans);
    return out === '' ? [] : [out];
  }

  end(): string[] {
    const rest = this.#held;
    this.#held = '';
    if (rest === '') return [];
    const finder = this.#finder();
    return [finder === undefined ? rest : scrubAll(rest, finder)];
  }
}

function scrubAll(text: string, finder: Finder): string {
  return finder.mayBeIn(text) ? replaced(text, finder.findAll(text)) : text;
}

/** What was cut short by one of us may hold the beginning of a secret that was there. */
function cutScrubbed(text: string, finder: Finder): string {
  const pieces = text.split(CUT);
  const ends = pieces.slice(0, -1).map((piece) => {
    const { open } = finder.find(piece);
    return piece.length - open < LEAST_CUT ? piece : piece.slice(0, open) + REDACTED;
  });
  return [...ends, ...pieces.slice(-1)].join(CUT);
}

function replaced(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let out = '';
  let from = 0;
  for (const span of spans) {
    out += text.slice(from, span.from) + REDACTED;
    from = span.to;
  }
  return out + text.slice(from);
}
