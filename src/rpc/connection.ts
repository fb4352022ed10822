// One peer's conversation: reads messages from its Link, runs every request concurrently, answers each id at
// most once, applies cancels at once, and ends in order. Knows no MCP: what methods mean, which notification
// cancels, and what an error looks like on the wire are handed in as `ConnectionHandlers`.
//
// A peer that asks without reading our answers is met in three steps: handlers wait (`notify` answers a
// promise), requests are held back (cancels are not), and at last the link is closed with a reason.

import type { Clock } from '../core/clock.ts';
import { CancelSource } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import type { FaultKind } from '../core/fault.ts';
import type { Log } from '../core/log.ts';
import { encodeError, encodeNotification, encodeRequest, encodeResult } from '../wire/encode.ts';
import type { Line } from '../wire/encode.ts';
import type { Batch, Id, Message, Notification, Request } from '../wire/jsonrpc.ts';
import { Asked } from './asked.ts';
import type { Question } from './asked.ts';
import { BatchAnswer } from './batch-answer.ts';
import type { Reply } from './batch-answer.ts';
import { Gate } from './gate.ts';
import type { ConnectionHandlers, RpcContext } from './handlers.ts';
import { HeldInput } from './held-input.ts';
import { InFlight } from './in-flight.ts';
import type { Start } from './in-flight.ts';
import type { Answered, Link } from './link.ts';
import { Outbox } from './output/outbox.ts';

export interface ConnectionOptions {
  /** Requests answered at a time from which handlers are told that it is crowded. */
  readonly maxInFlight?: number;
  /** How long requests already read may go on when the peer has closed its side; `Infinity`: until they are done. */
  readonly graceMs?: number;
  /** Queued output from which no request is started. */
  readonly holdAtBytes?: number;
  /** Held input, or queued output beside its largest answer, from which the link is closed. */
  readonly closeAtBytes?: number;
}

/** What the links of one peer share. */
export interface Shared {
  readonly asked: Asked;
  /** Called for a cancel of a request that is none of this link's. */
  cancel(id: Id): void;
}

export interface ConnectionSetup {
  readonly link: Link;
  /** Absent: this is the peer's only link. */
  readonly shared?: Shared;
  readonly handlers: ConnectionHandlers;
  readonly clock: Clock;
  readonly log: Log;
  readonly options?: ConnectionOptions;
}

interface Call {
  readonly id: Id;
  readonly request: Request;
  readonly cancel: CancelSource;
  readonly reply: Reply;
  /** Withdraws what the peer was asked for it and has not answered. */
  withdraw?: (why: Fault) => void;
}

const MIB = 1024 * 1024;
const SUCCESS: Answered = {};
/** One for all: it says nothing of where it came about, and every link that ends would make one. */
const GONE = new Fault('cancelled', 'The client has gone.');
/** How long the peer may take to read what is queued when everything else is done. */
const FLUSH_MS = 250;

const REFUSALS: Readonly<Record<Exclude<Start, 'started' | 'closed'>, () => Fault>> = {
  duplicate: () => new Fault('invalid-request', 'Invalid request: a request with this id is still being answered.'),
};

export class Connection {
  readonly #setup: ConnectionSetup;
  readonly #calls: InFlight<Call>;
  readonly #held = new HeldInput();
  readonly #outbox: Outbox;
  readonly #closeAtBytes: number;
  readonly #asked: Asked;
  readonly #closing = new CancelSource();
  #received = 0;
  /** Opened when nothing is left to answer; there while someone waits for that. */
  #quiet: Gate | undefined;

  constructor(setup: ConnectionSetup) {
    const { maxInFlight = 1024, holdAtBytes = 8 * MIB, closeAtBytes = 64 * MIB } = setup.options ?? {};
    this.#setup = setup;
    this.#asked = setup.shared?.asked ?? new Asked();
    this.#calls = new InFlight(maxInFlight);
    this.#closeAtBytes = closeAtBytes;
    this.#outbox = new Outbox(setup.link, holdAtBytes, () => this.#resume());
  }

  /** Serves the peer until it closes its side or `stop` is called; settles when the link is closed. */
  async run(): Promise<void> {
    const { link, clock, options } = this.#setup;
    for await (const batch of link.incoming) this.#read(batch);
    const graceMs = options?.graceMs ?? 1500;
    let restMs = 0;
    // Where requests have all the time they need, the peer has only said all it wanted to.
    if (graceMs === Infinity) {
      if (!this.#isQuiet) await this.#quietWithin(graceMs);
    } else {
      const endedAt = clock.now();
      this.drain();
      await this.#quietWithin(graceMs);
      // What the requests did not need of their time, the peer may take for reading their answers.
      restMs = Math.max(0, graceMs - (clock.now() - endedAt));
    }
    this.#cancelAll(GONE);
    await link.close(FLUSH_MS + restMs);
  }

  /** Asks requests that wait for the peer to answer now; the others go on. */
  drain(): void {
    this.#closing.cancel(new Fault('cancelled', 'The conversation ends.'));
  }

  /** Cancels everything at once and closes the link; `run` settles soon after. */
  stop(why: Fault): void {
    if (this.#calls.isClosed) return;
    const { log, link } = this.#setup;
    // A peer that goes is no news: over HTTP every request may end so, and a log must not be filled from outside.
    const say = why.kind === 'cancelled' ? 'debug' : 'info';
    log[say]('closing', { link: link.facts.name, reason: why.message });
    this.#cancelAll(why);
    void this.#setup.link.close(FLUSH_MS);
  }

  /** Whether a request is being answered or held back. */
  get isBusy(): boolean {
    return !this.#isQuiet;
  }

  /** Tells the peer something that no request of it is about. A peer that does not read is told when it does. */
  announce(method: string, params?: unknown): void {
    if (!this.#calls.isClosed) void this.#outbox.send(encodeNotification(method, params));
  }

  /** Calls off the request with this id, if it is one of this link's. */
  cancel(id: Id): boolean {
    const { handlers } = this.#setup;
    const call = this.#calls.find(id);
    const held = call === undefined ? this.#held.find(id) : undefined;
    if (held !== undefined && handlers.cancellable(held.method)) this.#held.withdraw(held);
    if (call === undefined) return held !== undefined;
    if (!handlers.cancellable(call.request.method)) return true;
    this.#calls.cancel(id);
    this.#abort(call, new Fault('cancelled', 'Cancelled by the client.'));
    this.#noticeQuiet();
    return true;
  }

  #read(batch: readonly Message[]): void {
    const { receivedBytes } = this.#setup.link.facts;
    const share = (receivedBytes - this.#received) / batch.length;
    this.#received = receivedBytes;
    for (const message of batch) {
      if (this.#calls.isClosed) return;
      const cancelled = message.kind === 'notification' ? this.#setup.handlers.cancels(message) : undefined;
      if (cancelled !== undefined) this.#cancelled(cancelled);
      else if (this.#held.isEmpty && !this.#outbox.isCongested) this.#handle(message);
      else this.#hold(message, share);
    }
  }

  #hold(message: Message, bytes: number): void {
    this.#held.push(message, bytes);
    if (this.#held.bytes > this.#closeAtBytes) this.#tooSlow();
  }

  /** The peer reads again: goes on with what was held. */
  #resume(): void {
    while (!this.#outbox.isCongested) {
      const message = this.#held.shift();
      if (message === undefined) break;
      this.#handle(message);
    }
    this.#noticeQuiet();
  }

  #handle(message: Message): void {
    switch (message.kind) {
      case 'request':
        this.#start(message, this.#reply, false);
        break;
      case 'notification':
        this.#hear(message);
        break;
      case 'malformed':
        if (message.id !== undefined) this.#answer(this.#errorLine(message.id, message.fault), message.fault.kind);
        break;
      case 'batch':
        this.#handleBatch(message);
        break;
      case 'response':
        this.#asked.settle(message);
        break;
    }
  }

  #handleBatch({ members }: Batch): void {
    const refusal = this.#setup.handlers.refuseBatch(members);
    if (refusal !== undefined) {
      this.#answer(this.#errorLine(null, refusal), refusal.kind);
      return;
    }
    const answer = new BatchAnswer((line) => this.#answer(line));
    for (const member of members) {
      if (member.kind === 'request') this.#start(member, answer.slot(), true);
      else if (member.kind === 'malformed' && member.id !== undefined) {
        answer.slot()(this.#errorLine(member.id, member.fault));
      } else if (member.kind === 'notification') this.#hear(member);
      else if (member.kind === 'response') this.#asked.settle(member);
    }
    answer.seal();
  }

  #hear(notification: Notification): void {
    const { handlers, log } = this.#setup;
    const cancelled = handlers.cancels(notification);
    if (cancelled !== undefined) {
      this.#cancelled(cancelled);
      return;
    }
    try {
      handlers.notification(notification);
    } catch (thrown) {
      log.warn('notification failed', { method: notification.method, reason: String(thrown) });
    }
  }

  #start(request: Request, reply: Reply, inBatch: boolean): void {
    const call: Call = { id: request.id, request, cancel: new CancelSource(), reply };
    const { isCrowded } = this.#calls;
    const start = this.#calls.start(call);
    if (start !== 'started') {
      if (start === 'closed') reply(undefined);
      else this.#refuse(request, REFUSALS[start](), reply);
      return;
    }
    let result: unknown;
    try {
      result = this.#setup.handlers.request(request, this.#contextOf(call, { inBatch, isCrowded }));
    } catch (thrown) {
      this.#fail(call, thrown);
      return;
    }
    // Answered in this turn where it can be: a promise for every ping would cost as much as the ping.
    if (!(result instanceof Promise)) this.#succeed(call, result);
    else {
      result.then(
        (value: unknown) => this.#succeed(call, value),
        (thrown: unknown) => this.#fail(call, thrown),
      );
    }
  }

  /** Functions of its own and not methods: contexts are copied and taken apart by those they are handed to. */
  #contextOf(call: Call, { inBatch, isCrowded }: Pick<RpcContext, 'inBatch' | 'isCrowded'>): RpcContext {
    return {
      id: call.id,
      cancel: call.cancel,
      inBatch,
      isCrowded,
      notify: (method, params) =>
        this.#calls.isOpen(call) ? this.#outbox.send(encodeNotification(method, params)) : undefined,
      notice: (notice) => (this.#calls.isOpen(call) ? this.#outbox.notify(notice) : undefined),
      ask: (method, params) => this.#ask(call, method, params),
      inquire: this.#inquire,
      closeStream: () => {
        if (this.#calls.isOpen(call)) this.#setup.link.letGo?.();
      },
      closing: this.#closing,
    };
  }

  #ask(call: Call, method: string, params: unknown): Promise<unknown> {
    if (!this.#calls.isOpen(call)) return Promise.reject(new Fault('cancelled', 'The request is over.'));
    const question = this.#question(method, params);
    const { withdraw } = call;
    call.withdraw = (why) => {
      withdraw?.(why);
      question.withdraw(why);
    };
    return question.answer;
  }

  readonly #inquire = (method: string, params: unknown): Promise<unknown> => {
    if (this.#calls.isClosed) return Promise.reject(GONE);
    const { answer, withdraw } = this.#question(method, params);
    const dispose = this.#closing.onCancel(withdraw);
    return answer.finally(dispose);
  };

  #question(method: string, params: unknown): Question {
    const question = this.#asked.open();
    void this.#outbox.send(encodeRequest(question.id, method, params));
    return question;
  }

  #succeed(call: Call, result: unknown): void {
    if (!this.#calls.isOpen(call)) return;
    let line: Line;
    try {
      line = encodeResult(call.id, result);
    } catch (thrown) {
      this.#fail(call, thrown);
      return;
    }
    this.#finish(call, line);
  }

  #fail(call: Call, thrown: unknown): void {
    if (!this.#calls.isOpen(call)) return;
    const fault = Fault.from(thrown);
    const line = fault.kind === 'cancelled' ? undefined : this.#errorLine(call.id, fault, call.request);
    this.#finish(call, line, fault.kind);
  }

  #refuse(request: Request, fault: Fault, reply: Reply): void {
    reply(this.#errorLine(request.id, fault, request), fault.kind);
  }

  /** The id is free before its answer is written, so that a peer that uses it again at once finds it so. */
  #finish(call: Call, line: Line | undefined, fault?: FaultKind): void {
    if (!this.#calls.finish(call)) return;
    call.withdraw?.(new Fault('cancelled', 'The request is over.'));
    call.reply(line, fault);
    this.#noticeQuiet();
  }

  #cancelled(id: Id): void {
    if (!this.cancel(id)) this.#setup.shared?.cancel(id);
  }

  #cancelAll(why: Fault): void {
    this.#held.clear();
    for (const call of this.#calls.close()) this.#abort(call, why);
    this.#closing.cancel(why);
    this.#noticeQuiet();
  }

  #abort(call: Call, why: Fault): void {
    call.withdraw?.(why);
    try {
      call.cancel.cancel(why);
    } catch (thrown) {
      this.#setup.log.error('a call did not end well', { method: call.request.method, reason: String(thrown) });
    }
    call.reply(undefined);
  }

  readonly #reply: Reply = (line, fault) => {
    if (line !== undefined) this.#answer(line, fault);
  };

  #answer(line: Line, fault?: FaultKind): void {
    this.#outbox.answer(line, fault === undefined ? SUCCESS : { fault });
    if (this.#outbox.excessBytes > this.#closeAtBytes) this.#tooSlow();
  }

  #tooSlow(): void {
    this.stop(new Fault('OVERLOADED', 'The client asks, and does not read the answers.'));
  }

  #errorLine(id: Id | null, fault: Fault, request?: Request): Line {
    return encodeError(id, this.#setup.handlers.error(fault, request));
  }

  async #quietWithin(ms: number): Promise<void> {
    if (this.#isQuiet) return;
    this.#quiet = new Gate();
    const stop = ms === Infinity ? undefined : this.#setup.clock.after(ms, this.#quiet.open);
    await this.#quiet.opened;
    stop?.();
  }

  get #isQuiet(): boolean {
    return this.#calls.isIdle && this.#held.isEmpty;
  }

  #noticeQuiet(): void {
    if (this.#quiet !== undefined && this.#isQuiet) this.#quiet.open();
  }
}
