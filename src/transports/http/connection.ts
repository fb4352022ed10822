// One client's connection: requests in their order, one at a time, and how long each part of one may take. Requests
// that are sent ahead wait for their turn, because a client must not get more done at once by not waiting for answers.
// It is looked at from time to time; no request sets a timer of its own. RFC 9112, 9.3 and 9.5.

import type { HeldBodies } from './body.ts';
import { framingProblem } from './framing.ts';
import { HttpExchange } from './http-exchange.ts';
import type { Carrying } from './http-exchange.ts';
import type { Limits } from './limits.ts';
import type { Channel, Incoming, Outgoing } from './raw.ts';
import type { Receive } from './receive.ts';
import { partingAnswer } from './refusal.ts';
import type { Problem } from './refusal.ts';
import { readTarget } from './target.ts';
import type { Target } from './target.ts';

/** What every connection of a server shares. */
export interface Shared {
  readonly limits: Limits;
  readonly receive: Receive;
  /** Monotonic, as of the last look. */
  readonly now: number;
  readonly isDraining: boolean;
  readonly bodies: HeldBodies;
}

interface Arrived {
  readonly request: Incoming;
  readonly response: Outgoing;
  readonly awaitsContinue: boolean;
}

const NOWHERE: Target = { path: '', query: '' };
const BAD_TARGET: Problem = {
  status: 400,
  type: 'malformed_target',
  message: 'The path of the request can be read in more than one way.',
};
const TOO_SLOW: Problem = { status: 408, type: 'request_timeout', message: 'The request did not come in time.' };

export class Connection implements Carrying {
  readonly remote: string;
  readonly #channel: Channel;
  readonly #shared: Shared;
  readonly #queue: Arrived[] = [];
  #current: HttpExchange | undefined;
  /** The request that is served, or was last: its body may still be on its way. */
  #request: Incoming | undefined;
  #requests = 0;
  /** When what is waited for now began to be. */
  #since: number;
  /** Bytes that had come at the end of the last answer. */
  #bytesThen = 0;
  /** When bytes of a next request were first seen. */
  #headSince: number | undefined;
  /** No further request is served: the answers under way are the last. */
  #isParting = false;
  #isEnded = false;

  constructor(channel: Channel, shared: Shared) {
    this.#channel = channel;
    this.#shared = shared;
    this.#since = shared.now;
    // Kept: a socket that is gone has forgotten it.
    this.remote = channel.remoteAddress ?? '';
  }

  /** Neither a request nor an answer is under way. */
  get isIdle(): boolean {
    return this.#current === undefined && this.#queue.length === 0 && this.#channel.writableLength === 0;
  }

  get bodies(): HeldBodies {
    return this.#shared.bodies;
  }

  get isLast(): boolean {
    return this.#isParting || this.#shared.isDraining || this.#requests >= this.#shared.limits.requestsPerConnection;
  }

  arrived(request: Incoming, response: Outgoing, awaitsContinue: boolean): void {
    if (this.#isParting) return;
    this.#requests += 1;
    if (this.#current === undefined && this.#queue.length === 0) {
      this.#serve({ request, response, awaitsContinue });
      return;
    }
    const { pause, cut } = this.#shared.limits.pipelined;
    this.#queue.push({ request, response, awaitsContinue });
    if (this.#queue.length > cut) this.cut();
    else if (this.#queue.length >= pause) this.#channel.pause();
  }

  answered({ response }: HttpExchange): void {
    this.#current = undefined;
    this.#since = this.#shared.now;
    this.#bytesThen = this.#channel.bytesRead;
    this.#headSince = undefined;
    // The answer is let go first: a client that does not read does not have more of them made.
    if (this.#queue.length > 0 && !this.#shared.isDraining) response.once('finish', () => this.#next());
    else if (this.isLast && response.shouldKeepAlive) response.once('finish', () => this.#end());
  }

  /** The parser has given up on what the client sends. */
  broken(problem: Problem): void {
    if (this.#isParting) return;
    this.#isParting = true;
    if (this.#current === undefined && this.#queue.length === 0) this.#end(partingAnswer(problem));
    else if (this.#request?.complete === false) this.#giveUp(problem);
  }

  /** The channel is closed, or the client has sent its last and so will not read an answer. */
  closed(): void {
    this.#queue.length = 0;
    this.#isParting = true;
    const current = this.#current;
    this.#current = undefined;
    current?.lost();
  }

  cut(): void {
    this.#channel.destroy();
  }

  /** Nothing was sent or received for long: right for an answer that takes its time, wrong for one that is not taken. */
  quiet(): void {
    if (this.#channel.writableLength > 0) this.cut();
  }

  /** Ends it if what is waited for is overdue. */
  look(): void {
    const { now, limits } = this.#shared;
    const waited = now - this.#since;
    if (this.#isEnded) {
      if (waited > limits.lingerMs) this.cut();
    } else if (this.#current !== undefined) {
      if (this.#request?.complete === false && waited > this.#bodyMs()) this.#giveUp(TOO_SLOW);
    } else if (this.#queue.length === 0) this.#lookAtRest(now, waited);
  }

  /** No answer is owed. */
  #lookAtRest(now: number, waited: number): void {
    const { limits } = this.#shared;
    if (this.#request?.complete === false) {
      if (waited > limits.lingerMs) this.cut();
      return;
    }
    const isFirst = this.#request === undefined;
    if (isFirst || this.#channel.bytesRead > this.#bytesThen) this.#headSince ??= isFirst ? this.#since : now;
    if (this.#headSince === undefined) {
      if (waited > limits.idleMs && this.#channel.writableLength === 0) this.cut();
    } else if (now - this.#headSince > limits.headMs) {
      if (this.#channel.bytesRead > this.#bytesThen) this.broken(TOO_SLOW);
      else this.cut();
    }
  }

  #bodyMs(): number {
    const { bodyMs, leastBodyBytesPerSecond } = this.#shared.limits;
    return bodyMs + ((this.#channel.bytesRead - this.#bytesThen) / leastBodyBytesPerSecond) * 1000;
  }

  /** The rest of the body will not come. */
  #giveUp(problem: Problem): void {
    this.#isParting = true;
    const current = this.#current;
    if (current === undefined || current.isAnswered) this.cut();
    else current.refuse(problem);
  }

  #next(): void {
    const first = this.#queue.shift();
    if (first === undefined || this.#channel.destroyed) return;
    if (this.#queue.length < this.#shared.limits.pipelined.pause / 2) this.#channel.resume();
    this.#serve(first);
  }

  #serve({ request, response, awaitsContinue }: Arrived): void {
    const problem = framingProblem(request, this.#shared.limits);
    const target = problem === undefined ? readTarget(request.url ?? '') : undefined;
    if (target === undefined) this.#isParting = true;
    const exchange = new HttpExchange(request, response, {
      carrying: this,
      target: target ?? NOWHERE,
      awaitsContinue,
    });
    this.#request = request;
    this.#current = exchange;
    this.#since = this.#shared.now;
    if (target === undefined) exchange.refuse(problem ?? BAD_TARGET);
    else this.#shared.receive(exchange);
  }

  #end(text = ''): void {
    if (this.#channel.destroyed) return;
    this.#isEnded = true;
    this.#since = this.#shared.now;
    this.#channel.end(text);
  }
}
