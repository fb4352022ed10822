// The pooled client over TLS, in a process of its own that trusts the fixture's certificate as a user would
// have it do: by NODE_EXTRA_CA_CERTS. The process does not close the client, and ends all the same: a kept
// connection keeps nobody alive.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { runToEnd } from '../../../support/bundle.ts';
import { rawServer, reply } from '../../../support/loopback.ts';
import { root } from '../../../support/root.ts';
import { tlsServer, untrustedCert } from './tls.ts';

/** Asks each address in turn and prints what came; `other.test` is resolved to loopback. */
const CODE = `
  import { systemClock } from '${root}/src/core/clock.ts';
  import { CancelSource } from '${root}/src/core/context.ts';
  import { pooledFetch } from '${root}/src/providers/http/pooled-fetch.ts';
  const lookup = (name, options, done) =>
    name === 'other.test' ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(new Error('unexpected'));
  for (const url of process.argv.slice(1)) {
    const send = pooledFetch({ clock: systemClock, ...(url.includes('other.test') ? { lookup } : {}) });
    for (let i = 0; i < 2; i++) {
      try {
        const cancel = new CancelSource();
        const { body } = await send(url, { method: 'POST', headers: {}, body: '{}', cancel, connectTimeoutMs: 10_000 });
        for await (const part of body) console.log(String(part));
      } catch (fault) {
        console.log(fault.kind, fault.message);
      }
    }
  }
`;

async function asked(urls: readonly string[], env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { stdout, stderr, code } = await runToEnd(['--import', 'tsx', '--input-type=module', '-e', CODE, ...urls], env);
  assert.equal(code, 0, stderr);
  return stdout.trimEnd().split('\n');
}

describe('a certificate that a file vouches for', () => {
  test('is accepted, by name and by address; the connection is kept, and keeps nobody alive', async (t) => {
    const hellos: (readonly [sni: unknown, alpn: unknown])[] = [];
    const server = await tlsServer(t, (socket: TLSSocket) => {
      hellos.push(['servername' in socket && socket.servername, socket.alpnProtocol]);
      socket.on('data', () => socket.write(reply('ok')));
    });
    const urls = [`https://localhost:${server.port}/`, `https://127.0.0.1:${server.port}/`];
    const lines = await asked(urls, { NODE_EXTRA_CA_CERTS: untrustedCert });
    assert.deepEqual(lines, ['ok', 'ok', 'ok', 'ok']);
    assert.deepEqual(hellos, [
      ['localhost', 'http/1.1'],
      [false, 'http/1.1'],
    ]);
  });

  test('is not accepted for another name', async (t) => {
    const server = await tlsServer(t, () => {});
    const lines = await asked([`https://other.test:${server.port}/`], { NODE_EXTRA_CA_CERTS: untrustedCert });
    const line = `NETWORK The TLS certificate of other.test:${server.port} is not accepted: it is made out to another name (ERR_TLS_CERT_ALTNAME_INVALID).`;
    assert.deepEqual(lines, [line, line]);
  });

  test('shortens the next handshake', async (t) => {
    const reused: boolean[] = [];
    const server = await tlsServer(t, (socket) => {
      reused.push(socket.isSessionReused());
      socket.on('data', () => socket.end(reply('ok', '200 OK', 'connection: close\r\n')));
    });
    const lines = await asked([`https://localhost:${server.port}/`], { NODE_EXTRA_CA_CERTS: untrustedCert });
    assert.deepEqual(lines, ['ok', 'ok']);
    assert.deepEqual(reused, [false, true]);
  });
});

test('without TLS, a kept connection keeps nobody alive either', async (t) => {
  const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
  assert.deepEqual(await asked([`${server.origin}/`], {}), ['ok', 'ok']);
  assert.equal(server.connections(), 1);
});
