// One connection taken apart, over real sockets on loopback: which layers there are, what each tells, where it ends.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { CancelSource } from '../../../../src/core/context.ts';
import { systemClock } from '../../../../src/core/clock.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { probeConnection } from '../../../../src/providers/http/probe.ts';
import type { Layer, ProbeOptions } from '../../../../src/providers/http/probe.ts';
import { FakeClock } from '../../../support/clock.ts';
import { listen } from '../../../support/loopback.ts';
import { testProxy } from './proxies.ts';
import { pem, tlsServer } from './tls.ts';

type Lookup = NonNullable<ProbeOptions['lookup']>;

/** Answers later, as the system's does. */
function resolving(...addresses: readonly string[]): Lookup {
  const missing = Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  return (_name, _options, done) => {
    setImmediate(
      done,
      addresses.length === 0 ? missing : null,
      addresses.map((address) => ({ address, family: 4 })),
    );
  };
}

async function probed(url: string, options: Partial<ProbeOptions> = {}): Promise<readonly Layer[]> {
  const shared = {
    route: {},
    clock: systemClock,
    connectMs: 10_000,
    cancel: new CancelSource(),
    lookup: resolving('127.0.0.1'),
  };
  return probeConnection(url, { ...shared, ...options });
}

/** Without the times; a fault as its message. */
function seen(layers: readonly Layer[]): unknown[] {
  return layers.map(({ ms, fault, ...layer }) => {
    assert.ok(ms >= 0);
    return fault === undefined ? layer : { ...layer, fault: fault.message };
  });
}

async function plainServer(t: Parameters<typeof listen>[0]): Promise<number> {
  return listen(
    t,
    createServer(() => {}),
  );
}

describe('without TLS', () => {
  test('a name is resolved, and an address answers; no request is sent', async (t) => {
    let bytes = 0;
    const server = createServer((socket) => socket.on('data', (data: Buffer) => (bytes += data.length)));
    const port = await listen(t, server);
    const begun: string[] = [];
    const layers = await probed(`http://llm.test:${port}/v1`, { onLayer: (name) => begun.push(name) });
    assert.deepEqual(seen(layers), [
      { name: 'dns', addresses: ['127.0.0.1'] },
      { name: 'tcp', missed: [], peer: `127.0.0.1:${port}` },
    ]);
    assert.deepEqual(begun, ['dns', 'tcp']);
    assert.equal(bytes, 0);
  });

  test('an address needs no name', async (t) => {
    const port = await plainServer(t);
    assert.deepEqual(seen(await probed(`http://127.0.0.1:${port}/`)), [
      { name: 'tcp', missed: [], peer: `127.0.0.1:${port}` },
    ]);
  });

  test('a name that nobody knows', async () => {
    assert.deepEqual(seen(await probed('http://gone.test/', { lookup: resolving() })), [
      { name: 'dns', addresses: [], fault: 'The name in gone.test:80 was not found by DNS (ENOTFOUND).' },
    ]);
  });

  test('an address that refuses, before one that answers', async (t) => {
    const port = await plainServer(t);
    const lookup = resolving('127.0.0.9', '127.0.0.1');
    const layers = await probed(`http://llm.test:${port}/`, { lookup });
    assert.deepEqual(seen(layers).at(-1), {
      name: 'tcp',
      missed: ['127.0.0.9 (ECONNREFUSED)'],
      peer: `127.0.0.1:${port}`,
    });
  });
});

describe('with TLS', () => {
  test('the certificate is told, trusted or not', async (t) => {
    const { port } = await tlsServer(t, () => {});
    const certificate = {
      subject: 'untrusted.test',
      issuer: 'untrusted.test',
      validFrom: Date.UTC(2020, 0, 1),
      validTo: Date.UTC(2120, 0, 1),
    };
    const tls = { name: 'tls', protocol: 'TLSv1.3', certificate };
    const url = `https://127.0.0.1:${port}/`;
    const fault = `The TLS certificate of 127.0.0.1:${port} is not accepted: nobody we trust has signed it (DEPTH_ZERO_SELF_SIGNED_CERT).`;
    assert.deepEqual(seen(await probed(url)).at(-1), { ...tls, fault });
    const route = { tls: { ca: pem('untrusted.cert') } };
    assert.deepEqual(seen(await probed(url, { route })).at(-1), tls);
  });

  test('a server without TLS shows none', async (t) => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const port = await listen(t, server);
    assert.deepEqual(seen(await probed(`https://127.0.0.1:${port}/`)).at(-1), {
      name: 'tls',
      fault: `No TLS connection could be agreed with 127.0.0.1:${port} (ERR_SSL_WRONG_VERSION_NUMBER).`,
    });
  });

  test('settings that cannot be used are no layer', async () => {
    const route = { tls: { cert: 'no certificate', key: 'no key' } };
    await assert.rejects(probed('https://127.0.0.1:9/', { route }), { kind: 'CONFIG' });
  });
});

describe('by a proxy', () => {
  test('the tunnel is a layer between the proxy and the certificate', async (t) => {
    const { port } = await tlsServer(t, () => {}, { as: 'corp-server' });
    const proxy = await testProxy(t);
    const route = { proxies: { https: `http://127.0.0.1:${proxy.port}` }, tls: { ca: pem('corp-ca.cert') } };
    const layers = await probed(`https://localhost.example:${port}/`, {
      route: { ...route, tls: { ...route.tls, serverName: 'localhost' } },
    });
    assert.deepEqual(
      layers.map(({ name, fault }) => [name, fault]),
      [
        ['tcp', undefined],
        ['proxy', undefined],
        ['tls', undefined],
      ],
    );
    assert.deepEqual(layers[1]?.proxy, { where: `127.0.0.1:${proxy.port}`, setting: 'HTTPS_PROXY', isTunnel: true });
    assert.match(proxy.heads.join(''), /^CONNECT localhost\.example:/);
  });

  test('one that wants a password is where it ends', async (t) => {
    const answer = 'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="x"\r\n\r\n';
    const proxy = await testProxy(t, { answer: (socket) => socket.end(answer) });
    const layers = await probed('https://llm.example/', { route: { proxy: `http://127.0.0.1:${proxy.port}` } });
    assert.deepEqual(
      layers.map(({ name, fault }) => [name, fault?.message]),
      [
        ['tcp', undefined],
        ['proxy', `The proxy 127.0.0.1:${proxy.port} asks for a user name and a password (407).`],
      ],
    );
  });
});

test('the clock ends it in the layer at hand, and closes the connection', async (t) => {
  const clock = new FakeClock();
  let isClosed: Promise<void> | undefined;
  const server = createServer((socket) => {
    isClosed = new Promise((resolve) => void socket.on('close', () => resolve()));
    // Its hello has come: it is in the middle of TLS.
    socket.once('data', () => clock.advance(5000));
  });
  const port = await listen(t, server);
  const layers = await probed(`https://127.0.0.1:${port}/`, { clock, connectMs: 5000 });
  assert.deepEqual(seen(layers).at(-1), {
    name: 'tls',
    fault: `Connecting to 127.0.0.1:${port} took longer than 5 s.`,
  });
  await isClosed;
  assert.equal(clock.pending, 0);
});

test('a cancel ends it', async (t) => {
  const cancel = new CancelSource();
  const server = createServer(
    (socket) => void socket.once('data', () => cancel.cancel(new Fault('CANCELLED', 'Enough.'))),
  );
  const port = await listen(t, server);
  const layers = await probed(`https://127.0.0.1:${port}/`, { cancel });
  assert.deepEqual(seen(layers).at(-1), { name: 'tls', fault: 'Enough.' });
});
