// A fake model API on loopback that does nothing by itself: a test takes the requests one by one and says
// which recorded bytes answer them, so the order of everything is the test's. Bytes go out exactly as they
// are recorded, broken framing included, which is why this is not built on node:http.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

export interface UpstreamRequest {
  readonly method: string;
  readonly path: string;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** One request and the means to answer it. */
export class Exchange {
  readonly request: UpstreamRequest;
  readonly #socket: Socket;
  readonly #record: SentTo;
  /** Of the answer, once it has begun. */
  #head: string | undefined;
  /** Settles when the connection is gone, whoever closed it. */
  readonly closed: Promise<void>;

  constructor(request: UpstreamRequest, socket: Socket, record: SentTo) {
    this.request = request;
    this.#socket = socket;
    this.#record = record;
    this.closed = new Promise((resolve) => {
      if (socket.destroyed) resolve();
      else socket.once('close', () => resolve());
    });
  }

  /** Sends raw bytes and leaves the answer open. */
  write(bytes: Buffer): void {
    this.#head ??= bytes.subarray(0, bytes.indexOf('\r\n\r\n') + 2).toString('latin1');
    this.#record.bytes += bytes.length;
    this.#socket.write(bytes);
  }

  /**
   * Sends raw bytes, all of an answer or what is left of it; the connection is closed after them where the head announced it,
   * and nowhere else: closing a kept one would race with the next request on it.
   */
  answer(bytes: Buffer): void {
    this.write(bytes);
    if (/^connection: close\r$/im.test(this.#head ?? '')) this.end();
  }

  /** Ends the connection in order, after what was sent. */
  end(): void {
    this.#record.ended = true;
    this.#socket.end();
  }

  /** Breaks the connection. */
  drop(): void {
    this.#record.ended = true;
    this.#socket.resetAndDestroy();
  }
}

/** What one connection has been sent, for a test that must know when all of it has arrived. */
export interface SentTo {
  readonly port: number;
  bytes: number;
  ended: boolean;
}

export class FakeUpstream {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The connections on which nothing was asked yet, the oldest first. */
  readonly #silent = new Set<{ readonly closed: Promise<void> }>();
  readonly #silentTakers: ((closed: Promise<void>) => void)[] = [];
  readonly #waiting: Exchange[] = [];
  readonly #takers: ((exchange: Exchange) => void)[] = [];
  readonly sent: SentTo[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async listen(): Promise<FakeUpstream> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FakeUpstream(server);
  }

  get address(): string {
    const bound = this.#server.address();
    if (bound === null || typeof bound === 'string') throw new Error('the upstream is not listening');
    return `127.0.0.1:${bound.port}`;
  }

  /** Requests that came and were not taken. */
  get untaken(): readonly UpstreamRequest[] {
    return this.#waiting.map(({ request }) => request);
  }

  /** Settles when the oldest connection on which nothing was asked is gone; waits for one, which may not be accepted yet. */
  takeSilent(): Promise<void> {
    const [oldest] = this.#silent;
    if (oldest === undefined) return new Promise((resolve) => this.#silentTakers.push(resolve));
    this.#silent.delete(oldest);
    return oldest.closed;
  }

  /** The oldest request not yet taken; waits for one. */
  take(): Promise<Exchange> {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return Promise.resolve(waiting);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    const record: SentTo = { port: socket.remotePort ?? 0, bytes: 0, ended: false };
    this.sent.push(record);
    this.#sockets.add(socket);
    const connection = { closed: new Promise<void>((resolve) => socket.once('close', () => resolve())) };
    const taker = this.#silentTakers.shift();
    if (taker === undefined) this.#silent.add(connection);
    else taker(connection.closed);
    let pending: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      if (pending.includes('\r\n\r\n')) this.#silent.delete(connection);
      for (let cut = cutRequest(pending); cut !== undefined; cut = cutRequest(pending)) {
        pending = cut.rest;
        this.#arrived(new Exchange(cut.request, socket, record));
      }
    });
    socket.on('close', () => this.#sockets.delete(socket));
    // A client that goes away in the middle is what many tests are about.
    socket.on('error', () => {});
  }

  #arrived(exchange: Exchange): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#waiting.push(exchange);
    else taker(exchange);
  }
}

/** The first whole request in `bytes`, and what follows it. */
export function cutRequest(bytes: Buffer): { request: UpstreamRequest; rest: Buffer } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [start = '', ...fields] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const headers = new Map(
    fields.map((field): [string, string] => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  const bodyStart = headEnd + 4;
  const bodyEnd = bodyStart + Number(headers.get('content-length') ?? 0);
  if (bytes.length < bodyEnd) return undefined;
  const [method = '', path = ''] = start.split(' ');
  const body = bytes.subarray(bodyStart, bodyEnd).toString('utf8');
  return { request: { method, path, headers, body }, rest: bytes.subarray(bodyEnd) };
}
