// Our client through real forward proxies with authentication, and TLS with a private authority and client
// certificates behind them, on the oldest and a newer Node: `make network`. The client runs as it ships, bundled, in
// a process of its own; the servers are here. A proxy that is not installed is skipped with one line.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { build } from 'esbuild';
import { chunk, chunkedHead, listen, rawServer, reply } from '../support/loopback.ts';
import { root } from '../support/root.ts';
import { pem, tlsServer } from '../unit/providers/http/tls.ts';
import { isInstalled, SQUID, start, TINYPROXY } from './forward-proxies.ts';
import type { ForwardProxy } from './forward-proxies.ts';

/** Asks one address several times by one route; prints an answer, or a Fault, a line. */
const CLIENT = `
  import { systemClock } from './src/core/clock.ts';
  import { CancelSource } from './src/core/context.ts';
  import { pooledFetch } from './src/providers/http/pooled-fetch.ts';
  const { url, route, times } = JSON.parse(process.argv[2]);
  const send = pooledFetch({ clock: systemClock, route });
  (async () => {
    for (let i = 0; i < times; i++) {
      try {
        const cancel = new CancelSource();
        const { status, body } = await send(url, { method: 'POST', headers: {}, body: '{}', cancel, connectTimeoutMs: 10_000 });
        let text = '';
        for await (const part of body) text += part;
        console.log(JSON.stringify({ status, text }));
      } catch ({ kind, message, data }) {
        console.log(JSON.stringify({ kind, message, ...data }));
      }
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    }
  })();
`;

const folder = mkdtempSync(join(tmpdir(), 'network-'));
const client = join(folder, 'client.cjs');
const found = ['20', '24']
  .map((major) => join(root, `test/nodes/node_modules/node-${major}/bin/node`))
  .filter((path) => existsSync(path));
const nodes = found.length > 0 ? found : [process.execPath];

before(async () => {
  const stdin = { contents: CLIENT, resolveDir: root, loader: 'ts' } as const;
  await build({ stdin, outfile: client, bundle: true, platform: 'node', format: 'cjs', target: 'node20.16' });
});
after(() => rmSync(folder, { recursive: true }));

type Line = Readonly<Record<string, unknown>>;

/** The client does not close its connections, and must end all the same. */
async function asked(node: string, url: string, route: object, times = 1): Promise<readonly Line[]> {
  const child = spawn(node, [client, JSON.stringify({ url, route, times })], { env: {}, timeout: 20_000 });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.pipe(process.stderr);
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(code, 0);
  return out
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line));
}

const tls = { ca: pem('corp-ca.cert'), cert: pem('corp-client.cert'), key: pem('corp-client.key') };

/** Tells those who show our client certificate who they are. */
async function mutual(t: TestContext): Promise<{ port: number; connections(): number }> {
  return tlsServer(
    t,
    (socket) => socket.on('data', () => socket.write(reply(String(socket.getPeerCertificate().subject.CN)))),
    { as: 'corp-server', wantsClients: true },
  );
}

async function closedPort(t: TestContext): Promise<number> {
  const unused = createServer();
  const port = await listen(t, unused);
  await new Promise((resolve) => unused.close(resolve));
  return port;
}

for (const kind of [TINYPROXY, SQUID]) {
  const isThere = isInstalled(kind);
  if (!isThere) console.log(`${kind.name} is not installed: skipped.`);
  for (const node of nodes) {
    const at = /node-\d+/.exec(node)?.[0] ?? 'this node';
    // Squid alone can be told names that are not in DNS.
    const host = kind === SQUID ? 'llm.corp.test' : 'localhost';
    describe(`${kind.name}, ${at}`, { skip: !isThere, timeout: 60_000 }, () => {
      let proxy: ForwardProxy;
      before(async () => (proxy = await start(kind)));
      after(() => proxy.stop());
      const own = (credentials = `${proxy.credentials}@`): string => `http://${credentials}127.0.0.1:${proxy.port}`;
      const where = (): string => `127.0.0.1:${proxy.port}`;

      test('opens a tunnel, once, for TLS with a private authority and a client certificate', async (t) => {
        const server = await mutual(t);
        const lines = await asked(node, `https://${host}:${server.port}/v1`, { proxy: own(), tls }, 3);
        assert.deepEqual(
          lines,
          Array.from({ length: 3 }, () => ({ status: 200, text: 'a client of the tests' })),
        );
        assert.equal(server.connections(), 1);
      });

      test('a long stream comes through it whole', async (t) => {
        const server = await tlsServer(
          t,
          (socket) =>
            socket.once('data', () => {
              socket.write(chunkedHead());
              for (let i = 0; i < 500; i++) socket.write(chunk(`data: ${i}\n\n`));
              socket.write(chunk(''));
            }),
          { as: 'corp-server' },
        );
        const [line] = await asked(node, `https://${host}:${server.port}/`, { proxy: own(), tls });
        const text = Array.from({ length: 500 }, (_, i) => `data: ${i}\n\n`).join('');
        assert.deepEqual(line, { status: 200, text });
      });

      test('is handed requests to http', async (t) => {
        const server = await rawServer(t, ({ socket }) => socket.write(reply('plain')));
        const lines = await asked(node, `http://${host}:${server.port}/v1?a=1`, { proxy: own() }, 2);
        assert.deepEqual(
          lines,
          Array.from({ length: 2 }, () => ({ status: 200, text: 'plain' })),
        );
        assert.match(server.seen[0]?.head ?? '', /^POST \/v1\?a=1 HTTP\/1\.[01]\r\n/);
        assert.doesNotMatch(server.seen[0]?.head ?? '', /proxy-authorization/i);
      });

      test('is told apart when it wants a password, or another one', async (t) => {
        const server = await mutual(t);
        for (const url of [`https://${host}:${server.port}/`, `http://${host}:${server.port}/`]) {
          const [none] = await asked(node, url, { proxy: own(''), tls });
          assert.equal(none?.['message'], `The proxy ${where()} asks for a user name and a password (407).`);
          const [wrong] = await asked(node, url, { proxy: own('user:pa55word@'), tls });
          assert.match(String(wrong?.['message']), /does not accept the user name and the password/);
          assert.doesNotMatch(JSON.stringify(wrong), /pa55word/);
          for (const line of [none, wrong]) {
            assert.deepEqual(
              [line?.['kind'], line?.['upstreamCode'], line?.['retry']],
              ['NETWORK', 'proxy', 'elsewhere'],
            );
          }
        }
        assert.equal(server.connections(), 0);
      });

      test('says when it cannot reach a server', async (t) => {
        const port = await closedPort(t);
        const [line] = await asked(node, `https://${host}:${port}/`, { proxy: own(), tls });
        assert.deepEqual([line?.['kind'], line?.['upstreamCode'], line?.['retry']], ['NETWORK', 'proxy', 'again']);
        assert.match(String(line?.['message']), /^The proxy 127\.0\.0\.1:\d+ did not connect to \S+ \(50\d\)\.$/);
      });

      test('of the environment is passed by for what NO_PROXY names', async (t) => {
        const server = await mutual(t);
        const url = `https://${host}:${server.port}/`;
        const proxies = { all: own() };
        // Only the proxy knows the name; loopback is never asked of one.
        const [by] = await asked(node, url, { proxies, tls });
        assert.deepEqual(by, { status: 200, text: 'a client of the tests' });
        const [past] = await asked(node, url, { proxies: { ...proxies, no: '.corp.test' }, tls });
        if (kind === SQUID) assert.equal(past?.['upstreamCode'], 'dns');
        else assert.deepEqual(past, by);
      });

      test('that is spoken to by TLS', { skip: kind !== SQUID }, async (t) => {
        const server = await mutual(t);
        const route = { proxy: `https://${proxy.credentials}@localhost:${proxy.tlsPort}`, authorities: tls.ca, tls };
        const lines = await asked(node, `https://${host}:${server.port}/`, route, 2);
        assert.deepEqual(
          lines,
          Array.from({ length: 2 }, () => ({ status: 200, text: 'a client of the tests' })),
        );
        assert.equal(server.connections(), 1);
        const [untrusted] = await asked(node, `https://${host}:${server.port}/`, { ...route, authorities: undefined });
        assert.deepEqual([untrusted?.['upstreamCode'], untrusted?.['retry']], ['proxy', 'elsewhere']);
      });
    });
  }
}
