// TLS servers on loopback (fixtures/tls; the keys there are no secrets): with a certificate that nobody vouches for,
// or with one of a private authority, `corp-ca`, which has also signed a client certificate.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { listen } from '../../../support/loopback.ts';
import { root } from '../../../support/root.ts';

/** Its certificate, for whoever is to trust it. It is made out to localhost and 127.0.0.1. */
export const untrustedCert: string = join(root, 'fixtures', 'tls', 'untrusted.cert.pem');

/** The text of one of the fixtures. */
export function pem(name: string): string {
  return readFileSync(join(root, 'fixtures', 'tls', `${name}.pem`), 'utf8');
}

export interface TlsServerOptions {
  /** Whose certificate it shows. */
  readonly as?: 'untrusted' | 'corp-server' | 'corp-expired';
  /** Whether it serves those only who show a certificate of `corp-ca`. */
  readonly wantsClients?: boolean;
  readonly host?: string;
}

export interface TlsServer {
  readonly port: number;
  connections(): number;
}

/** Hands every connection to `serve` once its handshake is done. */
export async function tlsServer(
  t: TestContext,
  serve: (socket: TLSSocket) => void,
  { as = 'untrusted', wantsClients = false, host }: TlsServerOptions = {},
): Promise<TlsServer> {
  let connections = 0;
  const terms = {
    cert: pem(`${as}.cert`),
    key: pem(`${as}.key`),
    ALPNProtocols: ['h2', 'http/1.1'],
    ...(wantsClients ? { ca: pem('corp-ca.cert'), requestCert: true, rejectUnauthorized: true } : {}),
  };
  const server = createServer(terms, (socket) => {
    connections++;
    socket.on('error', () => {});
    serve(socket);
  });
  return { port: await listen(t, server, host), connections: () => connections };
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
