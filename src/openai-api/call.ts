// One request from its head to its answer, whatever it asks for: its id, its context, the way it came, leave to run, and
// the one place where a failure becomes an answer. What is asked and what is answered is each endpoint's.

import { Fault } from '../core/fault.ts';
import { present } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { VIA } from '../providers/attempt/attempt.ts';
import type { Commit, ModelContext, Served } from '../providers/chat.ts';
import type { Caller, Exchange, HeaderFields } from '../wire/exchange.ts';
import { errorAnswer, errorBody } from './errors.ts';
import type { ErrorWords } from './errors.ts';
import { callHeaders, limitHeaders, requestIdOf, servedHeaders } from './headers.ts';
import { passage } from './hops.ts';
import { bodyOf, mediaProblem } from './request-body.ts';
import type { OpenAiSite } from './site.ts';

/** Requests under way at a time, of all clients together. */
const MAX_CALLS = 1024;

const JSON_TYPE = 'application/json';

/** What an endpoint is given of its request. */
export interface ApiCall {
  readonly site: OpenAiSite;
  readonly exchange: Exchange;
  readonly requestId: string;
  readonly served: Served;
  /** Rejects with what is wrong with it. */
  body(): Promise<JsonObject>;
  /** The context a model is called in; once for each call. */
  context(model: string, commit?: Commit): ModelContext;
  /** Headers of an answer that begins now. `running`: attempts that are under way. */
  headers(running?: number): HeaderFields;
  reply(body: object): void;
}

export type Endpoint = (call: ApiCall) => Promise<void>;

/** How many calls are under way. */
export class Crowd {
  #calls = 0;

  /** Throws `OVERLOADED`; else answers how to say that the call is over, once. */
  enter(): () => void {
    if (this.#calls >= MAX_CALLS) throw new Fault('OVERLOADED', 'Too many calls are running at a time.');
    this.#calls++;
    return () => {
      this.#calls--;
    };
  }
}

/** Answers with an error that comes before any call. */
export function refuse(exchange: Exchange, status: number, words: ErrorWords, headers?: HeaderFields): void {
  exchange.reply(status, { 'content-type': JSON_TYPE, ...headers }, JSON.stringify(errorBody(words)));
}

export async function runCall(
  { site, crowd }: { readonly site: OpenAiSite; readonly crowd: Crowd },
  { exchange, caller }: { readonly exchange: Exchange; readonly caller: Caller },
  endpoint: Endpoint,
): Promise<void> {
  const call = new Call(site, exchange, caller);
  const problem = call.problem();
  if (problem !== undefined) return call.refuse(problem);
  const leaving: (() => void)[] = [];
  try {
    leaving.push(crowd.enter());
    const entered = site.enter(caller.client ?? '');
    leaving.push(entered instanceof Promise ? await entered : entered);
    await call.learnLimits();
    await endpoint(call);
    call.log('ok');
  } catch (thrown) {
    call.fail(Fault.from(thrown));
  } finally {
    for (const leave of leaving) leave();
  }
}

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

class Call implements ApiCall {
  readonly site: OpenAiSite;
  readonly exchange: Exchange;
  readonly requestId: string;
  readonly served: Served = { provider: '', model: '', attempts: [], changed: [] };
  readonly #client: string | undefined;
  readonly #startedAt: number;
  #via: string | undefined;
  #limits: HeaderFields = {};

  constructor(site: OpenAiSite, exchange: Exchange, { client }: Caller) {
    this.site = site;
    this.exchange = exchange;
    this.requestId = requestIdOf(exchange.header('x-request-id'), () => site.random.id());
    this.#client = client;
    this.#startedAt = site.clock.now();
  }

  /** Why the request is not even begun. */
  problem(): Problem | undefined {
    const { exchange, site } = this;
    const media = exchange.method === 'POST' ? mediaProblem(exchange) : undefined;
    if (media !== undefined) return { status: 415, code: 'unsupported_media_type', message: media };
    const passed = passage(exchange.header(VIA), site.instance);
    if ('problem' in passed) return { status: 508, code: 'loop_detected', message: passed.problem };
    this.#via = passed.via;
    return undefined;
  }

  refuse({ status, code, message }: Problem): void {
    const headers = { ...this.headers(), ...(status >= 500 ? { 'x-should-retry': 'false' } : {}) };
    this.log(code);
    refuse(this.exchange, status, { message, code, type: 'invalid_request_error' }, headers);
  }

  /** What is left of the client's limits now that this request is counted; that it is not known fails no call. */
  async learnLimits(): Promise<void> {
    const { site } = this;
    try {
      const left = site.left(this.#client ?? '');
      this.#limits = limitHeaders(left instanceof Promise ? await left : left);
    } catch (thrown) {
      site.log.warn('what is left of a limit is not known', { why: Fault.from(thrown).message });
    }
  }

  body(): Promise<JsonObject> {
    return bodyOf(this.exchange, this.site.maxBodyBytes);
  }

  context(model: string, commit?: Commit): ModelContext {
    const { site, exchange, requestId, served } = this;
    served.model = model;
    return {
      cancel: exchange.gone,
      deadline: this.#startedAt + site.totalMs,
      log: site.log.with({ requestId }),
      requestId,
      served,
      phase: () => {},
      ...present({ client: this.#client, via: this.#via, commit }),
    };
  }

  headers(running?: number): HeaderFields {
    const ms = this.site.clock.now() - this.#startedAt;
    return { ...callHeaders(this.requestId, ms), ...servedHeaders(this.served, running), ...this.#limits };
  }

  reply(body: object): void {
    this.exchange.reply(200, { 'content-type': JSON_TYPE, ...this.headers() }, JSON.stringify(body));
  }

  /** Ignored where the answer has begun: then it has said so itself. */
  fail(fault: Fault): void {
    const { exchange, site, requestId } = this;
    if (fault.kind === 'internal') logDefect(site, fault, requestId);
    const { status, headers, body } = errorAnswer(fault, (text) => site.scrub(text));
    this.log(fault.kind);
    exchange.reply(status, { 'content-type': JSON_TYPE, ...this.headers(), ...headers }, JSON.stringify(body));
  }

  log(outcome: string): void {
    const { exchange, site, requestId } = this;
    const ms = Math.round(site.clock.now() - this.#startedAt);
    const { method, path } = exchange;
    site.log.debug('request', { method, path, requestId, client: this.#client, ms, outcome });
  }
}

function logDefect({ log }: OpenAiSite, fault: Fault, requestId: string): void {
  const { cause } = fault;
  const stack = cause instanceof Error ? cause.stack : undefined;
  log.error('unexpected failure', { requestId, stack: stack ?? fault.stack, cause: String(cause) });
}
