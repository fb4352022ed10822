// A forward proxy on loopback that does what a test says: it records each CONNECT, and opens the tunnel to the same
// port of loopback, whatever the host is called, unless told otherwise.

import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { listen } from '../../../support/loopback.ts';
import { pem } from './tls.ts';

export interface ProxyScript {
  /** Spoken to by TLS; its certificate is `corp-server`'s. */
  readonly isTls?: boolean;
  readonly host?: string;
  /** Answers the CONNECT in place of the proxy; nothing is opened then. */
  readonly answer?: (socket: Socket, head: string) => void;
  /** What it says when it has opened a tunnel. */
  readonly opened?: string;
}

export interface TestProxy {
  readonly port: number;
  /** The heads of what it was asked. */
  readonly heads: string[];
  connections(): number;
}

export const OPENED = 'HTTP/1.1 200 Connection established\r\n\r\n';

export async function testProxy(t: TestContext, script: ProxyScript = {}): Promise<TestProxy> {
  const heads: string[] = [];
  let connections = 0;
  const serve = (socket: Socket): void => {
    connections++;
    socket.on('error', () => {});
    let held = '';
    const take = (bytes: Buffer): void => {
      held += bytes.toString('latin1');
      if (!held.includes('\r\n\r\n')) return;
      socket.off('data', take);
      heads.push(held);
      if (script.answer === undefined) splice(socket, held, script.opened ?? OPENED);
      else script.answer(socket, held);
    };
    socket.on('data', take);
  };
  const server =
    script.isTls === true
      ? createTlsServer({ cert: pem('corp-server.cert'), key: pem('corp-server.key') }, serve)
      : createServer(serve);
  return { port: await listen(t, server, script.host), heads, connections: () => connections };
}

function splice(socket: Socket, head: string, opened: string): void {
  const port = Number(/^CONNECT \S+:(\d+) HTTP\/1\.1\r\n/.exec(head)?.[1]);
  const far = connect(port, '127.0.0.1', () => {
    socket.write(opened);
    socket.pipe(far).pipe(socket);
  });
  far.on('error', () => socket.destroy());
  far.on('close', () => socket.destroy());
  socket.on('close', () => far.destroy());
}
