// A client of HTTP that speaks bytes: what it sends is what a test writes, however wrong, and what comes back is kept
// as it came. Waiting is for something to come, never for time to pass.

import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { within } from './program.ts';

const TAIL = 16;

export class RawClient {
  readonly socket: Socket;
  /** Everything that came, each byte a character. */
  text = '';
  isClosed = false;
  /** The last few bytes of it: of a long text that grows piece by piece, to look at the whole each time copies it each time. */
  tail = '';
  readonly #changed = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.text += text;
      this.tail = `${this.tail}${text}`.slice(-TAIL);
      this.#tell();
    });
    // A reset is one of the ways to be cut off.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
      this.#tell();
    });
  }

  send(bytes: string): void {
    this.socket.write(bytes, 'latin1');
  }

  /** Resolves when what came so far fits, or the connection has closed. */
  until(fits: (text: string) => boolean, what = 'an answer'): Promise<string> {
    const come = new Promise<string>((resolve) => {
      const look = (): void => {
        if (!fits(this.text) && !this.isClosed) return;
        this.#changed.delete(look);
        resolve(this.text);
      };
      this.#changed.add(look);
      look();
    });
    return within(come, what);
  }

  /** Resolves to everything that came before the connection was closed. */
  closed(): Promise<string> {
    return this.until(() => this.isClosed, 'the end of the connection');
  }

  /** The status of every answer, in order. */
  get statuses(): number[] {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  #tell(): void {
    for (const look of this.#changed) look();
  }
}

/** Connected until the test ends. */
export async function rawClient(t: TestContext, port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1' });
  t.after(() => socket.destroy());
  const client = new RawClient(socket);
  await within(
    new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    }),
    'a connection',
  );
  return client;
}

/** A request with its length, on a connection that stays. */
export function request(method: string, path: string, body = '', headers = ''): string {
  const length = body === '' ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}${length}\r\n${body}`;
}
