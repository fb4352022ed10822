// Pages that try to reach a server on the machine of whoever reads them: by a name that they point at it (DNS
// rebinding), and from an origin of their own. MCP.md 4.1.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rawClient } from '../support/raw-client.ts';
import { startServer } from './server-program.ts';

type Headers = Readonly<Record<string, string>>;

/** Statuses of POST /mcp with these headers, the Host among them. */
async function statuses(
  t: Parameters<typeof startServer>[0],
  env: Headers,
  asked: readonly Headers[],
): Promise<readonly number[]> {
  const { port } = await startServer(t, env);
  const found: number[] = [];
  for (const headers of asked) {
    const client = await rawClient(t, port);
    const fields = Object.entries(headers).map(
      ([name, value]) => `${name}: ${value.replace('PORT', String(port))}\r\n`,
    );
    client.send(`POST /mcp HTTP/1.1\r\n${fields.join('')}content-length: 0\r\nconnection: close\r\n\r\n`);
    await client.closed();
    found.push(client.statuses[0] ?? 0);
  }
  return found;
}

const BAD_HOSTS = [
  'evil.example',
  'localhost.evil.example:PORT',
  '127.0.0.1.evil.example',
  'evil.localhost',
  '0.0.0.0:PORT',
];
const MORE_BAD_HOSTS = [
  'localhost:PORT@evil.example',
  'localhostx',
  '127.0.0.1:x',
  '10.0.0.1',
  '[::2]:PORT',
  'localhost.',
];
const GOOD_HOSTS = ['localhost', 'LOCALHOST:PORT', '127.0.0.1:PORT', '127.0.0.1:9', '[::1]:PORT'];
const BAD_ORIGINS = ['https://evil.example', 'null', 'http://localhost.evil.example', 'http://localhost@evil.example'];
const MORE_BAD_ORIGINS = [
  'file://',
  'http://127.0.0.1.nip.io',
  'localhost',
  'http://localhost, https://evil.example',
  '',
];
const GOOD_ORIGINS = ['http://localhost:6274', 'https://127.0.0.1', 'http://[::1]:PORT'];

test('on loopback a foreign Host is refused', async (t) => {
  const bad = [...BAD_HOSTS, ...MORE_BAD_HOSTS];
  const found = await statuses(
    t,
    {},
    bad.map((host) => ({ host })),
  );
  assert.deepEqual(
    found,
    bad.map(() => 403),
  );
});

test('on loopback a foreign Origin is refused', async (t) => {
  const bad = [...BAD_ORIGINS, ...MORE_BAD_ORIGINS];
  const found = await statuses(
    t,
    {},
    bad.map((origin) => ({ host: 'localhost', origin })),
  );
  assert.deepEqual(
    found,
    bad.map(() => 403),
  );
});

test('on loopback its own names and pages get by', async (t) => {
  const asked = [
    ...GOOD_HOSTS.map((host) => ({ host })),
    ...GOOD_ORIGINS.map((origin) => ({ host: 'localhost', origin })),
  ];
  const found = await statuses(t, {}, asked);
  assert.ok(!found.includes(403) && !found.includes(400), String(found));
});

test('a target with a name of its own counts, and not the Host', async (t) => {
  const { port } = await startServer(t);
  const client = await rawClient(t, port);
  client.send('POST http://evil.example/mcp HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  await client.closed();
  assert.deepEqual(client.statuses, [403]);
});

test('beyond loopback no Origin is allowed, and any Host, until they are named', async (t) => {
  const open = { HOST: '0.0.0.0', MCP_API_KEY: 'a-key-for-this-test-alone' };
  const asked = [{ host: 'any.example' }, { host: 'localhost', origin: 'http://localhost' }];
  const [host, origin] = await statuses(t, open, asked);
  assert.notEqual(host, 403);
  assert.equal(origin, 403);
});

test('what is named is allowed, and nothing else', async (t) => {
  const env = { MCP_ALLOWED_HOSTS: 'mcp.example,other.example:8443', MCP_ALLOWED_ORIGINS: 'https://app.example' };
  const host = 'mcp.example:1';
  const good = [{ host }, { host: 'other.example:8443' }, { host, origin: 'https://APP.example:443' }];
  const bad = [{ host: 'localhost' }, { host: 'other.example' }, { host, origin: 'http://app.example' }];
  const worse = [
    { host, origin: 'https://app.example:8443' },
    { host, origin: 'http://localhost' },
  ];
  const found = await statuses(t, env, [...good, ...bad, ...worse]);
  assert.ok(!found.slice(0, 3).includes(403), String(found));
  assert.deepEqual(found.slice(3), [403, 403, 403, 403, 403]);
});
