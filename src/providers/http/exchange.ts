// One request and its answer on a lent connection: connect clock, cancel, and the one replay that is safe.
// A kept connection may be closed by the server in the instant we write to it; the request is then sent
// once more on a fresh one, if no byte of an answer was seen (WIRE 6.1, cases 86 and 87). Every other
// repetition is the business of routing, which this file knows nothing of.

import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import { ANSWER_END, AnswerDecoder } from '../../wire/http1.ts';
import type { AnswerPart } from '../../wire/http1.ts';
import type { AnswerHead } from '../../wire/http1-head.ts';
import type { FetchRequest, FetchResponse } from '../fetch.ts';
import { PulledBody } from './body.ts';
import type { BodySource } from './body.ts';
import type { Connection, ConnectionUser } from './connection.ts';
import { decompressed } from './decompressed.ts';
import { bodyFault, connectTimeout, isReset, networkFault } from './way/network-fault.ts';
import type { Borrower, Site } from './site.ts';

export interface Outgoing {
  readonly request: FetchRequest;
  readonly head: string;
  /** Host and port, fit for an error message. */
  readonly where: string;
}

/** Who waits for the head of the answer. */
export interface HeadWaiter {
  resolve(response: FetchResponse): void;
  reject(fault: Fault): void;
}

const NOTHING = new Uint8Array(0);

export class Exchange implements Borrower, ConnectionUser, BodySource {
  readonly #outgoing: Outgoing;
  readonly #site: Site;
  readonly #clock: Clock;
  readonly #waiter: HeadWaiter;
  readonly #decoder: AnswerDecoder;
  /** From being lent until it is released or closed. */
  #connection: Connection | undefined;
  #body: PulledBody | undefined;
  #isSettled = false;
  #isReplay = false;
  #hasSeenBytes = false;
  #stopConnectClock: (() => void) | undefined;
  #withdrawCancel: (() => void) | undefined;

  constructor(outgoing: Outgoing, over: { readonly site: Site; readonly clock: Clock }, waiter: HeadWaiter) {
    this.#outgoing = outgoing;
    this.#site = over.site;
    this.#clock = over.clock;
    this.#waiter = waiter;
    this.#decoder = new AnswerDecoder(outgoing.where);
  }

  start(): void {
    this.#site.borrow(this);
    this.#withdrawCancel = this.#outgoing.request.cancel.onCancel((reason) => this.#stop(reason));
  }

  onLent(connection: Connection): void {
    this.#connection = connection;
    connection.use(this);
    if (connection.isOpen) {
      this.onOpen();
      return;
    }
    const { request, where } = this.#outgoing;
    this.#stopConnectClock = this.#clock.after(request.connectTimeoutMs, () => {
      this.#stop(connectTimeout(where, request.connectTimeoutMs));
    });
  }

  onRefused(): void {
    this.#settle(networkFault(undefined, this.#outgoing.where));
  }

  onOpen(): void {
    this.#stopClock();
    const { request, head } = this.#outgoing;
    if (!this.#isReplay) request.onConnected?.();
    // Unless that called it off.
    this.#connection?.write(head, request.body ?? '');
  }

  onBytes(bytes: Buffer): boolean {
    this.#hasSeenBytes = true;
    try {
      const goesOn = this.#take(this.#decoder.push(bytes));
      // What broke the rules behind these parts is told now, not when the next bytes come.
      if (this.#connection !== undefined) this.#decoder.push(NOTHING);
      return goesOn;
    } catch (thrown) {
      this.#break(Fault.from(thrown));
      return false;
    }
  }

  onClosed(how: 'ended' | 'broken', error: Error | undefined): void {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection?.isReused === true && this.#wasStale(error)) {
      this.#isReplay = true;
      this.#site.dropIdle();
      this.#site.borrow(this);
      return;
    }
    const { where } = this.#outgoing;
    if (this.#body === undefined) this.#settle(networkFault(error, where));
    else if (how === 'broken') this.#body.complete(bodyFault(error, where));
    else this.#end();
  }

  onWanted(): void {
    this.#connection?.resume();
  }

  onLeft(): void {
    this.#drop();
  }

  onOver(): void {
    this.#withdrawCancel?.();
  }

  #take(parts: readonly AnswerPart[]): boolean {
    let goesOn = true;
    for (const part of parts) {
      if (part === ANSWER_END) this.#complete();
      else if (part instanceof Uint8Array) goesOn = this.#body?.give(part) ?? true;
      else this.#begin(part);
    }
    return goesOn;
  }

  #begin(head: AnswerHead): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const body = new PulledBody(this);
    this.#body = body;
    this.#waiter.resolve({
      status: head.status,
      headers: head,
      body: decompressed(body, head.get('content-encoding'), this.#outgoing.where),
    });
  }

  /** The connection goes back before the body is read: all of it is here. */
  #complete(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.release(this.#decoder.reusable?.keepAlive, this.#clock.now());
    this.#body?.complete();
  }

  /** The connection has ended, which some answers wait for. */
  #end(): void {
    try {
      this.#take(this.#decoder.end());
    } catch (thrown) {
      this.#body?.complete(Fault.from(thrown));
    }
  }

  /** Whether the server had given up the connection before it could have seen the request. */
  #wasStale(error: Error | undefined): boolean {
    return !this.#isReplay && !this.#isSettled && !this.#hasSeenBytes && (error === undefined || isReset(error));
  }

  #stop(reason: Fault): void {
    this.#drop();
    if (this.#body !== undefined) this.#body.fail(reason);
    else this.#settle(reason);
  }

  #break(fault: Fault): void {
    this.#drop();
    if (this.#body !== undefined) this.#body.complete(fault);
    else this.#settle(fault);
  }

  #drop(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection === undefined) this.#site.withdraw(this);
    else connection.destroy();
  }

  #stopClock(): void {
    this.#stopConnectClock?.();
    this.#stopConnectClock = undefined;
  }

  #settle(fault: Fault): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#stopClock();
    this.#withdrawCancel?.();
    this.#waiter.reject(fault);
  }
}
