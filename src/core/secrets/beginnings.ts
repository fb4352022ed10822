// Says whether a piece of a text is the beginning of a form, as `reading.ts` gives both. The forms are kept sorted, so that
// those that begin alike lie together. They are sorted when first asked for; only a text that comes in pieces asks.

const PAIRS = 1 << 14;

class Sorted {
  #texts: string[] = [];
  #added: string[] = [];
  readonly #pairs = new Uint8Array(PAIRS);
  longest = 0;

  add(text: string): void {
    this.#added.push(text);
    this.longest = Math.max(this.longest, text.length);
    this.#pairs[pairOf(text.charCodeAt(0), text.charCodeAt(1))] = 1;
  }

  mayBegin(first: number, second: number): boolean {
    return this.#pairs[pairOf(first, second)] === 1;
  }

  /** Whether one begins with this and goes on. */
  hasLonger(text: string): boolean {
    if (this.#added.length > 0) this.#sort();
    let [from, to] = [0, this.#texts.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#texts[middle] ?? '') <= text) from = middle + 1;
      else to = middle;
    }
    return this.#texts[from]?.startsWith(text) ?? false;
  }

  #sort(): void {
    // Two sorted rows, which is quick to sort, however long the first.
    this.#texts = [...this.#texts, ...this.#added.toSorted(compare)].toSorted(compare);
    this.#added = [];
  }
}

export class Beginnings {
  readonly #wholes = new Sorted();
  readonly #rests = new Sorted();
  /** Of less than four characters: those of secrets as they are. */
  readonly #short = new Set<string>();

  /** `least`: how many characters are a beginning. */
  add(form: string, least: number): void {
    this.#wholes.add(form);
    for (let length = least; length < LEAST; length++) this.#short.add(form.slice(0, length));
  }

  /** What is left of a form when something in front has taken its first characters. */
  addRest(form: string): void {
    this.#rests.add(form);
  }

  /** How many characters the longest beginning may have. */
  get longest(): number {
    return this.#wholes.longest;
  }

  /** Quickly, by the first two characters: `false` means no. */
  mayBegin(first: number, second: number): boolean {
    return this.#wholes.mayBegin(first, second) || this.#rests.mayBegin(first, second);
  }

  has(text: string): boolean {
    return text.length < LEAST ? this.#short.has(text) : this.#wholes.hasLonger(text);
  }

  hasRest(text: string): boolean {
    return text.length >= LEAST && this.#rests.hasLonger(text);
  }
}

/** Less than this is the beginning of too much that is none. */
const LEAST = 4;

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function pairOf(first: number, second: number): number {
  return ((first << 7) ^ second) & (PAIRS - 1);
}
