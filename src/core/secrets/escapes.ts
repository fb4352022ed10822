// Reads one character of a text in every way that it may be meant: as it stands, percent-encoded (RFC 3986, UTF-8),
// JSON-escaped (RFC 8259), as an HTML reference, and these within one another. Knows nothing of secrets.

/** What the text may mean from a place on to `end`. */
export interface Reading {
  /** One character, or a surrogate pair. None: the text ends before it can be told. */
  readonly chars: string | undefined;
  readonly end: number;
}

/** An upstream writes twice what it repeats inside something it repeats, and we write what we say of it once more. */
const MOST_LAYERS = 3;

const JSON_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const REFERENCES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** As in `&#x0000002f;`. */
const MOST_REFERENCE = 10;

/** Whether an escape may begin with the character of this code: `% & + \`. */
export function isOpener(code: number): boolean {
  return code === 0x25 || code === 0x26 || code === 0x2b || code === 0x5c;
}

/** A text that is read so. What an escape means is kept, because what surrounds it is read from several places. */
export class EscapedText {
  readonly #text: string;
  /** By place and number of layers. */
  readonly #known = new Map<number, readonly Reading[]>();

  constructor(text: string) {
    this.#text = text;
  }

  /** All readings of what begins at `at`, the plain one first. */
  readings(at: number, layers: number = MOST_LAYERS): readonly Reading[] {
    if (at >= this.#text.length) return [{ chars: undefined, end: at }];
    if (layers === 0 || !isOpener(this.#text.charCodeAt(at))) return [{ chars: this.#text.charAt(at), end: at + 1 }];
    const place = at * MOST_LAYERS + layers - 1;
    const kept = this.#known.get(place);
    if (kept !== undefined) return kept;
    const all = this.#opened(this.readings(at, layers - 1), layers - 1);
    this.#known.set(place, all);
    return all;
  }

  /** What the layers below read, and what it opens: an escape's meaning is an opener for the layers above alone. */
  #opened(below: readonly Reading[], layers: number): readonly Reading[] {
    const all = [...below];
    for (const { chars = '', end } of below) {
      for (const opened of escapesOf(chars, new Cursor(this, end, layers))) {
        if (!all.some((one) => one.chars === opened.chars && one.end === opened.end)) all.push(opened);
      }
    }
    return all;
  }
}

/** What the escape may mean whose opener has been read; nothing when it is none. */
function escapesOf(opener: string, cursor: Cursor): readonly Reading[] {
  if (opener === '\\') return cursor.afterBackslash();
  const chars =
    opener === '+' ? ' ' : opener === '%' ? percent(cursor) : opener === '&' ? reference(cursor) : undefined;
  return chars === undefined && !cursor.isAtEnd ? [] : [{ chars, end: cursor.at }];
}

/** Reads a text as the layers below an escape give it. */
class Cursor {
  readonly #text: EscapedText;
  readonly #layers: number;
  at: number;
  /** Whether it was asked for more than there is. */
  isAtEnd = false;

  constructor(text: EscapedText, at: number, layers: number) {
    this.#text = text;
    this.at = at;
    this.#layers = layers;
  }

  /** The next `count` characters when each is one of these. */
  take(fits: RegExp, count = 1): string | undefined {
    let taken = '';
    while (taken.length < count) {
      const next = this.#next(fits);
      if (next === undefined) return undefined;
      taken += next;
    }
    return taken;
  }

  /** What a backslash here may mean: the next character may be one as well, or the sign of another. */
  afterBackslash(): Reading[] {
    return this.#text.readings(this.at, this.#layers).flatMap((reading) => {
      if (reading.chars === 'u') return unicode(new Cursor(this.#text, reading.end, this.#layers));
      const chars = reading.chars === undefined ? undefined : JSON_ESCAPES[reading.chars];
      return chars === undefined && reading.chars !== undefined ? [] : { chars, end: reading.end };
    });
  }

  /** Passes `%` as the layers write it: `%25` is one when it was the sign of a byte before, and no byte itself. */
  passesSign(): boolean {
    const all = this.#text.readings(this.at, this.#layers);
    this.isAtEnd ||= all.some(({ chars }) => chars === undefined);
    const sign = all.findLast(({ chars }) => chars === '%');
    if (sign === undefined || this.isAtEnd) return false;
    this.at = sign.end;
    return true;
  }

  #next(fits: RegExp): string | undefined {
    for (const { chars, end } of this.#text.readings(this.at, this.#layers)) {
      if (chars === undefined) {
        this.isAtEnd = true;
        return undefined;
      }
      if (fits.test(chars)) {
        this.at = end;
        return chars;
      }
    }
    return undefined;
  }
}

/** A character beyond ASCII has several bytes, each with its own sign. */
function percent(cursor: Cursor): string | undefined {
  const bytes: number[] = [];
  let more = 0;
  do {
    const digits = cursor.take(/^[\da-f]$/i, 2);
    if (digits === undefined) return undefined;
    const byte = Number.parseInt(digits, 16);
    more = bytes.length > 0 ? more - 1 : byte < 0xc0 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    bytes.push(byte);
  } while (more > 0 && cursor.passesSign());
  return more > 0 ? undefined : Buffer.from(bytes).toString('utf8');
}

function unicode(cursor: Cursor): readonly Reading[] {
  const digits = cursor.take(/^[\da-f]$/i, 4);
  const chars = digits && String.fromCharCode(Number.parseInt(digits, 16));
  return chars === undefined && !cursor.isAtEnd ? [] : [{ chars, end: cursor.at }];
}

function reference(cursor: Cursor): string | undefined {
  let name = '';
  for (let next = cursor.take(/^[#\da-z;]$/i); next !== ';'; next = cursor.take(/^[#\da-z;]$/i)) {
    if (next === undefined || name.length === MOST_REFERENCE) return undefined;
    name += next;
  }
  const number = /^#(?:x([\da-f]+)|(\d+))$/i.exec(name);
  if (number === null) return REFERENCES[name];
  const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
