// Load for HTTP servers that takes less CPU than any of them, because it shares the cores with them: bytes prepared
// beforehand, on plain sockets, and of an answer no more is read than where it ends.

import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

const OK = 'HTTP/1.1 200';
const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '\r\n0\r\n\r\n';

/** A request as it is sent, on a connection that stays. */
export function requestBytes(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Buffer {
  const text = JSON.stringify(body);
  const all = {
    host: '127.0.0.1',
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`);
}

/** One client: a connection on which a request follows the answer to the one before it. */
export class Caller {
  readonly #socket: Socket;
  #held = '';
  /** How long answers are that come in one piece, head and all; most of a kind are alike. */
  #usualBytes = -1;
  #gone: Error | undefined;
  #settle: { resolve: (answer: string) => void; reject: (error: Error) => void } | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  /**
   * The answer with its head, each byte a character; without `whole` empty where it is as long as the one before. Rejects
   * unless it is a 200.
   */
  ask(request: Buffer, { whole = false }: { readonly whole?: boolean } = {}): Promise<string> {
    if (whole) this.#usualBytes = -1;
    return new Promise((resolve, reject) => {
      if (this.#gone !== undefined) return reject(this.#gone);
      this.#settle = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    if (this.#held === '' && bytes.length === this.#usualBytes && bytes.toString('latin1', 0, OK.length) === OK) {
      this.#done('');
      return;
    }
    const isWholeAlone = this.#held === '';
    this.#held += bytes.toString('latin1');
    if (!isWhole(this.#held)) return;
    const answer = this.#held;
    this.#held = '';
    if (isWholeAlone) this.#usualBytes = bytes.length;
    if (answer.startsWith(OK)) this.#done(answer);
    else this.#fail(new Error(answer.slice(0, 300)));
  }

  #done(answer: string): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.resolve(answer);
  }

  #fail(error: Error): void {
    this.#gone ??= error;
    this.#settle?.reject(error);
    this.#settle = undefined;
  }
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf(HEAD_END);
  if (end < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, end))?.[1];
  return length === undefined ? answer.endsWith(LAST_CHUNK) : answer.length >= end + HEAD_END.length + Number(length);
}

export async function connected(port: number): Promise<Caller> {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  return new Caller(socket);
}

/** As many callers, each asking again as soon as it is answered, for so long; how many answers there were. */
export async function closedLoop(callers: readonly Caller[], request: Buffer, forMs: number): Promise<number> {
  let done = 0;
  const endsAt = performance.now() + forMs;
  const loop = async (caller: Caller): Promise<void> => {
    while (performance.now() < endsAt) {
      await caller.ask(request);
      done++;
    }
  };
  await Promise.all(callers.map(loop));
  return done;
}
