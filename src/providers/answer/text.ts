// The text of an answer as it grows, gathered so that 100 MB of it cost little more than 100 MB: small pieces are
// joined into blocks, blocks are never joined again, and what is over the cap is counted but not kept.

import { LongText } from '../../core/json.ts';
import type { Text } from '../../core/json.ts';
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
    if (this.#received === this.#kept) return { text: this.#whole(), omitted: 0 };
    const last = this.#blocks.pop() ?? '';
    // A surrogate pair of which only the first half is left.
    const sound = last.replace(/[\uD800-\uDBFF]$/, '');
    this.#blocks.push(sound);
    const omitted = this.#received - this.#kept + last.length - sound.length;
    const fence = openFence(this.#blocks);
    if (fence !== undefined) this.#blocks.push(`\n${fence}`);
    return { text: this.#whole(), omitted };
  }

  #flush(): void {
    if (this.#pieces.length === 0) return;
    // Joining copies, so that a block never keeps a network buffer's text alive through a slice of it.
    this.#blocks.push(this.#pieces.join(''));
    this.#pieces = [];
    this.#inPieces = 0;
  }

  #whole(): Text {
    const [first = '', ...more] = this.#blocks;
    if (more.length === 0 && first.length <= BLOCK) return first;
    const text = new LongText(this.#blocks);
    return text.length > BLOCK ? text : text.toString();
  }
}
