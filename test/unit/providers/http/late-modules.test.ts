// Node's modules for TLS and packing are loaded with the first request that needs them and never at start, and
// its HTTP client not at all: PERFORMANCE.md, known to work 1 to 3. Seen from a bundle like the one that ships, in a process of its own.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { build } from 'esbuild';
import { runToEnd } from '../../../support/bundle.ts';
import { listen, rawServer, reply } from '../../../support/loopback.ts';
import { root } from '../../../support/root.ts';

/** Makes both clients, then asks `ARGV` with the pooled one if there is such an address. */
const ENTRY = `
  import { systemClock } from './src/core/clock.ts';
  import { CancelSource } from './src/core/context.ts';
  import { globalFetch } from './src/providers/http/global-fetch.ts';
  import { pooledFetch } from './src/providers/http/pooled-fetch.ts';
  const [send] = [pooledFetch({ clock: systemClock }), globalFetch()];
  const url = process.argv[2];
  const done = url === undefined
    ? Promise.resolve()
    : send(url, { method: 'GET', headers: {}, cancel: new CancelSource(), connectTimeoutMs: 5000 })
        .then(async ({ body }) => { for await (const part of body) console.error(String(part)); });
  done.catch(() => {}).then(() => console.log(process.moduleLoadList.join('\\n')));
`;

async function loadedBy(t: TestContext, ...args: readonly string[]): Promise<ReadonlySet<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'late-modules-'));
  t.after(() => rm(folder, { recursive: true }));
  const outfile = join(folder, 'entry.cjs');
  const stdin = { contents: ENTRY, resolveDir: root, loader: 'ts' } as const;
  await build({ stdin, outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
  const { stdout, stderr, code } = await runToEnd([outfile, ...args], {});
  assert.equal(code, 0, stderr);
  assert.ok(stdout.includes('NativeModule events\n'), 'the list of modules has another form');
  return new Set(stdout.split('\n'));
}

const CLIENT = 'NativeModule _http_client';
const HEAVY = [
  'NativeModule internal/deps/undici/undici',
  'NativeModule https',
  'NativeModule tls',
  'NativeModule zlib',
];

function heavyIn(loaded: ReadonlySet<string>): readonly string[] {
  return HEAVY.filter((module) => loaded.has(module));
}

test('making the clients loads nothing', async (t) => {
  const loaded = await loadedBy(t);
  assert.deepEqual(heavyIn(loaded), []);
  assert.ok(!loaded.has(CLIENT));
});

test('a plain request loads no HTTP module of Node', async (t) => {
  const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
  const loaded = await loadedBy(t, server.origin);
  assert.deepEqual(heavyIn(loaded), []);
  assert.ok(!loaded.has(CLIENT));
  assert.ok(loaded.has('NativeModule net'));
  assert.equal(server.seen.length, 1);
});

test('a request over TLS loads what it needs', async (t) => {
  const port = await listen(
    t,
    createServer((socket) => socket.destroy()),
  );
  const loaded = await loadedBy(t, `https://127.0.0.1:${port}/`);
  assert.ok(loaded.has('NativeModule tls'));
  assert.ok(!loaded.has('NativeModule https') && !loaded.has(CLIENT));
});
