// Reads a text as what it says, whatever it is wrapped in: percent-encoding (RFC 3986, in UTF-8), JSON escapes
// (RFC 8259) and HTML references are undone the moment they are complete, and so on with what that completes, one
// within another to any depth. Each character is written once and taken back at most once, so the work is linear in the
// text, whatever it is. Knows nothing of secrets.
//
// What comes out is for comparing, not for people: UTF-8, without backslashes, `+` as the space it may mean, and a line's
// end and its like as the letter that JSON writes for it. Two texts that are one secret, written differently, come out alike.

const [AMPERSAND, PERCENT, PLUS, SEMICOLON, BACKSLASH, SMALL_U] = [0x26, 0x25, 0x2b, 0x3b, 0x5c, 0x75];

/** Added to a byte of UTF-8 that a percent sign gave, which stands for no character by itself. */
const BYTE = 0x20_0000;
const NOTHING = -1;

const REFERENCES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
/** As in `&#x0000002f;`. */
const MOST_REFERENCE = 12;

const FOLDED = Uint8Array.from({ length: 128 }, (_, code) => code);
FOLDED[PLUS] = 0x20;
for (const pair of ['\bb', '\ff', '\nn', '\rr', '\tt']) FOLDED[pair.charCodeAt(0)] = pair.charCodeAt(1);

/** The value of a hexadecimal digit, 255 for other characters. */
const DIGITS = new Uint8Array(256).fill(255);
for (const digits of ['0123456789abcdef', '0123456789ABCDEF'])
  for (let value = 0; value < digits.length; value++) DIGITS[digits.charCodeAt(value)] = value;

const LETTERS = Uint8Array.from({ length: 256 }, (_, code) => (/[#\da-z]/i.test(String.fromCharCode(code)) ? 1 : 0));

/** An upstream writes twice what it repeats inside something it repeats, and we write what we say of it once more. */
const MOST_LAYERS = 3;
/** Escapes, the first half of a pair, and more of these within. */
const UNFINISHED = /^(?:%[\da-f]?|&[#\da-z]*|u[\da-f]{0,3}|\xed[\xa0-\xaf][\x80-\xbf])+$/i;

const OPENERS = Uint8Array.from({ length: 256 }, (_, code) => (/[%&u\xed]/.test(String.fromCharCode(code)) ? 1 : 0));

/** There is always something to look back at. */
const MARGIN = 16;
const LEAST_SIZE = 256;
const HASH_BASE = 0x01000193;

/** Which four bytes somebody wants to be told of, each at its {@link slotOf}. */
export interface Filter {
  readonly filter: Uint8Array;
}

/** Where a filter of that size, a power of two, keeps four bytes. */
export function slotOf(four: number, size: number): number {
  return (Math.imul(four, 0x9e3779b1) >>> 8) & (size - 1);
}

export class Reading {
  readonly #filter: Filter | undefined;
  readonly #ended: () => void;
  #bytes: Uint8Array;
  #end = MARGIN;
  /** Where in the text each begins. */
  #starts: Int32Array;
  /** Of all before each: the hash of any stretch is the difference of two. */
  #hashes: Int32Array;
  /** Whether a backslash stands before each: 1, and 2 when another was given by an escape before that. */
  #escaped: Uint8Array;
  /** How many backslashes were read last, and where the last of them begins. */
  #slashes = 0;
  /** Whether what they begin is itself behind a backslash, which an escape gave. */
  #isWithin = false;
  #wasEscape = false;
  #slashAt = 0;
  #four = 0;
  /** How many bytes there were when there were least, since it was asked. */
  #least = MARGIN;
  /** What the character being taken begins at. */
  #from = 0;
  /** What has been done so far: a step for each byte written, and for each that was looked back at. */
  steps = 0;

  /** Calls `ended` whenever the last four bytes are among those of the filter. */
  constructor(filter?: Filter, ended: () => void = () => {}) {
    this.#filter = filter;
    this.#ended = ended;
    ({ bytes: this.#bytes, starts: this.#starts, hashes: this.#hashes, escaped: this.#escaped } = columns(LEAST_SIZE));
  }

  /** Reads a whole text, after nothing. */
  restart(text: string): void {
    this.#end = MARGIN;
    this.#slashes = 0;
    for (let at = 0; at < text.length; at++) this.read(text.charCodeAt(at), at);
  }

  /** How many bytes there are. They are numbered from 0; those before are no byte of any text. */
  get length(): number {
    return this.#end - MARGIN;
  }

  /** Takes the UTF-16 unit at this place of the text. */
  read(unit: number, at: number): void {
    let next = unit;
    this.#from = at;
    if (this.#end + 4 >= this.#bytes.length) this.#grow();
    // What one character completes may complete another.
    while (next !== NOTHING) {
      this.steps++;
      if (next === BACKSLASH) return this.#slash(this.#from !== at);
      if (next > 127) return this.#wide(next);
      this.#put(FOLDED[next] ?? 0);
      next = this.#completed(next);
    }
  }

  /** The last four bytes. */
  get four(): number {
    return this.#four;
  }

  /** Of the last `length` bytes; `power` is {@link powerOf} it. */
  hash(length: number, power: number): number {
    return ((this.#hashes[this.#end] ?? 0) - Math.imul(this.#hashes[this.#end - length] ?? 0, power)) | 0;
  }

  /** Where in the text the byte of this number begins. */
  startOf(index: number): number {
    return this.#starts[index + MARGIN] ?? 0;
  }

  byteAt(index: number): number {
    return this.#bytes[index + MARGIN] ?? 0;
  }

  /** The bytes from one to before another, a character each. */
  text(from: number, to: number = this.length): string {
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + from + MARGIN, to - from).toString('latin1');
  }

  /** Whether the bytes before this one are these. */
  endsWith(bytes: string, to: number): boolean {
    for (let i = 1; i <= bytes.length; i++)
      if (this.#bytes[to + MARGIN - i] !== bytes.charCodeAt(bytes.length - i)) return false;
    return true;
  }

  /** The numbers of the bytes, lowest first, from which on an escape may be unfinished; the last is the end. */
  unfinished(): readonly number[] {
    const places = [this.length];
    for (let at = this.length - 1; at >= Math.max(0, this.length - MARGIN) && places.length <= MOST_LAYERS; at--) {
      if (OPENERS[this.byteAt(at)] === 1 && this.#isUnfinished(at)) places.unshift(at);
    }
    return places;
  }

  /** Where in the text the last backslash begins, when nothing else was read since. */
  get slashAt(): number | undefined {
    return this.#slashes > 0 ? this.#slashAt : undefined;
  }

  /** How many bytes are as they were when this was last asked. */
  unchanged(): number {
    const least = this.#least - MARGIN;
    this.#least = this.#end;
    return least;
  }

  /** Forgets all but the last bytes, when there are many; how many it has forgotten. */
  keep(last: number): number {
    const cut = this.length - last;
    if (cut < this.#bytes.length / 2) return 0;
    for (const kept of [this.#bytes, this.#starts, this.#escaped]) kept.copyWithin(MARGIN, MARGIN + cut, this.#end);
    this.#hashes.copyWithin(MARGIN, MARGIN + cut, this.#end + 1);
    this.#end -= cut;
    this.#least -= cut;
    return cut;
  }

  #isUnfinished(index: number): boolean {
    const tail = this.text(index);
    return (!tail.startsWith('u') || this.#escaped[index + MARGIN] !== 0) && UNFINISHED.test(tail);
  }

  #slash(isEscape: boolean): void {
    this.#isWithin = !isEscape && this.#wasEscape && this.#slashes > 0;
    this.#slashes = this.#isWithin ? 1 : this.#slashes + 1;
    this.#slashAt = this.#from;
    this.#wasEscape = isEscape;
  }

  #put(byte: number): void {
    const end = this.#end++;
    this.#bytes[end] = byte;
    this.#four = (this.#four << 8) | byte;
    // An even number of them are characters of their own, in front of this one.
    this.#starts[end] = (this.#slashes & 1) === 1 ? this.#slashAt : this.#from;
    this.#escaped[end] = this.#slashes === 0 ? 0 : this.#isWithin ? 2 : 1;
    this.#slashes = 0;
    this.#hashes[end + 1] = (Math.imul(this.#hashes[end] ?? 0, HASH_BASE) + byte + 1) | 0;
    const filter = this.#filter?.filter;
    if (filter?.[slotOf(this.#four, filter.length)] === 1) this.#ended();
  }

  /** In UTF-8. The halves of a pair are written as if they were characters, until the second is there. */
  #wide(code: number): void {
    if (code >= BYTE) return this.#put(code - BYTE);
    if (code < 0x800) return this.#putAll(0xc0 | (code >> 6), code);
    const [e, first, second] = [
      this.#bytes[this.#end - 3],
      this.#bytes[this.#end - 2] ?? 0,
      this.#bytes[this.#end - 1] ?? 0,
    ];
    if ((code & 0xfc00) === 0xdc00 && e === 0xed && first >= 0xa0 && first < 0xb0) {
      const high = ((first & 0x3f) << 6) | (second & 0x3f);
      this.#take(3);
      return this.#rest(0x10000 + ((high & 0x3ff) << 10) + (code & 0x3ff));
    }
    this.#rest(code);
  }

  #rest(code: number): void {
    if (code > 0xffff) this.#putAll(0xf0 | (code >> 18), code >> 12, code >> 6, code);
    else if (code > 0x7ff) this.#putAll(0xe0 | (code >> 12), code >> 6, code);
  }

  #putAll(lead: number, ...more: readonly number[]): void {
    this.#put(lead);
    for (const part of more) this.#put(0x80 | (part & 0x3f));
  }

  /** What the escape means that the character just written completes; it is taken back. */
  #completed(code: number): number {
    if (code === SEMICOLON) return this.#reference();
    if (DIGITS[code] === 255) return NOTHING;
    const bytes = this.#bytes;
    const end = this.#end;
    if (bytes[end - 3] === PERCENT && this.#digit(end - 2) < 16) {
      const byte = (this.#digit(end - 2) << 4) | this.#digit(end - 1);
      this.#slashes = this.#take(3) > 0 ? 2 : 0;
      return byte < 0x80 ? byte : BYTE + byte;
    }
    if (bytes[end - 5] !== SMALL_U || this.#escaped[end - 5] === 0) return NOTHING;
    let unit = 0;
    for (let at = end - 4; at < end; at++) {
      if (this.#digit(at) > 15) return NOTHING;
      unit = (unit << 4) | this.#digit(at);
    }
    this.#slashes = this.#take(5) === 2 ? 2 : 0;
    return unit;
  }

  #reference(): number {
    const last = this.#end - 1;
    let at = last - 1;
    while (LETTERS[this.#bytes[at] ?? 0] === 1 && last - at < MOST_REFERENCE) at--;
    this.steps += last - at;
    if (this.#bytes[at] !== AMPERSAND) return NOTHING;
    const code = meant(this.text(at + 1 - MARGIN, last - MARGIN));
    if (code !== NOTHING) this.#slashes = this.#take(last + 1 - at) > 0 ? 2 : 0;
    return code;
  }

  /** Takes back the last bytes, to be replaced by what they mean; as {@link #escaped} says what stood before them. */
  #take(count: number): number {
    const end = this.#end - count;
    const bytes = this.#bytes;
    this.#end = end;
    this.#least = Math.min(this.#least, end);
    this.#four =
      ((bytes[end - 4] ?? 0) << 24) |
      ((bytes[end - 3] ?? 0) << 16) |
      ((bytes[end - 2] ?? 0) << 8) |
      (bytes[end - 1] ?? 0);
    this.steps += count;
    this.#from = this.#starts[this.#end] ?? 0;
    return this.#escaped[this.#end] ?? 0;
  }

  #digit(at: number): number {
    return DIGITS[this.#bytes[at] ?? 0] ?? 255;
  }

  #grow(): void {
    const { bytes, starts, hashes, escaped } = columns(this.#bytes.length * 2);
    bytes.set(this.#bytes);
    starts.set(this.#starts);
    hashes.set(this.#hashes);
    escaped.set(this.#escaped);
    this.#bytes = bytes;
    this.#starts = starts;
    this.#hashes = hashes;
    this.#escaped = escaped;
  }
}

interface Columns {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly hashes: Int32Array;
  readonly escaped: Uint8Array;
}

/** In one piece of memory: every answer that is streamed has its own, and each piece costs more than what is done in it. */
function columns(size: number): Columns {
  const buffer = new ArrayBuffer(10 * size + 4);
  return {
    starts: new Int32Array(buffer, 0, size),
    hashes: new Int32Array(buffer, 4 * size, size + 1),
    bytes: new Uint8Array(buffer, 8 * size + 4, size),
    escaped: new Uint8Array(buffer, 9 * size + 4, size),
  };
}

/** What the hash of a stretch of that many bytes is found with. */
export function powerOf(length: number): number {
  let power = 1;
  for (let i = 0; i < length; i++) power = Math.imul(power, HASH_BASE);
  return power;
}

function meant(name: string): number {
  if (!name.startsWith('#')) return REFERENCES.get(name)?.charCodeAt(0) ?? NOTHING;
  const number = /^#(?:x([\da-f]+)|(\d+))$/i.exec(name);
  if (number === null) return NOTHING;
  const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
  return code <= 0x10ffff ? code : NOTHING;
}
