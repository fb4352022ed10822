// What a caller with a progress token hears of its call: the answer as it comes, the phases, and at least
// every five seconds that we are still at it. `progress` counts the characters received, and one for every
// notice that brings none, so it always grows. Without a token, nothing.
// Follows MCP basic/utilities/progress and the setting PROGRESS of the product sheet, section 3.

import type { Progress } from '../../catalog/tool.ts';
import type { Clock } from '../../core/clock.ts';
import type { Phase } from '../../core/context.ts';
import type { ProgressToken } from '../../protocol/envelope.ts';
import type { RpcContext } from '../../rpc/handlers.ts';
import { statusSentence } from './status-sentence.ts';

/** `delta`: messages joined are the answer. `status`: messages are sentences for a person. `off`: nothing. */
export type ProgressMode = 'delta' | 'status' | 'off';

/** The longest a caller waits without hearing of us. */
const BEAT_MS = 5000;
/** How often at most characters that are not shown are worth a notice. */
const COUNT_MS = 1000;

export interface CallProgress {
  readonly progress: Progress;
  readonly phase: (phase: Phase, attempt: number) => void;
  /** Says nothing after this. */
  readonly close: () => void;
}

export interface ProgressSetup {
  readonly token: ProgressToken | undefined;
  readonly mode: ProgressMode;
  /** Whether the caller's revision knows `message`. */
  readonly withMessage: boolean;
  readonly rpc: RpcContext;
  readonly clock: Clock;
}

const nothing = (): void => {};
const SILENT: CallProgress = {
  progress: { text: nothing, count: nothing, step: nothing },
  phase: nothing,
  close: nothing,
};

export function openProgress(setup: ProgressSetup): CallProgress {
  if (setup.token === undefined || setup.mode === 'off') return SILENT;
  const teller = new Teller(setup, setup.token);
  // Functions of their own and not methods: contexts are copied and taken apart by those they are handed to.
  const count = (characters: number): void => teller.count(characters);
  const text =
    setup.mode === 'delta' && setup.withMessage
      ? (delta: string, counted?: number) => teller.text(delta, counted)
      : counting(count);
  return {
    progress: { text, count, step: (done, total, message) => teller.step(done, total, message) },
    phase: (phase, attempt) => teller.enter(phase, attempt),
    close: () => teller.close(),
  };
}

/** Lets go of a promise that settles when the peer has room: what is said in passing does not wait for that. */
export function unawaited(sent: void | Promise<void>): void {
  if (sent !== undefined) sent.catch(nothing);
}

function counting(count: (characters: number) => void): Progress['text'] {
  return (delta, counted = 0) => count(delta.length - counted);
}

class Teller {
  readonly #setup: ProgressSetup;
  readonly #head: string;
  readonly #encodeText: (text: string, progress: number) => string;
  /** What the last notice was. Only notices of one kind in a row have one owner and may be merged. */
  #last: 'text' | 'beat' | undefined;
  #owner = {};
  #progress = 0;
  #saidProgress = 0;
  #saidAt: number;
  /** Characters of the answer as it stands, counted where they are not shown; a restart begins anew. */
  #received = 0;
  #step: number | undefined;
  /** Heartbeats since the last step. */
  #beats = 0;
  #phase: Phase | undefined;
  #attempt = 1;
  #phaseSince: number;
  #stopTimer: () => void = nothing;
  #closed = false;

  constructor(setup: ProgressSetup, token: ProgressToken) {
    this.#setup = setup;
    const head = `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${JSON.stringify(token)},"progress":`;
    this.#head = head;
    this.#encodeText = (text, progress) => `${head}${progress},"message":${JSON.stringify(text)}}}`;
    this.#saidAt = setup.clock.now();
    this.#phaseSince = this.#saidAt;
    this.#arm(BEAT_MS);
  }

  /** The hot path: once for every piece of an answer. */
  text(delta: string, counted = 0): void | Promise<void> {
    if (this.#closed || delta === '') return undefined;
    if (this.#last !== 'text') this.#begin('text');
    this.#progress += delta.length - counted;
    if (this.#progress === this.#saidProgress) this.#progress++;
    this.#saidProgress = this.#progress;
    this.#saidAt = this.#setup.clock.now();
    return this.#setup.rpc.notice({
      owner: this.#owner,
      text: delta,
      progress: this.#progress,
      encode: this.#encodeText,
    });
  }

  count(characters: number): void {
    this.#progress += characters;
    this.#received += characters;
    if (this.#setup.clock.now() - this.#saidAt >= COUNT_MS) this.#beat();
  }

  /** A tool that counts its own steps tells of no text; between two steps heartbeats are fractions of one. */
  step(done: number, total: number | undefined, message: string | undefined): void {
    const isFirst = this.#step === undefined && this.#saidProgress === 0;
    if (this.#closed || (isFirst ? done < 0 : done <= this.#saidProgress)) return;
    this.#step = done;
    this.#beats = 0;
    this.#progress = done;
    this.#saidProgress = this.#progress;
    this.#saidAt = this.#setup.clock.now();
    const more = this.#setup.withMessage ? { total, message } : { total };
    const tail = JSON.stringify(more).slice(1);
    const text = `${this.#head}${done}${tail === '}' ? '' : ','}${tail}}`;
    unawaited(this.#setup.rpc.notice({ owner: {}, text: '', progress: done, encode: () => text }));
  }

  enter(phase: Phase, attempt: number): void {
    if (phase === this.#phase && attempt === this.#attempt) return;
    if (phase === 'restart') this.#received = 0;
    this.#phase = phase;
    this.#attempt = attempt;
    this.#phaseSince = this.#setup.clock.now();
    // Never merged into what was said before: `restart` divides the text to drop from the text to keep.
    this.#last = undefined;
    this.#beat();
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer();
  }

  /**
   * From here on notices have an owner of their own. Merging with one further back, past a notice of the other
   * kind, would give the earlier line the larger number.
   */
  #begin(kind: 'text' | 'beat'): void {
    this.#last = kind;
    this.#owner = {};
  }

  /** A notice that brings no text. */
  #beat(): void {
    if (this.#closed) return;
    if (this.#last !== 'beat') this.#begin('beat');
    if (this.#step !== undefined) this.#progress = this.#step + ++this.#beats / (this.#beats + 1);
    else if (this.#progress === this.#saidProgress) this.#progress++;
    this.#saidProgress = this.#progress;
    this.#saidAt = this.#setup.clock.now();
    const tail = `,${this.#message()}"_meta":${this.#meta()}}}`;
    unawaited(
      this.#setup.rpc.notice({
        owner: this.#owner,
        text: '',
        progress: this.#progress,
        encode: (_, progress) => `${this.#head}${progress}${tail}`,
      }),
    );
  }

  #message(): string {
    const { mode, withMessage, clock } = this.#setup;
    if (mode !== 'status' || !withMessage) return '';
    const seconds = Math.round((clock.now() - this.#phaseSince) / 1000);
    const characters = this.#received;
    const text = statusSentence(this.#phase ?? 'queued', { attempt: this.#attempt, seconds, characters });
    return `"message":${JSON.stringify(text)},`;
  }

  #meta(): string {
    const phase = this.#phase ?? 'queued';
    const attempt = phase === 'restart' || this.#attempt > 1 ? `,"anymodel/attempt":${this.#attempt}` : '';
    return `{"anymodel/phase":"${phase}"${attempt}}`;
  }

  #arm(ms: number): void {
    this.#stopTimer = this.#setup.clock.after(ms, () => {
      if (this.#closed || this.#setup.rpc.cancel.reason !== undefined) return;
      // One timer for the whole call, which catches up with what was said; arming one per chunk costs more than the chunk.
      if (this.#setup.clock.now() - this.#saidAt >= BEAT_MS) this.#beat();
      this.#arm(this.#saidAt + BEAT_MS - this.#setup.clock.now());
    });
  }
}
