// Hands an answer on as it comes, as server-sent events. The head of our answer waits for the first piece of the
// model's: until then any failure is a status of its own, and the answer may come from any target. From that piece on
// it is committed; what fails then is said in the stream, which ends without `[DONE]`, so that nobody takes half an
// answer for a whole one. Silence is filled with comments, which proxies and clients take for a sign of life.
// STYLE.md 2.5; WHATWG HTML 9.2 for comments.

import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import type { ChatEvent, Commit, Hear } from '../../providers/chat.ts';
import type { BodyStream, Exchange, HeaderFields } from '../../wire/exchange.ts';
import { dataFrame } from './frames.ts';
import type { Frames } from './frames.ts';

/** Most idle times of proxies are a minute; the first comment opens the answer and gives up its status. */
const QUIET_MS = 15_000;

const COMMENT = ': keep-alive\n\n';

export interface RelayOptions {
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly frames: Frames;
  /** The headers of the answer, asked for when it begins. */
  readonly headers: () => HeaderFields;
}

export class EventRelay implements Commit {
  readonly #options: RelayOptions;
  #stream: BodyStream | undefined;
  #isMade = false;
  #wroteAt: number;
  #stopTimer: () => void;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#wroteAt = options.clock.now();
    this.#stopTimer = options.clock.after(QUIET_MS, this.#tick);
  }

  /** A piece of the answer is with the client. */
  get isMade(): boolean {
    return this.#isMade;
  }

  readonly hear: Hear = (events) => {
    const restart = events.findLastIndex(({ type }) => type === 'restart');
    const fresh = restart === -1 ? events : this.#begunAnew(events, restart);
    const text = this.#options.frames.take(fresh);
    if (text === '') return undefined;
    this.#isMade = true;
    return this.#write(text);
  };

  /** The answer is whole. */
  end(): void {
    void this.#write(this.#options.frames.end());
    this.#close();
  }

  /** Says in the stream why there is no more of it; false where there is no stream yet, so that it can be said properly. */
  fail(body: object): boolean {
    const hasBegun = this.#stream !== undefined;
    if (hasBegun) void this.#write(dataFrame(body));
    this.#close();
    return hasBegun;
  }

  #begunAnew(events: readonly ChatEvent[], at: number): readonly ChatEvent[] {
    const restart = events[at];
    if (this.#isMade && restart?.type === 'restart') throw unsayable(restart.reason);
    this.#options.frames.reset();
    return events.slice(at + 1);
  }

  #write(text: string): void | Promise<void> {
    const { clock } = this.#options;
    this.#wroteAt = clock.now();
    return this.#opened().write(text);
  }

  #opened(): BodyStream {
    const { exchange, headers } = this.#options;
    return (this.#stream ??= exchange.stream(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      ...headers(),
    }));
  }

  #close(): void {
    this.#stopTimer();
    this.#stream?.end();
  }

  /** One timer for each quiet time, not for each piece. A client that takes nothing needs no sign of life. */
  readonly #tick = (): void => {
    const { clock } = this.#options;
    const quietMs = clock.now() - this.#wroteAt;
    if (quietMs >= QUIET_MS) {
      if ((this.#stream?.queuedBytes ?? 0) === 0) void this.#write(COMMENT);
      this.#wroteAt = clock.now();
    }
    this.#stopTimer = clock.after(Math.max(1, QUIET_MS - Math.max(0, clock.now() - this.#wroteAt)), this.#tick);
  };
}

/** Somebody beneath us began anew although a piece was out: what was to be dropped cannot be. */
function unsayable({ message, data }: Fault): Fault {
  return new Fault('INCOMPLETE', `The answer broke off: ${message}`, { data: { ...data, retry: 'never' } });
}
