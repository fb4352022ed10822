// The one ordered queue in front of a peer's pipe. Writes no faster than the peer reads, joins small lines into
// one write, cuts long ones into several, and never mixes the bytes of two. Knows no stream: it is handed a
// Sink, and whoever owns the pipe tells it when there is room again or when the pipe is gone.
// Follows MCP basic/transports (stdio); measured in design/PERFORMANCE.md, 4.

import type { Line } from '../../wire/encode.ts';
import { Gate } from '../gate.ts';
import type { Notice } from '../link.ts';
import { LINES, LongLine, PendingNotice, PLAIN, WRITE_CHARS } from './queued.ts';
import type { Frame, Scrubber } from './queued.ts';

export interface Sink {
  /**
   * Takes the text, always. `false`: nothing more until `Writer.drained` is called, which must not happen inside
   * this call. May throw when the pipe is gone.
   */
  write(text: string): boolean;
}

export interface WriterOptions {
  /** Queued bytes from which `push` answers a promise. */
  readonly boundBytes?: number;
  /** Takes secrets out of everything written. */
  readonly scrubber?: Scrubber;
  /** Absent: a message a line. */
  readonly frame?: Frame;
  /** Told once when writing failed; what was queued is lost. */
  readonly onFailure?: (error: unknown) => void;
}

const BOUND_BYTES = 1024 * 1024;

/** Half the price of `queueMicrotask`, which keeps an async resource for each call. */
const READY = Promise.resolve();

export class Writer {
  readonly #sink: Sink;
  readonly #boundBytes: number;
  readonly #scrubber: Scrubber;
  readonly #frame: Frame;
  readonly #onFailure: ((error: unknown) => void) | undefined;
  #queue: (string | PendingNotice | LongLine)[] = [];
  /** Where the queue begins: taking from the front of an array costs as much as the array is long. */
  #head = 0;
  #queuedBytes = 0;
  /** Notices that are queued and can still be merged into, by owner. */
  readonly #open = new Map<object, PendingNotice>();
  #blocked = false;
  #scheduled = false;
  #failed = false;
  #room: Gate | undefined;
  #ended: Gate | undefined;

  constructor(sink: Sink, options: WriterOptions = {}) {
    this.#sink = sink;
    this.#boundBytes = options.boundBytes ?? BOUND_BYTES;
    this.#scrubber = options.scrubber ?? PLAIN;
    this.#frame = options.frame ?? LINES;
    this.#onFailure = options.onFailure;
  }

  /** Characters queued and not yet given to the sink; as many bytes where they are ASCII. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Queues a line. Answers a promise when the bound is reached; it settles below the bound, or at failure. */
  push(line: Line): void | Promise<void> {
    if (this.#isOver) return undefined;
    if (typeof line === 'string' && line.length < WRITE_CHARS) {
      this.#queuedBytes += line.length + 1;
      this.#queue.push(line);
    } else {
      const long = new LongLine(line, this.#frame, this.#scrubber);
      this.#queuedBytes += long.bytes;
      this.#queue.push(long);
    }
    return this.#accepted();
  }

  /** Queues a notice, or adds it to one of the same owner that the peer has not read yet. */
  notify(notice: Notice): void | Promise<void> {
    if (this.#isOver) return undefined;
    // A pipe with room takes it in this turn: there is nothing to merge with, and nothing to remember.
    if (!this.#blocked) return this.push(notice.encode(notice.text, notice.progress));
    const open = this.#open.get(notice.owner);
    if (open !== undefined && open.text.length + notice.text.length <= WRITE_CHARS) {
      open.merge(notice);
      this.#queuedBytes += notice.text.length;
    } else {
      const pending = new PendingNotice(notice);
      this.#open.set(notice.owner, pending);
      this.#queue.push(pending);
      this.#queuedBytes += pending.bytes;
    }
    return this.#accepted();
  }

  /** The sink takes text again. */
  drained(): void {
    this.#blocked = false;
    this.#flush();
  }

  /** The pipe is gone: drops what is queued, and lets go of everyone who waits. */
  fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#queue = [];
    this.#head = 0;
    this.#queuedBytes = 0;
    this.#open.clear();
    this.#settle();
    this.#onFailure?.(error);
  }

  /** Takes nothing more; settles when the sink has taken everything, or at failure. */
  end(): Promise<void> {
    this.#ended ??= new Gate();
    this.#settle();
    return this.#ended.opened;
  }

  get #isOver(): boolean {
    return this.#failed || this.#ended !== undefined;
  }

  #accepted(): void | Promise<void> {
    if (!this.#scheduled && !this.#blocked) {
      this.#scheduled = true;
      // In a microtask: all that is said in this turn leaves in one write, and the first token is not delayed.
      void READY.then(this.#flush);
    }
    if (this.#queuedBytes < this.#boundBytes) return undefined;
    this.#room ??= new Gate();
    return this.#room.opened;
  }

  readonly #flush = (): void => {
    this.#scheduled = false;
    try {
      while (!this.#blocked && this.#head < this.#queue.length) {
        this.#blocked = !this.#sink.write(this.#take());
      }
    } catch (error) {
      // Whatever it was, a line may have been cut in half: nothing can follow it.
      this.fail(error);
      return;
    }
    this.#settle();
  };

  #settle(): void {
    if (this.#room !== undefined && this.#queuedBytes < this.#boundBytes) {
      this.#room.open();
      this.#room = undefined;
    }
    if (this.#failed || (this.#queuedBytes === 0 && !this.#blocked)) this.#ended?.open();
  }

  /** The text of the next write: as many lines as fit, or the next part of a long one. */
  #take(): string {
    let text = '';
    while (this.#head < this.#queue.length) {
      const entry = this.#queue[this.#head];
      if (entry instanceof LongLine) {
        // Its parts are scrubbed as they pass, so that a secret on a cut is found; others are done below.
        return text === '' ? this.#takePart(entry) : this.#scrubber.scrubValues(text);
      }
      if (typeof entry === 'string') {
        if (text.length + entry.length >= WRITE_CHARS && text !== '') break;
        this.#queuedBytes -= entry.length + 1;
        text += this.#framed(entry);
      } else if (entry !== undefined) {
        if (text.length + entry.text.length >= WRITE_CHARS && text !== '') break;
        if (this.#open.get(entry.owner) === entry) this.#open.delete(entry.owner);
        this.#queuedBytes -= entry.bytes;
        text += this.#framed(entry.encode());
      }
      this.#advance();
    }
    return this.#scrubber.scrubValues(text);
  }

  #framed(line: string): string {
    const frame = this.#frame;
    const head = frame.head();
    frame.taken?.(line, head);
    return head + line + frame.tail;
  }

  #takePart(long: LongLine): string {
    const before = long.bytes;
    const text = long.next();
    this.#queuedBytes -= before - long.bytes;
    if (long.isDone) this.#advance();
    return text;
  }

  #advance(): void {
    this.#queue[this.#head] = '';
    this.#head++;
    if (this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    } else if (this.#head >= 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
  }
}
