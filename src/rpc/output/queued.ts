// What waits in the writer's queue besides plain lines: a notice that can still grow, and a line that is too
// long for one write.

import type { Decoder } from '../../core/decoder.ts';
import { lengthOf } from '../../wire/encode.ts';
import type { Line } from '../../wire/encode.ts';
import type { Notice } from '../link.ts';

/** About the most characters in one write, and in one line of merged notices. */
export const WRITE_CHARS: number = 64 * 1024;

/** What a notice's envelope is taken to weigh. */
const ENVELOPE_BYTES = 160;

/** How a line lies in the bytes of a carrier. */
export interface Frame {
  /** What goes in front of the next line; called once for each, when its turn to be written comes. */
  head(): string;
  readonly tail: string;
  /** Told of each line that the sink has taken to its end, with what went in front of it. */
  taken?(line: Line, head: string): void;
}

/** A message a line. */
export const LINES: Frame = { head: () => '', tail: '\n' };

/** Takes registered secrets out of text, whole or in pieces; `Secrets` of core is one. */
export interface Scrubber {
  scrubValues(text: string): string;
  stream(): Decoder<string, string>;
}

/** For text that holds no secrets. */
export const PLAIN: Scrubber = {
  scrubValues: (text) => text,
  stream: () => ({ push: (piece) => [piece], end: () => [] }),
};

/** A queued notice, and the later ones that were merged into it. */
export class PendingNotice {
  #last: Notice;
  #text: string;

  constructor(notice: Notice) {
    this.#last = notice;
    this.#text = notice.text;
  }

  get owner(): object {
    return this.#last.owner;
  }

  get text(): string {
    return this.#text;
  }

  get bytes(): number {
    return ENVELOPE_BYTES + this.#text.length;
  }

  merge(notice: Notice): void {
    this.#last = notice;
    this.#text += notice.text;
  }

  encode(): string {
    return this.#last.encode(this.#text, this.#last.progress);
  }
}

/** A line that leaves in several writes. */
export class LongLine {
  readonly #line: Line;
  readonly #frame: Frame;
  readonly #parts: Iterator<string>;
  readonly #scrubbed: Decoder<string, string>;
  #head: string | undefined;
  #bytes: number;
  #isDone = false;

  constructor(line: Line, frame: Frame, scrubber: Scrubber) {
    this.#line = line;
    this.#frame = frame;
    this.#parts = cut(typeof line === 'string' ? [line] : line.pieces);
    this.#scrubbed = scrubber.stream();
    // At least the newline, so that an unfinished line never weighs nothing.
    this.#bytes = lengthOf(line) + 1;
  }

  /** What is left, estimated; 0 when it is done. */
  get bytes(): number {
    return this.#bytes;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** The next part, about as long as one write; the first begins with the line's frame, the last ends with it. */
  next(): string {
    let text = '';
    if (this.#head === undefined) text = this.#head = this.#frame.head();
    while (text.length < WRITE_CHARS && !this.#isDone) {
      const part = this.#parts.next();
      if (part.done === true) {
        text += this.#scrubbed.end().join('') + this.#frame.tail;
        this.#isDone = true;
        this.#bytes = 0;
        this.#frame.taken?.(this.#line, this.#head);
      } else {
        text += this.#scrubbed.push(part.value).join('');
        this.#bytes = Math.max(1, this.#bytes - part.value.length);
      }
    }
    return text;
  }
}

/** The same text in parts of at most one write, none of which ends inside a surrogate pair. */
function* cut(pieces: Iterable<string>): Generator<string> {
  for (const piece of pieces) {
    let from = 0;
    while (piece.length - from > WRITE_CHARS) {
      const to = from + WRITE_CHARS - (isHighSurrogate(piece.charCodeAt(from + WRITE_CHARS - 1)) ? 1 : 0);
      yield piece.slice(from, to);
      from = to;
    }
    yield from === 0 ? piece : piece.slice(from);
  }
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
