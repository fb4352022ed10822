// Finds the forms of secrets in a text that comes in pieces, in whatever way each of their characters is written, and says
// from where on that depends on what follows.

import type { Lookup } from './lookup.ts';
import { Reading } from './reading.ts';

const REDACTED = '[redacted]';

/** A piece of a text that holds forms, one or several that overlap. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a character may be written with, by two encoders that escape each: more is not waited for. */
const MOST_WRITTEN = 40;
/** What is looked back at behind the longest form, and in the text behind what was released. */
const MARGIN = 64;
/** The last bytes may be a beginning that was too short, or a part of an escape. */
const RECENT = 20;
/** What is left of a form that an escape has taken the front of is known by so many characters. */
const LEAST_REST = 8;

export class Finder {
  readonly #lookup: Lookup;
  readonly #reading: Reading;
  /** The text that was not released yet, and a little of what was. */
  #text = '';
  #textAt = 0;
  /** Up to where it was released. */
  #base = 0;
  /** The place that is being read. */
  #at = 0;
  #spans: Span[] = [];
  /** The number of the first byte that a form may begin with: what was none before is none now. */
  #firstOpen = 0;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
    this.#reading = new Reading(lookup, () => this.#ended());
  }

  /** What has been done so far. */
  get steps(): number {
    return this.#reading.steps;
  }

  /** Reads on. */
  push(chunk: string): void {
    const start = this.#at;
    this.#text += chunk;
    for (let i = 0; i < chunk.length; i++) {
      this.#at = start + i;
      this.#reading.read(chunk.charCodeAt(i), this.#at);
    }
    this.#at = start + chunk.length;
  }

  /** How much of the text has been read that what follows may still make a part of a form. */
  get held(): number {
    const open = this.#opening();
    const last = this.#spans.at(-1);
    // What is complete waits for what overlaps it.
    const from = last !== undefined && last.to > open ? Math.min(open, last.from) : open;
    const held = this.#at - Math.max(from, this.#base);
    return held > this.#lookup.beginnings.longest * MOST_WRITTEN + MARGIN ? 0 : held;
  }

  /** The text that was read, but for so much of its end, without the forms. */
  release(held = 0): string {
    const to = this.#at - held;
    let out = '';
    let from = this.#base;
    for (const span of this.#spans) {
      if (span.from >= to) break;
      out += this.#slice(from, Math.max(from, span.from)) + REDACTED;
      from = span.to;
    }
    out += this.#slice(from, to);
    this.#spans = this.#spans.filter((span) => span.from >= to);
    this.#base = to;
    const kept = Math.max(this.#textAt, to - MARGIN);
    this.#text = this.#slice(kept, this.#at);
    this.#textAt = kept;
    this.#firstOpen -= this.#reading.keep(this.#lookup.beginnings.longest + MARGIN);
    return out;
  }

  #slice(from: number, to: number): string {
    return this.#text.slice(Math.max(0, from - this.#textAt), to - this.#textAt);
  }

  /** The last four bytes may end a form. */
  #ended(): void {
    const reading = this.#reading;
    for (const { text, before } of this.#lookup.ending(reading)) {
      const first = reading.length - text.length;
      if (before !== '' && !this.#isRest(first, text, before)) continue;
      const from = reading.startOf(before === '' ? first : first - 1);
      this.#found({ from: Math.max(this.#base, from), to: this.#at + 1 });
    }
  }

  /** Whether what is missing of a form in front of this byte was taken by an escape; a short rest may be a word. */
  #isRest(first: number, text: string, before: string): boolean {
    if (!this.#isAfterEscape(first)) return false;
    const from = this.#reading.startOf(first);
    return text.length >= LEAST_REST || this.#slice(from - before.length, from) === before;
  }

  #isAfterEscape(index: number): boolean {
    return index > 0 && this.#reading.startOf(index) - this.#reading.startOf(index - 1) > 1;
  }

  #found(span: Span): void {
    let { from } = span;
    for (let last = this.#spans.at(-1); last !== undefined && last.to > from; last = this.#spans.at(-1)) {
      from = Math.min(from, last.from);
      this.#spans.pop();
    }
    this.#spans.push({ from, to: span.to });
  }

  /** Where in the text a form may begin that is not complete. */
  #opening(): number {
    const reading = this.#reading;
    const { length } = reading;
    const from = Math.max(
      0,
      length - this.#lookup.beginnings.longest,
      Math.min(this.#firstOpen, reading.unchanged() - RECENT),
    );
    this.#firstOpen = length;
    let open = reading.slashAt ?? this.#at;
    for (const end of reading.unfinished()) {
      if (end < length) open = Math.min(open, reading.startOf(end));
      open = Math.min(open, this.#beginning(from, end));
    }
    return open;
  }

  /** Where the longest beginning of a form begins, from one byte on, that ends before another. */
  #beginning(from: number, end: number): number {
    const reading = this.#reading;
    const { beginnings } = this.#lookup;
    for (let at = from; at < end; at++) {
      reading.steps++;
      if (at + 1 < end && !beginnings.mayBegin(reading.byteAt(at), reading.byteAt(at + 1))) continue;
      const text = reading.text(at, end);
      const isWhole = beginnings.has(text);
      if (!isWhole && !(this.#isAfterEscape(at) && beginnings.hasRest(text))) continue;
      this.#firstOpen = Math.min(this.#firstOpen, at);
      return reading.startOf(isWhole ? at : at - 1);
    }
    return this.#at;
  }
}
