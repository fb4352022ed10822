// The text of an answer as it grows, gathered so that 100 MB of it cost little more than 100 MB: small pieces are
// joined into blocks, blocks are never joined again, and what is over the cap is counted but not kept.

import { LongText } from '../../core/json.ts';
import type { Text } from '../../core/json.ts';
import { LONGEST_CHARACTER, sliceOf, unitsToGiveBack } from '../../core/text-cut.ts';
import { openFence } from './fence.ts';

/** Up to this many characters a text is one string; above, it stays in blocks of about this size. */
const BLOCK = 65_536;

export class AnswerText {
  readonly #max: number;
  readonly #blocks: string[] = [];
  #pieces: string[] = [];
  #inPieces = 0;
  #kept = 0;
  #received = 0;

  /** Keeps at most `max` characters. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Characters given so far, kept or not. */
  get received(): number {
    return this.#received;
  }

  /** Characters that are kept. */
  get length(): number {
    return this.#kept;
  }

  /** Characters that came and are not kept. */
  get omitted(): number {
    return this.#received - this.#kept;
  }

  /** What is kept from one character to another, at any time before {@link AnswerText.finish} and after. */
  slice(from: number, to: number): string {
    if (this.#pieces.length > 1) this.#pieces = [this.#pieces.join('')];
    return sliceOf([...this.#blocks, ...this.#pieces], from, to);
  }

  add(text: string): void {
    this.#received += text.length;
    const room = this.#max - this.#kept;
    const piece = text.length > room ? text.slice(0, room) : text;
    if (piece === '') return;
    this.#kept += piece.length;
    this.#inPieces += piece.length;
    this.#pieces.push(piece);
    if (this.#inPieces >= BLOCK) this.#flush();
  }

  /**
   * The text, to be asked for once, at the end. One that was cut does not end inside a character or an open code
   * block; `omitted` counts the characters that are missing.
   */
  finish(): { readonly text: Text; readonly omitted: number } {
    this.#flush();
    if (this.omitted === 0) return { text: textOf(this.#blocks), omitted: 0 };
    const last = this.#blocks.pop() ?? '';
    // A surrogate pair of which only the first half is left.
    const sound = last.replace(/[\uD800-\uDBFF]$/, '');
    this.#blocks.push(sound);
    this.#kept += sound.length - last.length;
    return { text: closed(this.#blocks), omitted: this.omitted };
  }

  #flush(): void {
    if (this.#pieces.length === 0) return;
    // Joining copies, so that a block never keeps a network buffer's text alive through a slice of it.
    this.#blocks.push(this.#pieces.join(''));
    this.#pieces = [];
    this.#inPieces = 0;
  }
}

/** The beginning of a text, not cut inside a character; a code block that is still open there is closed. */
export function beginningOf(text: Text, most: number): { readonly text: Text; readonly length: number } {
  const pieces = text instanceof LongText ? text.pieces : [text];
  const before = sliceOf(pieces, Math.max(0, most - LONGEST_CHARACTER), most);
  const length = most - unitsToGiveBack(before, sliceOf(pieces, most, most + LONGEST_CHARACTER));
  const kept: string[] = [];
  let rest = length;
  for (const piece of pieces) {
    if (rest <= 0) break;
    kept.push(piece.slice(0, rest));
    rest -= piece.length;
  }
  return { text: closed(kept), length };
}

function closed(pieces: readonly string[]): Text {
  const fence = openFence(pieces);
  return textOf(fence === undefined ? pieces : [...pieces, `\n${fence}`]);
}

function textOf(pieces: readonly string[]): Text {
  const [first = '', ...more] = pieces;
  if (more.length === 0 && first.length <= BLOCK) return first;
  // A copy: more text may come to the pieces of a text that goes on.
  const text = new LongText([...pieces]);
  return text.length > BLOCK ? text : text.toString();
}
