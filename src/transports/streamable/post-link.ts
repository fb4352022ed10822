// One POST as a link: it brings one message, and carries what is said of it. What comes first decides how: an answer
// goes as JSON with the status of its fault, anything else opens a stream of events, and so does an answer that takes
// its time, so that the client and all that is between know that we are at it. When nothing is said, 202.
// Follows MCP 2025-11-25 and 2026-07-28, basic/transports (Streamable HTTP).

import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import type { FaultKind } from '../../core/fault.ts';
import { httpStatus } from '../../protocol/http-status.ts';
import type { Revision } from '../../protocol/revisions.ts';
import type { Serving } from '../../rpc/conversation.ts';
import type { Answered, Link, LinkFacts, Notice } from '../../rpc/link.ts';
import type { Scrubber } from '../../rpc/output/queued.ts';
import type { Line } from '../../wire/encode.ts';
import type { Exchange, HeaderFields } from '../../wire/exchange.ts';
import type { Message } from '../../wire/jsonrpc.ts';
import { EVENT_HEADERS, EVENTS } from '../events/event-channel.ts';
import { PlainOutflow } from '../events/outflow.ts';
import type { Outflow } from '../events/outflow.ts';
import { JSON_TYPE } from '../posted/accept.ts';
import type { Accepts } from '../posted/accept.ts';

/** An answer that takes longer is told as a stream. */
const STREAM_AFTER_MS = 2000;

const GONE = new Fault('cancelled', 'The client has gone.');
const LEFT = new Fault('cancelled', 'The client has left too many calls behind.');

const BARE = { head: () => '', tail: '' };

/** A POST whose body was read. */
export interface Posted {
  readonly exchange: Exchange;
  readonly client: string | undefined;
  readonly accepts: Accepts;
  readonly message: Message;
  /** The size of the message. */
  readonly bytes: number;
}

interface Means {
  readonly clock: Clock;
  readonly scrubber: Scrubber;
}

export interface PostSetup {
  readonly posted: Posted;
  readonly opening: Revision['opening'];
  readonly means: Means;
  /** Where streams come from that can be resumed; absent: there are none. */
  readonly streams?: { open(callOff: () => void): Outflow } | undefined;
  /** More headers for the answer; called once, when its head is sent. */
  readonly headers: ((fault: FaultKind | undefined) => HeaderFields) | undefined;
}

const DONE: IteratorResult<readonly Message[], undefined> = { done: true, value: undefined };

/** Its own facts, and what comes in of its own: one is made for every request. */
export class PostLink implements Link, LinkFacts, AsyncIterator<readonly Message[], undefined> {
  readonly incoming: AsyncIterable<readonly Message[]> = this;
  readonly facts: LinkFacts = this;
  readonly name: string;
  readonly receivedBytes: number;
  readonly #setup: PostSetup;
  #state: 'waiting' | 'streaming' | 'over' = 'waiting';
  #outflow: Outflow | undefined;
  #isRead = false;
  #stopTimer: (() => void) | undefined;
  #forget: (() => void) | undefined;
  #serving: Serving | undefined;

  constructor(setup: PostSetup) {
    this.#setup = setup;
    this.name = setup.posted.exchange.remote;
    this.receivedBytes = setup.posted.bytes;
  }

  /** What is called off when the client has gone and will not come back. */
  servedBy(serving: Serving): void {
    this.#serving = serving;
  }

  get message(): Message {
    return this.#setup.posted.message;
  }

  get queuedBytes(): number {
    return this.#outflow?.queuedBytes ?? 0;
  }

  send(line: Line, answered?: Answered): void | Promise<void> {
    if (this.#state === 'over') return undefined;
    if (answered === undefined) return this.#setup.posted.accepts.events ? this.#streaming().push(line) : undefined;
    const status = httpStatus(answered.fault, this.#setup.opening);
    // A refusal has its status, and so is no stream whatever the client likes best.
    const isWhole = this.#state === 'waiting' && (this.#setup.posted.accepts.json || status !== 200);
    return isWhole ? this.#reply(line, status, answered.fault) : this.#streaming(answered.fault).answer(line);
  }

  notify(notice: Notice): void | Promise<void> {
    if (this.#state === 'over' || !this.#setup.posted.accepts.events) return undefined;
    return this.#streaming().notify(notice);
  }

  /** Whoever reads slowly has the carrier's patience and not the engine's: it is not waited for. */
  close(): Promise<void> {
    if (this.#state === 'waiting') this.refuse(202);
    else if (this.#state === 'streaming') this.#outflow?.end();
    this.#over();
    return Promise.resolve();
  }

  letGo(): void {
    if (this.#state === 'over' || !this.#setup.posted.accepts.events) return;
    this.#streaming().letGo();
  }

  /** Ends it without an answer; of one that has begun, only the stream. */
  refuse(status: number, headers: HeaderFields = {}, body?: string): void {
    if (this.#state === 'waiting') this.#setup.posted.exchange.reply(status, headers, body);
    else if (this.#state === 'streaming') this.#outflow?.end();
    this.#over();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<readonly Message[], undefined>> {
    if (!this.#isRead) {
      this.#isRead = true;
      return Promise.resolve({ done: false, value: [this.#setup.posted.message] });
    }
    this.#linger();
    return Promise.resolve(DONE);
  }

  /** What could be answered at once has been. */
  #linger(): void {
    if (this.#state === 'over') return;
    const { exchange, accepts, message } = this.#setup.posted;
    if (this.#state === 'waiting' && accepts.events && (message.kind === 'request' || message.kind === 'batch')) {
      this.#stopTimer = this.#setup.means.clock.after(STREAM_AFTER_MS, () => void this.#streaming());
    }
    this.#forget = exchange.gone.onCancel(() => this.#gone());
  }

  #gone(): void {
    if (this.#state === 'over' || this.#outflow?.lost() === true) return;
    this.#over();
    this.#serving?.stop(GONE);
  }

  #reply(line: Line, status: number, fault: FaultKind | undefined): void | Promise<void> {
    const { means, posted } = this.#setup;
    const { exchange } = posted;
    const headers = this.#headers(fault, { 'content-type': JSON_TYPE });
    if (typeof line === 'string') {
      exchange.reply(status, headers, means.scrubber.scrubValues(line));
      this.#over();
      return undefined;
    }
    this.#state = 'streaming';
    this.#outflow = new PlainOutflow({ clock: means.clock, scrubber: means.scrubber, frame: BARE });
    this.#outflow.begin(exchange.stream(status, headers));
    return this.#outflow.answer(line);
  }

  #streaming(fault?: FaultKind): Outflow {
    if (this.#outflow !== undefined) return this.#outflow;
    this.#stopTimer?.();
    this.#state = 'streaming';
    const { streams, means } = this.#setup;
    this.#outflow =
      streams?.open(() => this.#serving?.stop(LEFT)) ??
      new PlainOutflow({ clock: means.clock, scrubber: means.scrubber, frame: EVENTS });
    this.#outflow.begin(this.#setup.posted.exchange.stream(200, this.#headers(fault, EVENT_HEADERS)));
    return this.#outflow;
  }

  #headers(fault: FaultKind | undefined, headers: HeaderFields): HeaderFields {
    const more = this.#setup.headers?.(fault);
    return more === undefined ? headers : { ...headers, ...more };
  }

  #over(): void {
    this.#state = 'over';
    this.#stopTimer?.();
    this.#forget?.();
  }
}
