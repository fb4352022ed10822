// Says quickly that a text holds none of the forms, which is the answer nearly always. It looks for a piece of each
// form that no encoder changes, at all pieces at once (as Wu and Manber do), and for signs of encoders that change
// even letters. It may be wrong in one way only: what it lets through is looked at closely.

/** What RFC 3986 calls unreserved, and JSON and HTML leave alone; some encoders of URLs do not leave `~`. */
const SAFE_RUNS = /[\w.-]+/g;
const LEAST_PIECE = 4;
const MOST_PIECE = 32;
const CODES = 1 << 14;

/** Escapes that mean a safe character, or may be a part of another escape that does. */
const MEANS_MORE = '(?:2[35de]|26(?:amp;)*#|3\\d|[46][1-9a-f]|[57][\\da]|5[cf])';
const PERCENT = new RegExp(`%${MEANS_MORE}`, 'iy');
const UNICODE = new RegExp(`u00${MEANS_MORE}`, 'i');
const REFERENCE = /&(?:amp;)*#/y;

export class Gate {
  readonly #pieces = new Set<string>();
  readonly #length: number;
  /** How far a window that ends in two characters may be moved on; 0 where a piece ends in them. */
  readonly #shifts: Uint8Array;
  /** A form without a piece of its own: every text has to be looked at. */
  readonly #isOpen: boolean;

  constructor(forms: readonly string[]) {
    const runs = forms.map(longestRun);
    this.#length = runs.reduce((least, run) => Math.min(least, run.length), MOST_PIECE);
    this.#isOpen = this.#length < LEAST_PIECE;
    this.#shifts = new Uint8Array(this.#isOpen ? 0 : CODES).fill(this.#length - 1);
    if (this.#isOpen) return;
    for (const run of runs) this.#add(run.slice(-this.#length));
  }

  /** `false`: none of the forms is in it, however written. */
  mayHold(text: string): boolean {
    return this.#isOpen || this.#holdsPiece(text) || holdsSign(text);
  }

  #add(piece: string): void {
    this.#pieces.add(piece);
    for (let end = 1; end < piece.length; end++) {
      const code = codeOf(piece, end);
      this.#shifts[code] = Math.min(this.#shifts[code] ?? 0, piece.length - 1 - end);
    }
  }

  #holdsPiece(text: string): boolean {
    const length = this.#length;
    for (let end = length - 1; end < text.length;) {
      const shift = this.#shifts[codeOf(text, end)] ?? 0;
      if (shift === 0 && this.#pieces.has(text.slice(end + 1 - length, end + 1))) return true;
      end += shift || 1;
    }
    return false;
  }
}

/** For two characters, the second at `end`. Characters beyond ASCII share their codes with others. */
function codeOf(text: string, end: number): number {
  return ((text.charCodeAt(end - 1) << 7) ^ text.charCodeAt(end)) & (CODES - 1);
}

function longestRun(form: string): string {
  return (form.match(SAFE_RUNS) ?? []).reduce((best, run) => (run.length > best.length ? run : best), '');
}

function holdsSign(text: string): boolean {
  return begins(text, '%', PERCENT) || begins(text, '&', REFERENCE) || (text.includes('\\u00') && UNICODE.test(text));
}

/** As the expression alone would say, which is much slower at finding that there is nothing. */
function begins(text: string, sign: '%' | '&', expression: RegExp): boolean {
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) {
    const next = text.charCodeAt(at + 1);
    // `#`, a digit or an `a`; not a space or most letters.
    if (next < 0x23 || next > 0x61) continue;
    expression.lastIndex = at;
    if (expression.test(text)) return true;
  }
  return false;
}
