// One send to one upstream, under its clocks: connect, first token, idle, and the call's deadline. Time in
// which nobody reads counts for neither first token nor idle, so a slow client cannot make an upstream look
// silent. Knows bytes and clocks; what the bytes mean is the dialect's, and whether to try again routing's.

import type { Clock } from '../../core/clock.ts';
import { derive } from '../../core/context.ts';
import type { CallContext } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import type { FaultData } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { Ask, Dialect, Sending } from '../dialect.ts';
import type { Fetch, FetchRequest, FetchResponse } from '../fetch.ts';
import { requestIdOf } from '../faults/request-id.ts';
import { clockFault } from './clock-fault.ts';
import type { ClockPhase } from './clock-fault.ts';
import { Watchdog } from './watchdog.ts';

/** What every send to one provider shares. */
export interface Upstream {
  readonly dialect: Dialect;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly secrets: Secrets;
}

export interface AttemptClocks {
  readonly connectMs: number;
  /** Infinity: as long as the deadline allows. */
  readonly firstTokenMs: number;
  readonly idleMs: number;
}

export interface Send {
  /** On whose behalf. */
  readonly ctx: CallContext;
  readonly ask: Ask;
  readonly sending: Sending;
  readonly provider: string;
  /** Empty when none is asked, as for a list of models. */
  readonly model: string;
  readonly clocks: AttemptClocks;
  readonly deadline: number;
  /** Counts from 1 within the call. */
  readonly number: number;
  /** Filled in while the attempt runs; read when it has ended, however it ended. */
  readonly facts: {
    /** 0 until a response head came. */
    status: number;
    /** On the clock's monotonic scale; absent until it came, and where an answer comes in one piece. */
    firstTokenAt?: number;
  };
}

/** Names the instances of ours that a request has passed. */
export const VIA = 'anymodel-via';

/** Bytes and time we spend on reading past the end of an answer, so that its connection can be used again. */
const MAX_DRAIN_BYTES = 64 * 1024;
const MAX_DRAIN_MS = 1000;

export class Attempt {
  readonly #upstream: Upstream;
  readonly #send: Send;
  readonly #own: ReturnType<typeof derive>;
  readonly #watchdog: Watchdog;
  #phase: ClockPhase = 'connecting';
  #patienceMs: number;
  #waitsSince = 0;
  #headers: FetchResponse['headers'] | undefined;
  #body: AsyncIterator<Uint8Array> | undefined;
  #isOver = false;
  #isDraining = false;

  constructor(upstream: Upstream, send: Send) {
    this.#upstream = upstream;
    this.#send = send;
    this.#patienceMs = send.clocks.firstTokenMs;
    this.#own = derive(send.ctx.cancel);
    this.#watchdog = new Watchdog(upstream.clock, () => this.#own.source.cancel(this.#expiry()));
  }

  /** Sends the request and waits for the head of the answer. */
  async open(): Promise<FetchResponse> {
    const { ctx, sending, number, facts } = this.#send;
    ctx.phase('connecting', number);
    this.#watch();
    const response = await this.#upstream.fetch(sending.url, this.#request()).catch(this.#failed);
    this.#rest();
    facts.status = response.status;
    // A URL parser and a cut would make of a secret what is not recognised any more.
    const { secrets } = this.#upstream;
    const headers = { get: (name: string) => scrubbedText(response.headers.get(name), secrets) };
    this.#headers = headers;
    this.#body = response.body[Symbol.asyncIterator]();
    return { ...response, headers };
  }

  /** The next bytes of the body, or undefined at its end. */
  read(): Promise<Uint8Array | undefined> {
    if (this.#body === undefined || this.#isOver) return Promise.resolve(undefined);
    this.#watch();
    // Not an async function: this runs once for every chunk, and a frame that waits costs as much as the rest.
    return this.#body.next().then(this.#received, this.#failed);
  }

  readonly #received = (result: IteratorResult<Uint8Array>): Uint8Array | undefined => {
    this.#rest();
    if (result.done !== true) return result.value;
    this.#isOver = true;
    return undefined;
  };

  readonly #failed = (thrown: unknown): never => {
    this.#rest();
    throw this.#own.source.reason ?? thrown;
  };

  /** The first token has come: from now on silence is what counts. */
  begun(): void {
    if (this.#phase === 'streaming') return;
    this.#phase = 'streaming';
    this.#send.facts.firstTokenAt = this.#upstream.clock.now();
    this.#send.ctx.phase('streaming', this.#send.number);
  }

  /** The answer is complete: what is left of the body is read in the background, within limits. */
  drain(): void {
    if (this.#isOver || this.#isDraining) return;
    this.#isDraining = true;
    void this.#readRest();
  }

  /** Always to be called. Closes the connection unless the body was read to its end or is being drained. */
  async close(): Promise<void> {
    if (!this.#isDraining) await this.#leave();
  }

  /** What was thrown, as the Fault to show: with all facts, and scrubbed. */
  dressed(thrown: unknown): Fault {
    const fault = Fault.from(thrown);
    if (fault === this.#send.ctx.cancel.reason) return fault;
    const { secrets } = this.#upstream;
    const { provider, model } = this.#send;
    const { status } = this.#send.facts;
    const known = present({
      provider,
      model: model === '' ? undefined : model,
      status: status === 0 ? undefined : status,
      requestId: this.#headers === undefined ? undefined : requestIdOf(this.#headers),
    });
    const facts = Object.entries({ ...known, ...fault.data }).map(([name, value]) => [name, scrubbed(value, secrets)]);
    const data: FaultData = Object.fromEntries(facts);
    const { kind, retryAfterMs, cause } = fault;
    return new Fault(kind, secrets.scrub(fault.message), {
      data,
      ...present({ retryAfterMs, cause }),
    });
  }

  #request(): FetchRequest {
    const { ctx, sending, clocks, deadline } = this.#send;
    const { method, headers, body } = sending;
    return {
      method,
      headers: { 'x-request-id': ctx.requestId, ...(ctx.via === undefined ? {} : { [VIA]: ctx.via }), ...headers },
      cancel: this.#own.source,
      connectTimeoutMs: Math.min(clocks.connectMs, Math.max(1, deadline - this.#waitsSince)),
      onConnected: () => this.#connected(),
      ...present({ body }),
    };
  }

  /** A wait begins, under the clock of the phase; time between waits is the reader's own and not counted. */
  #watch(): void {
    this.#waitsSince = this.#upstream.clock.now();
    this.#watchdog.watch(this.#due(this.#waitsSince));
  }

  /** The wait is over. */
  #rest(): void {
    this.#watchdog.rest();
    if (this.#phase === 'waiting') this.#patienceMs -= this.#upstream.clock.now() - this.#waitsSince;
  }

  #due(now: number): number {
    const { deadline, clocks } = this.#send;
    if (this.#phase === 'connecting') return deadline;
    return Math.min(deadline, now + (this.#phase === 'streaming' ? clocks.idleMs : this.#patienceMs));
  }

  #connected(): void {
    if (this.#phase !== 'connecting') return;
    this.#phase = 'waiting';
    this.#send.ctx.phase('waiting', this.#send.number);
    this.#watchdog.watch(this.#due(this.#upstream.clock.now()));
  }

  #expiry(): Fault {
    const { provider, model, clocks, deadline } = this.#send;
    const where = model === '' ? provider : `${provider} (${model})`;
    if (this.#upstream.clock.now() >= deadline) return clockFault(this.#phase, where);
    return clockFault(this.#phase, where, this.#phase === 'streaming' ? clocks.idleMs : clocks.firstTokenMs);
  }

  async #readRest(): Promise<void> {
    this.#watchdog.watch(this.#upstream.clock.now() + MAX_DRAIN_MS);
    try {
      for (let left = MAX_DRAIN_BYTES; left > 0 && !this.#isOver;) {
        const result = await this.#body?.next();
        if (result === undefined || result.done === true) this.#isOver = true;
        else left -= result.value.length;
      }
    } catch {
      // The answer is complete already; a connection that ends badly is only not used again.
    }
    await this.#leave();
  }

  async #leave(): Promise<void> {
    this.#watchdog.close();
    this.#own.dispose();
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      await this.#body?.return?.();
    } catch {
      // Why it is left is known already; that leaving it went badly changes nothing.
    }
    // A body that was never read has nothing to return from: the cancel closes its connection.
    this.#own.source.cancel(new Fault('CANCELLED', 'The answer is not read any further.'));
  }
}

function scrubbedText(value: string | null, secrets: Secrets): string | null {
  return value === null ? null : secrets.scrubValues(value);
}

function scrubbed(value: unknown, secrets: Secrets): unknown {
  return typeof value === 'string' ? secrets.scrub(value) : value;
}
