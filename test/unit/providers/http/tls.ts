// A TLS server on loopback whose certificate nobody vouches for (fixtures/tls; its key is no secret).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { listen } from '../../../support/loopback.ts';
import { root } from '../../../support/root.ts';

/** Its certificate, for whoever is to trust it. It is made out to localhost and 127.0.0.1. */
export const untrustedCert: string = join(root, 'fixtures', 'tls', 'untrusted.cert.pem');

export interface TlsServer {
  readonly port: number;
  connections(): number;
}

/** Hands every connection to `serve` once its handshake is done. */
export async function tlsServer(t: TestContext, serve: (socket: TLSSocket) => void): Promise<TlsServer> {
  const pem = (part: string): Buffer => readFileSync(join(root, 'fixtures', 'tls', `untrusted.${part}.pem`));
  let connections = 0;
  const server = createServer({ cert: pem('cert'), key: pem('key'), ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    connections++;
    socket.on('error', () => {});
    serve(socket);
  });
  return { port: await listen(t, server), connections: () => connections };
}

/** Node reads this at every handshake; it is the only way to trust the fixture without a setting of ours. */
export async function trusting(run: () => Promise<void>): Promise<void> {
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    await run();
  } finally {
    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  }
}
