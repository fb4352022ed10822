// One request and its answer over node:http(s): connect clock, cancel, and the one replay that is safe.
// A kept connection may be closed by the server in the instant we write to it; the request is then sent
// once more on a fresh one, if no byte of an answer was seen (WIRE 6.1, cases 86 and 87). Every other
// repetition is the business of routing, which this file knows nothing of.

import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import type { Fault } from '../../core/fault.ts';
import type { FetchRequest, FetchResponse } from '../fetch.ts';
import { PulledBody } from './body.ts';
import { decompressed } from './decompressed.ts';
import type { Destination } from './destination.ts';
import { connectTimeout, networkFault } from './network-fault.ts';
import type { Pool } from './pool.ts';

export interface Outgoing {
  readonly destination: Destination;
  readonly request: FetchRequest;
  /** Name and value in turn, complete. */
  readonly headers: readonly string[];
}

/** Who waits for the head of the answer. */
export interface HeadWaiter {
  resolve(response: FetchResponse): void;
  reject(fault: Fault): void;
}

export class Exchange {
  readonly #outgoing: Outgoing;
  readonly #pool: Pool;
  readonly #clock: Clock;
  readonly #waiter: HeadWaiter;
  #sent: ClientRequest | undefined;
  #body: PulledBody | undefined;
  #isSettled = false;
  #isReplay = false;
  #bytesReadBefore = 0;
  #stopConnectClock: (() => void) | undefined;
  #withdrawCancel: (() => void) | undefined;

  constructor(outgoing: Outgoing, over: { readonly pool: Pool; readonly clock: Clock }, waiter: HeadWaiter) {
    this.#outgoing = outgoing;
    this.#pool = over.pool;
    this.#clock = over.clock;
    this.#waiter = waiter;
  }

  /** Sends it. Throws Node's error when the headers cannot be written. */
  start(): void {
    this.#send();
    this.#withdrawCancel = this.#outgoing.request.cancel.onCancel((reason) => this.#stop(reason));
  }

  #send(): void {
    const { destination, request, headers } = this.#outgoing;
    const sent = this.#pool.open(destination, request.method, headers);
    this.#sent = sent;
    sent.on('socket', (socket: Socket) => this.#onSocket(sent, socket));
    sent.on('response', (response: IncomingMessage) => this.#onHead(sent, response));
    sent.on('error', (error: Error) => this.#onFailure(sent, error));
    // Alone when the server switches protocols, which Node answers by closing without an error.
    sent.on('close', () => this.#onFailure(sent, undefined));
    sent.end(request.body);
  }

  #onSocket(sent: ClientRequest, socket: Socket): void {
    if (sent !== this.#sent || this.#isSettled) return;
    this.#bytesReadBefore = socket.bytesRead;
    if (!socket.connecting) {
      this.#onConnected();
      return;
    }
    const { destination, request } = this.#outgoing;
    this.#stopConnectClock = this.#clock.after(request.connectTimeoutMs, () => {
      this.#stop(connectTimeout(destination.where, request.connectTimeoutMs));
    });
    socket.once(destination.secure ? 'secureConnect' : 'connect', () => {
      if (sent === this.#sent && !this.#isSettled) this.#onConnected();
    });
  }

  #onConnected(): void {
    this.#stopConnectClock?.();
    this.#stopConnectClock = undefined;
    if (!this.#isReplay) this.#outgoing.request.onConnected?.();
  }

  #onHead(sent: ClientRequest, response: IncomingMessage): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const { where } = this.#outgoing.destination;
    const body = new PulledBody({ request: sent, response, where }, () => this.#withdrawCancel?.());
    this.#body = body;
    this.#waiter.resolve({
      status: response.statusCode ?? 0,
      headers: { get: (name) => headerOf(response, name) },
      body: decompressed(body, headerOf(response, 'content-encoding'), where),
    });
  }

  #onFailure(sent: ClientRequest, error: Error | undefined): void {
    if (sent !== this.#sent) return;
    if (this.#body !== undefined) {
      if (error !== undefined) this.#body.explain(error);
      return;
    }
    if (this.#isSettled) return;
    if (this.#wasStale(sent, error)) {
      this.#isReplay = true;
      this.#pool.dropIdle(this.#outgoing.destination);
      this.#send();
      return;
    }
    this.#settle(networkFault(error, this.#outgoing.destination.where));
  }

  /** Whether the server had given up the connection before it could have seen the request. */
  #wasStale(sent: ClientRequest, error: Error | undefined): boolean {
    if (this.#isReplay || !sent.reusedSocket || error === undefined || !('code' in error)) return false;
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') return false;
    return sent.socket === null || sent.socket.bytesRead === this.#bytesReadBefore;
  }

  #stop(reason: Fault): void {
    if (this.#body !== undefined) {
      this.#body.fail(reason);
      return;
    }
    if (this.#isSettled) return;
    this.#settle(reason);
    this.#sent?.destroy();
  }

  #settle(fault: Fault): void {
    this.#isSettled = true;
    this.#stopConnectClock?.();
    this.#withdrawCancel?.();
    this.#waiter.reject(fault);
  }
}

function headerOf(response: IncomingMessage, name: string): string | null {
  const value = response.headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : (value ?? null);
}
