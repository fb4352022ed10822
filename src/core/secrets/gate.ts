// Says quickly that a text holds none of the forms, which is the answer nearly always. It looks for a piece of each
// form that no encoder changes, at all pieces at once (as Wu and Manber do), and for signs of encoders that change
// even letters. It may be wrong in one way only: what it lets through is looked at closely.

/** What RFC 3986 calls unreserved, and JSON and HTML leave alone; some encoders of URLs do not leave `~`. */
const SAFE_RUNS = /[\w.-]+/g;
const LEAST_PIECE = 4;
const MOST_PIECE = 64;
const CODES = 1 << 14;

/** Escapes that mean a safe character, or may be a part of another escape that does. */
const MEANS_MORE = '(?:2[35de]|26(?:amp;)*#|3\\d|[46][1-9a-f]|[57][\\da]|5[cf])';
const HEX = new RegExp(MEANS_MORE, 'iy');
/** As in `&amp;#38;`. */
const NUMBER = /(?:amp;)*#/y;

/** How often a zero may turn out to be no part of an escape before backslashes are looked for, which may be as many. */
const MOST_ZEROS = 64;

export class Gate {
  readonly #length: number;
  readonly #pieces = new Set<number>();
  /** How far a window that ends in two characters may be moved on; 0 where a piece ends in them. */
  readonly #shifts: Uint8Array;

  /** For forms of which each has a piece of so many characters: see {@link pieceLength}. */
  constructor(length: number) {
    this.#length = length;
    this.#shifts = new Uint8Array(length < LEAST_PIECE ? 0 : CODES).fill(length - 1);
  }

  /** An empty one for forms of which some have no longer pieces. By so much shorter that it seldom comes to this. */
  shorter(length: number): Gate {
    const seldom = Math.max(LEAST_PIECE, Math.floor(this.#length * 0.75));
    return new Gate(Math.min(length, seldom));
  }

  /** `false`: the form has no piece of that length. */
  add(form: string): boolean {
    const length = this.#length;
    // Without pieces every text has to be looked at.
    if (length < LEAST_PIECE) return true;
    const run = longestRun(form);
    if (run.length < length) return false;
    const piece = run.slice(-length);
    this.#pieces.add(hashOf(piece, 0, length));
    for (let end = 1; end < length; end++) {
      const code = codeOf(piece, end);
      this.#shifts[code] = Math.min(this.#shifts[code] ?? 0, length - 1 - end);
    }
    return true;
  }

  /** `false`: none of the forms is in it, however written. */
  mayHold(text: string): boolean {
    return this.#length < LEAST_PIECE || this.#holdsPiece(text) || holdsSign(text);
  }

  #holdsPiece(text: string): boolean {
    const length = this.#length;
    const shifts = this.#shifts;
    // A text in which this would take longer than the closer look gets that.
    let most = text.length;
    for (let end = length - 1; end < text.length;) {
      const shift = shifts[codeOf(text, end)] ?? 0;
      if (shift === 0) {
        most -= length;
        if (most < 0 || this.#pieces.has(hashOf(text, end + 1 - length, end + 1))) return true;
      }
      end += shift || 1;
    }
    return false;
  }
}

/** The longest piece that each of the forms has; 0 for forms that cannot be found by pieces. */
export function pieceLength(forms: readonly string[]): number {
  const length = forms.reduce((least, form) => Math.min(least, longestRun(form).length), MOST_PIECE);
  return length < LEAST_PIECE ? 0 : length;
}

function hashOf(text: string, from: number, to: number): number {
  let hash = 0;
  for (let at = to - 1; at >= from; at--) hash = (Math.imul(hash, 0x01000193) + text.charCodeAt(at)) | 0;
  return hash;
}

/** For two characters, the second at `end`. Characters beyond ASCII share their codes with others. */
function codeOf(text: string, end: number): number {
  return ((text.charCodeAt(end - 1) << 7) ^ text.charCodeAt(end)) & (CODES - 1);
}

function longestRun(form: string): string {
  return (form.match(SAFE_RUNS) ?? []).reduce((best, run) => (run.length > best.length ? run : best), '');
}

function holdsSign(text: string): boolean {
  return holds(text, indexOfPercent, HEX) || holds(text, indexOfNumber, NUMBER) || holds(text, indexOfUnicode, HEX);
}

/** Whether the expression fits behind one of the places. */
function holds(text: string, nextOf: (text: string, from: number) => number, more: RegExp): boolean {
  for (let at = nextOf(text, 0); at !== -1; at = nextOf(text, at)) {
    more.lastIndex = at;
    if (more.test(text)) return true;
  }
  return false;
}

// Each gives the place behind a sign, or -1.

function indexOfPercent(text: string, from: number): number {
  for (let at = text.indexOf('%', from); at !== -1; at = text.indexOf('%', at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (next >= 0x32 && next <= 0x37) return at + 1;
  }
  return -1;
}

function indexOfNumber(text: string, from: number): number {
  for (let at = text.indexOf('&', from); at !== -1; at = text.indexOf('&', at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (next === 0x23 || next === 0x61) return at + 1;
  }
  return -1;
}

function indexOfUnicode(text: string, from: number): number {
  let at = from;
  for (let zeros = 0; zeros < MOST_ZEROS; zeros++) {
    at = text.indexOf('0', at) + 1;
    if (at === 0) return -1;
    if (text.charCodeAt(at) === 0x30 && text.charCodeAt(at - 2) === 0x75) return at + 1;
  }
  at = text.indexOf('\\u00', Math.max(from, at - 4));
  return at === -1 ? -1 : at + 4;
}
