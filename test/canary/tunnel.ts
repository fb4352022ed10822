// A forward proxy for CONNECT (RFC 9110, 9.3.6), and TLS in front of an upstream. The proxy refuses whom it does not know
// with a body that repeats what it was sent, as it came and as it reads.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { portOf } from '../support/loopback.ts';
import { root } from '../support/root.ts';
import { found } from './canaries.ts';
import type { Canary } from './canaries.ts';

export function fixture(name: string): string {
  return join(root, 'fixtures', 'tls', name);
}

export class Tunnel {
  readonly #servers: readonly Server[];
  readonly #sockets = new Set<Socket>();
  /** `host:port` of the proxy, and of the upstream behind TLS. */
  readonly proxy: string;
  readonly secure: string;

  private constructor(servers: readonly Server[]) {
    this.#servers = servers;
    const [proxy = '', secure = ''] = servers.map((server) => `127.0.0.1:${portOf(server.address())}`);
    this.proxy = proxy;
    this.secure = secure;
    for (const server of servers) server.on('connection', (socket: Socket) => this.#sockets.add(socket));
  }

  /** `upstream`: `host:port` of what is behind; `seen` is told which of the canaries came to the proxy. */
  static async listen(upstream: string, canaries: readonly Canary[], seen: (canary: Canary) => void): Promise<Tunnel> {
    const files = {
      cert: readFileSync(fixture('corp-server.cert.pem')),
      key: readFileSync(fixture('corp-server.key.pem')),
    };
    const secure = createTlsServer(files, (socket) => joined(socket, upstream));
    secure.on('tlsClientError', () => {});
    const proxy = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (head) => {
        const text = head.toString('latin1');
        const credentials = Buffer.from(/authorization: Basic (\S+)/i.exec(text)?.[1] ?? '', 'base64').toString();
        for (const canary of canaries) if (found(canary, credentials) > 0) seen(canary);
        if (credentials.startsWith('known:')) {
          socket.write('HTTP/1.1 200 OK\r\n\r\n');
          joined(socket, /^CONNECT (\S+)/.exec(text)?.[1] ?? '');
          return;
        }
        const body = `Not you: ${credentials} ${text}`;
        socket.end(
          `HTTP/1.1 407 Not ${encodeURIComponent(credentials)}\r\nproxy-authenticate: Basic realm="${credentials}"\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
      });
    });
    for (const server of [proxy, secure]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return new Tunnel([proxy, secure]);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) {
      server.close();
      await once(server, 'close');
    }
  }
}

function joined(socket: Socket, address: string): void {
  const [host, port] = address.split(':');
  const other = connect(Number(port), host);
  for (const [from, to] of [
    [socket, other],
    [other, socket],
  ] as const) {
    from.on('error', () => to.destroy());
    from.pipe(to);
  }
}
