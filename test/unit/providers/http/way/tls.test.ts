// Each provider's own TLS: a private authority, a client certificate, another name; and Unix sockets.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { Fault } from '../../../../../src/core/fault.ts';
import type { Route } from '../../../../../src/providers/http/way/route.ts';
import { reply } from '../../../../support/loopback.ts';
import { asking, faultOf, openPooled, settled, textOf } from '../clients.ts';
import { pem, tlsServer } from '../tls.ts';
import type { TlsServerOptions } from '../tls.ts';

const post = asking({ method: 'POST', body: '{}' });
const ca = pem('corp-ca.cert');
const client = { cert: pem('corp-client.cert'), key: pem('corp-client.key') };

async function server(t: TestContext, options: TlsServerOptions): Promise<{ port: number; names: unknown[] }> {
  const names: unknown[] = [];
  const { port } = await tlsServer(
    t,
    (socket: TLSSocket) => {
      names.push('servername' in socket && socket.servername);
      socket.on('data', () => socket.write(reply(String(socket.getPeerCertificate().subject?.CN ?? 'nobody'))));
    },
    options,
  );
  return { port, names };
}

describe('TLS as a provider is set', () => {
  async function ask(t: TestContext, url: string, route: Route): Promise<string> {
    return textOf(await openPooled(t, { route })(url, post));
  }

  async function refused(t: TestContext, url: string, route: Route): Promise<Fault> {
    const fault = await faultOf(openPooled(t, { route })(url, post));
    assert.deepEqual([fault.kind, fault.data.upstreamCode, fault.retry], ['NETWORK', 'tls', 'elsewhere']);
    return fault;
  }

  test('a private authority is trusted by the provider that names it, and by no other', async (t) => {
    const { port } = await server(t, { as: 'corp-server' });
    const url = `https://localhost:${port}/`;
    assert.equal(await ask(t, url, { tls: { ca } }), 'nobody');
    assert.equal(await ask(t, url, { authorities: ca }), 'nobody');
    // Its own authority counts instead of all others.
    for (const route of [{}, { authorities: ca, tls: { ca: pem('untrusted.cert') } }]) {
      const fault = await refused(t, url, route);
      assert.match(fault.message, /is not accepted: nobody we trust has signed it \(UNABLE_TO_\w+\)\.$/);
      assert.match(fault.data.next ?? '', /tls\.ca of the provider, or in NODE_EXTRA_CA_CERTS/);
    }
  });

  test('a client certificate is shown to a server that asks', async (t) => {
    const { port } = await server(t, { as: 'corp-server', wantsClients: true });
    const url = `https://localhost:${port}/`;
    assert.equal(await ask(t, url, { tls: { ca, ...client } }), 'a client of the tests');
    const fault = await refused(t, url, { tls: { ca } });
    assert.match(fault.message, /^localhost:\d+ wants a client certificate, or another one \(ERR_SSL_\w+\)\.$/);
    assert.match(fault.data.next ?? '', /^Set tls\.cert and tls\.key/);
  });

  test('a key that is not that of the certificate is CONFIG, at every call', async (t) => {
    const tls = { ca, cert: client.cert, key: pem('corp-server.key') };
    const send = openPooled(t, { route: { tls } });
    for (let i = 0; i < 2; i++) {
      const fault = await faultOf(send('https://localhost:1/', post));
      assert.equal(fault.kind, 'CONFIG');
      assert.equal(fault.message, 'The tls settings of the provider cannot be used together.');
    }
  });

  test('another name is asked for and checked', async (t) => {
    const { port, names } = await server(t, { as: 'corp-server' });
    const url = `https://127.0.0.1:${port}/`;
    assert.equal(await ask(t, url, { tls: { ca, serverName: 'llm.corp.test' } }), 'nobody');
    assert.equal(await ask(t, `https://localhost:${port}/`, { tls: { ca, serverName: '127.0.0.1' } }), 'nobody');
    assert.equal(await ask(t, url, { tls: { ca, serverName: '0:0::1' } }), 'nobody');
    assert.deepEqual(names, ['llm.corp.test', false, false]);
    for (const serverName of ['other.test', '127.0.0.2', '::2']) {
      const fault = await refused(t, url, { tls: { ca, serverName } });
      assert.match(
        fault.message,
        /is not accepted: it is made out to another name \(ERR_TLS_CERT_ALTNAME_INVALID\)\.$/,
      );
      assert.match(fault.data.next ?? '', /tls\.serverName/);
    }
  });

  test('a certificate that has expired says so', async (t) => {
    const { port } = await server(t, { as: 'corp-expired' });
    const fault = await refused(t, `https://localhost:${port}/`, { tls: { ca } });
    assert.match(fault.message, /is not accepted: it is not valid today \(CERT_HAS_EXPIRED\)\.$/);
  });
});

describe('a Unix socket', () => {
  async function socketPath(t: TestContext): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'sock-'));
    t.after(() => rm(folder, { recursive: true }));
    return join(folder, 'llm.sock');
  }

  /** Closed once the client's connections are, which the test closes after this. */
  async function listenAt(t: TestContext, listening: Server, path: string): Promise<void> {
    await new Promise<void>((resolve) => listening.listen(path, resolve));
    t.after(() => void listening.close());
  }

  test('is connected to in place of the host, and kept; no proxy is asked', async (t) => {
    const path = await socketPath(t);
    const heads: string[] = [];
    let connections = 0;
    const listening = createServer((socket) => {
      connections++;
      socket.on('data', (bytes) => (heads.push(String(bytes)), socket.write(reply('ok'))));
    });
    await listenAt(t, listening, path);
    const send = openPooled(t, { route: { socketPath: path, proxies: { all: 'http://nowhere.test:1' } } });
    for (let i = 0; i < 2; i++) {
      assert.equal(await textOf(await send('http://llm.corp.test/v1', post)), 'ok');
      await settled(() => heads.length);
    }
    assert.match(heads[0] ?? '', /^POST \/v1 HTTP\/1\.1\r\nhost: llm\.corp\.test\r\n/);
    assert.equal(connections, 1);
  });

  test('may speak TLS, checked by the host of the URL', async (t) => {
    const path = await socketPath(t);
    const listening = createTlsServer({ cert: pem('corp-server.cert'), key: pem('corp-server.key') }, (socket) => {
      socket.on('data', () => socket.write(reply('ok')));
      socket.on('error', () => {});
    });
    await listenAt(t, listening, path);
    const send = openPooled(t, { route: { socketPath: path, tls: { ca } } });
    assert.equal(await textOf(await send('https://llm.corp.test/', post)), 'ok');
    assert.equal((await faultOf(send('https://other.test/', post))).data.upstreamCode, 'tls');
  });

  test('that is not there is NETWORK refused', async (t) => {
    const path = await socketPath(t);
    const fault = await faultOf(openPooled(t, { route: { socketPath: path } })('http://llm.corp.test/', post));
    assert.deepEqual([fault.kind, fault.data.upstreamCode], ['NETWORK', 'refused']);
    assert.equal(fault.message, `There is no Unix socket for llm.corp.test:80 (by the socket ${path}) (ENOENT).`);
  });
});
