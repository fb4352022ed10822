// One request and its answer over Node's parser, in the form that everything served over HTTP is written against. Made
// for every request, so it makes nothing that is not asked for. Knows no socket: its connection says `lost`.

import { CancelSource } from '../../core/context.ts';
import type { Cancel } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import type { BodyStream, Exchange, HeaderFields } from '../../wire/exchange.ts';
import { AnswerStream } from './answer-stream.ts';
import { BodyReader } from './body.ts';
import type { HeldBodies } from './body.ts';
import type { Incoming, Outgoing } from './raw.ts';
import { REFUSAL_HEADERS, refusalBody } from './refusal.ts';
import type { Problem } from './refusal.ts';
import type { Target } from './target.ts';

const ignore = (): void => {};

/** What of its connection an exchange has to do with. */
export interface Carrying {
  readonly remote: string;
  /** The answer is the last on its connection. */
  readonly isLast: boolean;
  /** What the bodies of all connections hold. */
  readonly bodies: HeldBodies;
  /** The answer is whole, as far as we are concerned. */
  answered(exchange: HttpExchange): void;
  /** Ends the connection at once. */
  cut(): void;
}

export class HttpExchange implements Exchange {
  readonly method: string;
  readonly request: Incoming;
  readonly response: Outgoing;
  /** Sent with whatever the answer is; set before the request is handed on. */
  extra: HeaderFields | undefined;
  readonly #carrying: Carrying;
  readonly #target: Target;
  /** The client waits for a word before it sends the body. */
  #awaitsContinue: boolean;
  #state: 'open' | 'answering' | 'over' = 'open';
  #query: URLSearchParams | undefined;
  #gone: CancelSource | undefined;
  #why: Fault | undefined;
  #body: BodyReader | undefined;
  #stream: AnswerStream | undefined;

  constructor(request: Incoming, response: Outgoing, more: Received) {
    this.method = request.method ?? 'GET';
    this.request = request;
    this.response = response;
    this.#carrying = more.carrying;
    this.#target = more.target;
    this.#awaitsContinue = more.awaitsContinue;
    // A write to a client that has gone is no news: its connection tells.
    response.on('error', ignore);
  }

  get path(): string {
    return this.#target.path;
  }

  get query(): URLSearchParams {
    return (this.#query ??= new URLSearchParams(this.#target.query));
  }

  get remote(): string {
    return this.#carrying.remote;
  }

  /** The host and port it was sent to. */
  get authority(): string | undefined {
    return this.#target.authority ?? this.header('host');
  }

  get gone(): Cancel {
    if (this.#gone === undefined) {
      this.#gone = new CancelSource();
      if (this.#why !== undefined) this.#gone.cancel(this.#why);
    }
    return this.#gone;
  }

  /** Whether an answer has begun, or can begin no more. */
  get isAnswered(): boolean {
    return this.#state !== 'open';
  }

  /** The client has gone before the answer was whole, or the request has turned out to be none. */
  get isLost(): boolean {
    return this.#why !== undefined;
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return value === undefined || typeof value === 'string' ? value : value.join(', ');
  }

  body(maxBytes: number): Promise<string> {
    if (this.#body !== undefined) return Promise.reject(new Fault('internal', 'The body was read already.'));
    this.#body = new BodyReader(this.request, { maxBytes, held: this.#carrying.bodies });
    if (this.#why !== undefined) {
      this.#body.lost(this.#why);
      return this.#body.text;
    }
    const declared = Number(this.header('content-length') ?? Number.NaN);
    if (this.#awaitsContinue && !(declared > maxBytes)) {
      this.#awaitsContinue = false;
      this.response.writeContinue();
    }
    this.#body.start(declared);
    return this.#body.text;
  }

  reply(status: number, headers: HeaderFields, body = ''): void {
    if (this.#state !== 'open') return;
    this.#end();
    const { response } = this;
    if (!response.destroyed) {
      const head = this.#head(headers);
      const length = String(Buffer.byteLength(body));
      response.writeHead(status, status === 204 ? head : { ...head, 'content-length': length });
      response.end(body);
    }
    this.#carrying.answered(this);
  }

  stream(status: number, headers: HeaderFields): BodyStream {
    if (this.#stream !== undefined) return this.#stream;
    const isLate = this.#state !== 'open';
    this.#stream = new AnswerStream(this.response, status, this.#head(headers), () => {
      this.#end();
      this.#carrying.answered(this);
    });
    if (isLate) this.#stream.lost();
    else this.#state = 'answering';
    return this.#stream;
  }

  /** The client has gone; after the end of the answer it may. */
  lost(): void {
    if (this.#state === 'over') return;
    this.#end();
    this.#stream?.lost();
    this.#leave(new Fault('cancelled', 'The client went away.'));
  }

  /** What is wrong with the rest of the request is its answer, whoever serves it. */
  refuse(problem: Problem): void {
    this.reply(problem.status, REFUSAL_HEADERS, refusalBody(problem));
    this.#leave(new Fault('cancelled', problem.message));
  }

  /** Cuts the connection: what has begun cannot be made whole, and must not look as if it were. */
  abort(): void {
    this.#carrying.cut();
  }

  #end(): void {
    this.#state = 'over';
    this.#body?.release();
  }

  /** Nobody waits any more for what will not come. */
  #leave(why: Fault): void {
    this.#why = why;
    this.#body?.lost(why);
    this.#gone?.cancel(why);
  }

  #head(headers: HeaderFields): HeaderFields {
    // What waits for its go-ahead and does not get it must not be taken for the next request.
    const isLast = this.#carrying.isLast || this.#awaitsContinue;
    if (isLast) this.response.shouldKeepAlive = false;
    return this.extra === undefined ? headers : { ...headers, ...this.extra };
  }
}

export interface Received {
  readonly carrying: Carrying;
  readonly target: Target;
  readonly awaitsContinue: boolean;
}
