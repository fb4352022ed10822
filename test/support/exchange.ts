// One HTTP request and its answer without a server: a test says what was asked, and reads what came of it. A client
// that takes nothing, or goes away, is a call on it.

import { CancelSource } from '../../src/core/context.ts';
import { Fault } from '../../src/core/fault.ts';
import type { BodyStream, Exchange, HeaderFields } from '../../src/wire/exchange.ts';

export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: HeaderFields;
  /** A value is sent as JSON, a string as it is. */
  readonly body?: unknown;
}

export class TestExchange implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams = new URLSearchParams();
  readonly remote = '127.0.0.1';
  readonly gone: CancelSource = new CancelSource();
  status = 0;
  headers: HeaderFields = {};
  /** Each piece of the answer, in order. */
  readonly pieces: string[] = [];
  /** `open` while a stream may go on. */
  state: 'none' | 'open' | 'whole' = 'none';
  readonly #headers: HeaderFields;
  readonly #body: string;
  #isFull = false;
  #makeRoom: () => void = () => {};

  constructor({ method, path, headers = {}, body }: Asked) {
    this.method = method ?? (body === undefined ? 'GET' : 'POST');
    this.path = path;
    this.#headers = headers;
    this.#body = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  }

  header(name: string): string | undefined {
    return this.#headers[name];
  }

  body(maxBytes: number): Promise<string> {
    if (Buffer.byteLength(this.#body) <= maxBytes) return Promise.resolve(this.#body);
    return Promise.reject(new Fault('too-large', `The body is larger than ${maxBytes} bytes.`));
  }

  reply(status: number, headers: HeaderFields, body = ''): void {
    if (this.state !== 'none') return;
    this.#answer(status, headers, 'whole');
    this.pieces.push(body);
  }

  stream(status: number, headers: HeaderFields): BodyStream {
    if (this.state !== 'none') throw new Error('a second answer');
    this.#answer(status, headers, 'open');
    return {
      queuedBytes: 0,
      write: (piece) => {
        if (this.gone.reason !== undefined) return undefined;
        this.pieces.push(piece);
        if (!this.#isFull) return undefined;
        return new Promise((resolve) => {
          this.#makeRoom = resolve;
        });
      },
      end: () => {
        this.state = 'whole';
      },
    };
  }

  /** The client takes no more, until `drain`. */
  fill(): void {
    this.#isFull = true;
  }

  drain(): void {
    this.#isFull = false;
    this.#makeRoom();
  }

  leave(): void {
    // Whoever leaves after the end of the answer is none of the server's business.
    if (this.state === 'whole') return;
    this.gone.cancel(new Fault('cancelled', 'The client went away.'));
    this.#makeRoom();
  }

  get text(): string {
    return this.pieces.join('');
  }

  get json(): unknown {
    return JSON.parse(this.text);
  }

  /** The data of each server-sent event, as JSON but for `[DONE]`. */
  get data(): unknown[] {
    return this.text
      .split('\n\n')
      .filter((one) => one.startsWith('data: '))
      .map((one) => one.slice('data: '.length))
      .map((one): unknown => (one === '[DONE]' ? one : JSON.parse(one)));
  }

  #answer(status: number, headers: HeaderFields, state: 'open' | 'whole'): void {
    this.status = status;
    this.headers = headers;
    this.state = state;
  }
}
