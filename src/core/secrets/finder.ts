// Finds forms in a text, in whatever way each of their characters is written, and says where the text ends before
// that can be told. The forms are kept sorted: those that begin alike lie together, so following a text character
// by character narrows a range of them, for ten thousand as for one.

import { EscapedText, isOpener } from './escapes.ts';
import { Gate } from './gate.ts';

/** A piece of a text that holds forms, one or several that overlap. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Found {
  readonly spans: readonly Span[];
  /** From here on it depends on what follows; the text's length when nothing does. */
  readonly open: number;
}

/** The forms from `low` to before `high` begin with the `length` characters that were read up to `at`. */
interface State {
  readonly at: number;
  readonly length: number;
  readonly low: number;
  readonly high: number;
}

const CODES = 1 << 14;

export class Finder {
  readonly #forms: readonly string[];
  readonly #gate: Gate;
  /** Whether a form begins with two characters, and with one. */
  readonly #pairs = new Uint8Array(CODES);
  readonly #firsts = new Uint8Array(128);

  constructor(forms: readonly string[]) {
    this.#forms = [...new Set(forms)].toSorted((a, b) => (a < b ? -1 : 1));
    this.#gate = new Gate(this.#forms);
    for (const form of this.#forms) {
      this.#pairs[pairOf(form, 0)] = 1;
      this.#firsts[form.charCodeAt(0) & 127] = 1;
    }
  }

  /** `false`: a whole text that needs no closer look. */
  mayBeIn(text: string): boolean {
    return this.#gate.mayHold(text);
  }

  /** In a text that goes on. */
  find(text: string): Found {
    return this.#search(text, (open, spans) => {
      const last = spans.at(-1);
      // What began earlier and is complete stays open with what overlaps it.
      const overlaps = last !== undefined && open < last.to;
      return overlaps ? { spans: spans.slice(0, -1), open: last.from } : { spans, open };
    });
  }

  /** In a text that is whole. */
  findAll(text: string): readonly Span[] {
    return this.#search(text).spans;
  }

  #search(text: string, opened?: (at: number, spans: readonly Span[]) => Found): Found {
    const spans: Span[] = [];
    let escaped: EscapedText | undefined;
    for (let at = this.#nextStart(text, 0); at < text.length; at = this.#nextStart(text, at + 1)) {
      const { to, isOpen } = this.#follow((escaped ??= new EscapedText(text)), at);
      if (isOpen && opened !== undefined) return opened(at, spans);
      const last = spans.at(-1);
      if (to === at) continue;
      if (last === undefined || at >= last.to) spans.push({ from: at, to });
      else if (to > last.to) spans[spans.length - 1] = { from: last.from, to };
    }
    return { spans, open: text.length };
  }

  /** The first place from `at` on that a form might begin at. */
  #nextStart(text: string, from: number): number {
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (isOpener(code) || (this.#firsts[code & 127] === 1 && this.#mayFollow(text, at))) break;
    }
    return at;
  }

  #mayFollow(text: string, at: number): boolean {
    return at + 1 >= text.length || this.#pairs[pairOf(text, at)] === 1 || isOpener(text.charCodeAt(at + 1));
  }

  /** Where the longest form ends that begins at `from`, and whether the text cuts one short. */
  #follow(text: EscapedText, from: number): { readonly to: number; readonly isOpen: boolean } {
    const states: State[] = [{ at: from, length: 0, low: 0, high: this.#forms.length }];
    let to = from;
    let isOpen = false;
    for (const state of states) {
      const { at, length, low, high } = state;
      const isComplete = this.#forms[low]?.length === length;
      if (isComplete) to = Math.max(to, at);
      if (isComplete && high - low === 1) continue;
      for (const { chars, end } of text.readings(at)) {
        if (chars === undefined) isOpen = true;
        else push(states, this.#narrowed(state, chars, end));
      }
    }
    return { to, isOpen };
  }

  /** The forms of a state that go on with these characters. */
  #narrowed({ length, low, high }: State, chars: string, at: number): State {
    let [from, to, known] = [low, high, length];
    for (let i = 0; i < chars.length; i++, known++) {
      const code = chars.charCodeAt(i);
      from = this.#firstFrom({ at, length: known, low: from, high: to }, code);
      to = this.#firstFrom({ at, length: known, low: from, high: to }, code + 1);
    }
    return { at, length: known, low: from, high: to };
  }

  /** The first form of the range whose next character is this or a greater one; the range's end when none is. */
  #firstFrom({ length, low, high }: State, code: number): number {
    let [from, to] = [low, high];
    while (from < to) {
      const middle = (from + to) >>> 1;
      // One that has ended comes before all that go on.
      const own = this.#forms[middle]?.charCodeAt(length) ?? Number.NaN;
      if (own >= code) to = middle;
      else from = middle + 1;
    }
    return from;
  }
}

/** Ways of reading that come to the same are followed once: else a row of backslashes would have no end of them. */
function push(states: State[], state: State): void {
  if (state.low >= state.high) return;
  if (states.some(({ at, length, low }) => at === state.at && length === state.length && low === state.low)) return;
  states.push(state);
}

function pairOf(text: string, at: number): number {
  return ((text.charCodeAt(at) << 7) ^ text.charCodeAt(at + 1)) & (CODES - 1);
}
