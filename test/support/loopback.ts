// Servers on loopback for tests of the network: bound to port 0, closed with every connection when the test
// ends. `RawServer` speaks bytes, so that a test can cut, reset or misspeak HTTP as it likes.

import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { TestContext } from 'node:test';

/**
 * Refuses connections: nothing listens there, and none of the ports that the system gives away can be it, as one that was
 * listened on before can. Not 1, which fetch does not ask.
 */
export const REFUSING_PORT = 2;

/** Listens until the test ends, then ends every connection, and the server with it. Answers the port. */
export async function listen(t: TestContext, server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that goes away is what many of these tests are about.
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, host, resolve);
  });
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return portOf(server.address());
}

/** The port a server listens on. */
export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

/** What a test says that needs IPv6 on loopback, which many containers have not: why it is skipped there. */
export const WITHOUT_IPV6: false | string =
  !Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1')) && 'no ::1 here';

/** One request as a raw server saw it. */
export interface Seen {
  readonly socket: Socket;
  /** Request line and headers. */
  readonly head: string;
  readonly body: string;
  /** Counts the connections of this server from 1. */
  readonly connection: number;
  /** Counts the requests on this connection from 1. */
  readonly nth: number;
}

export interface RawServer {
  readonly port: number;
  readonly origin: string;
  readonly seen: Seen[];
  connections(): number;
}

/** A server that hands every whole request to `answer` and writes nothing by itself. */
export async function rawServer(t: TestContext, answer: (request: Seen) => void): Promise<RawServer> {
  const seen: Seen[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    const connection = ++connections;
    let nth = 0;
    let held = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      held = Buffer.concat([held, bytes]);
      for (let cut = requestEnd(held); cut !== undefined; cut = requestEnd(held)) {
        const head = held.toString('utf8', 0, cut.head);
        const request: Seen = { socket, head, body: held.toString('utf8', cut.head, cut.end), connection, nth: ++nth };
        held = held.subarray(cut.end);
        seen.push(request);
        answer(request);
      }
    });
  });
  const port = await listen(t, server);
  return { port, origin: `http://127.0.0.1:${port}`, seen, connections: () => connections };
}

function requestEnd(bytes: Buffer): { readonly head: number; readonly end: number } | undefined {
  const blank = bytes.indexOf('\r\n\r\n');
  if (blank < 0) return undefined;
  const head = blank + 4;
  const length = Number(/^content-length: *(\d+)/im.exec(bytes.toString('latin1', 0, head))?.[1] ?? 0);
  return bytes.length < head + length ? undefined : { head, end: head + length };
}

/** A whole answer with a length, on a connection that stays. */
export function reply(text: string, status = '200 OK', headers = ''): string {
  return `HTTP/1.1 ${status}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n${headers}\r\n${text}`;
}

/** The head of an answer in chunks. */
export function chunkedHead(headers = ''): string {
  return `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n${headers}\r\n`;
}

/** One HTTP chunk. */
export function chunk(data: string | Buffer): Buffer {
  const bytes = Buffer.from(data);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

/** Resolves when the peer has ended or reset the connection. */
export function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed || socket.readableEnded) resolve();
    else for (const event of ['end', 'close']) socket.once(event, () => resolve());
  });
}
