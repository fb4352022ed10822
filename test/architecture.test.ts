// The architecture as a test: who may import whom, who may touch what, and what the one file may weigh.
// The tables are literals on purpose: changing a rule is a reviewed line here, beside the rule's reason
// in src/README.md. Every check fails when it finds nothing to check.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { describe, test } from 'node:test';
import { importsOf, sourcesUnder } from './support/sources.ts';
import type { Source } from './support/sources.ts';
import { bundle, runToEnd } from './support/bundle.ts';
import { root } from './support/root.ts';

/** Room -> the rooms it may import besides itself. `gateway.ts` and `gateway/` may import every room but cli. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  wire: ['core'],
  protocol: ['core'],
  resilience: ['core'],
  observe: ['core'],
  config: ['core'],
  rpc: ['core', 'wire'],
  providers: ['core', 'wire'],
  routing: ['core', 'providers', 'resilience'],
  access: ['core', 'resilience'],
  jobs: ['core'],
  'openai-api': ['core', 'wire', 'providers', 'access'],
  catalog: ['core', 'protocol', 'providers', 'jobs'],
  server: ['core', 'rpc', 'protocol', 'catalog', 'jobs', 'access', 'resilience'],
  transports: ['core', 'wire', 'rpc', 'protocol'],
  mock: ['core', 'wire'],
  cli: ['core', 'config', 'observe', 'mock', 'gateway.ts'],
  gateway: [],
  'gateway.ts': [],
  'main.ts': ['core', 'cli'],
};

/** Node module -> the files (or folders) that may name it, if only for its types. */
const MAY_TOUCH: Readonly<Record<string, readonly string[]>> = {
  'node:http': [
    'src/core/builtin.ts',
    'src/gateway/http/health-probe.ts',
    'src/mock/server.ts',
    'src/transports/http/node-http.ts',
  ],
  'node:https': ['src/core/builtin.ts', 'src/gateway/http/health-probe.ts', 'src/transports/http/node-http.ts'],
  'node:net': ['src/core/builtin.ts', 'src/providers/http/', 'src/mock/server.ts', 'src/transports/http/node-http.ts'],
  'node:dns': ['src/core/builtin.ts', 'src/providers/http/'],
  'node:tls': ['src/core/builtin.ts', 'src/providers/http/', 'src/transports/http/node-http.ts'],
  'node:zlib': ['src/core/builtin.ts', 'src/providers/http/'],
  'node:crypto': [
    'src/core/builtin.ts',
    'src/core/digest.ts',
    'src/core/random.ts',
    'src/access/crypto.ts',
    'src/providers/http/way/dial.ts',
  ],
  'node:fs': [
    'src/core/builtin.ts',
    'src/config/files.ts',
    'src/config/reload/watch.ts',
    'src/catalog/files.ts',
    'src/main.ts',
  ],
  'node:child_process': ['src/core/builtin.ts', 'src/providers/command.ts'],
  'node:url': ['src/core/builtin.ts', 'src/providers/plugins.ts'],
  'node:v8': ['src/core/builtin.ts', 'src/catalog/request/file-budget.ts'],
  'node:stream': ['src/providers/http/', 'src/transports/stdio.ts', 'src/observe/sink.ts', 'src/cli/', 'src/main.ts'],
};

/** A global -> the only files whose code may name it. */
const GLOBALS: readonly { readonly name: string; readonly pattern: RegExp; readonly files: readonly string[] }[] = [
  { name: 'process', pattern: /\bprocess\s*[.[]/, files: ['src/main.ts', 'src/core/builtin.ts', 'src/core/clock.ts'] },
  {
    name: 'the clock',
    pattern: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bhrtime\b/,
    files: ['src/core/clock.ts'],
  },
  { name: 'timers', pattern: /\bset(?:Timeout|Interval|Immediate)\s*\(/, files: ['src/core/clock.ts'] },
  { name: 'modules from outside', pattern: /\bimport\((?!')/, files: ['src/providers/plugins.ts'] },
  { name: 'chance', pattern: /\bMath\.random\b|\brandomUUID\b/, files: ['src/core/random.ts'] },
];

const sources = sourcesUnder('src');

function roomOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function allows(files: readonly string[], path: string): boolean {
  return files.some((file) => path === file || (file.endsWith('/') && path.startsWith(file)));
}

/** Why `source` may not import `specifier`, or nothing when it may. */
function objection(source: Source, specifier: string): string | undefined {
  if (specifier.startsWith('node:')) {
    return allows(MAY_TOUCH[specifier] ?? [], source.path) ? undefined : `${source.path} may not touch ${specifier}`;
  }
  if (!specifier.startsWith('.')) return `${source.path} imports ${specifier}: there are no dependencies`;
  if (!specifier.endsWith('.ts')) return `${source.path} imports ${specifier} without its .ts`;
  const target = posix.join(posix.dirname(source.path), specifier);
  if (!sources.some(({ path }) => path === target)) return `${source.path} imports ${target}, which is not there`;
  const [from, to] = [roomOf(source.path), roomOf(target)];
  if (from === to || MAY_IMPORT[from]?.includes(to) === true) return undefined;
  if (from === 'gateway.ts' && to !== 'cli' && to !== 'main.ts') return undefined;
  if (from === 'gateway' && !['cli', 'main.ts', 'gateway.ts'].includes(to)) return undefined;
  return `${from} may not import ${to} (${source.path})`;
}

describe('sources', () => {
  test('there are some', () => {
    assert.ok(sources.length > 20, `only ${sources.length} files under src`);
    assert.ok(sources.flatMap(importsOf).length > 30, 'hardly an import was recognised');
  });

  test('every room is in the table', () => {
    const unknown = sources.map(({ path }) => roomOf(path)).filter((room) => MAY_IMPORT[room] === undefined);
    assert.deepEqual(unknown, []);
  });

  test('imports only point down', () => {
    const objections = sources.flatMap((source) =>
      importsOf(source).flatMap(({ specifier }) => objection(source, specifier) ?? []),
    );
    assert.deepEqual(objections, []);
  });

  test('the import rule notices what it forbids', () => {
    const intruder = (path: string, code: string): (string | undefined)[] => {
      const source: Source = { path, text: code, code };
      return importsOf(source).map(({ specifier }) => objection(source, specifier));
    };
    assert.deepEqual(intruder('src/wire/x.ts', "import type { Link } from '../rpc/link.ts';"), [
      'wire may not import rpc (src/wire/x.ts)',
    ]);
    assert.deepEqual(intruder('src/server/x.ts', "await import('node:http'); builtin('node:fs'); require('zod')"), [
      'src/server/x.ts may not touch node:http',
      'src/server/x.ts may not touch node:fs',
      'src/server/x.ts imports zod: there are no dependencies',
    ]);
  });

  for (const { name, pattern, files } of GLOBALS) {
    test(`only ${files.join(' and ')} touch ${name}`, () => {
      const users = sources.filter(({ code }) => pattern.test(code)).map(({ path }) => path);
      assert.deepEqual(
        users.filter((path) => !files.includes(path)),
        [],
      );
      assert.ok(users.length > 0, 'nobody does: the pattern no longer matches');
    });
  }

  test('a revision date is written in protocol/revisions.ts only', () => {
    const date = /20(?:24-11-05|25-03-26|25-06-18|25-11-25|26-07-28)/;
    const dated = sources.filter(({ code }) => date.test(code)).map(({ path }) => path);
    assert.deepEqual(dated, ['src/protocol/revisions.ts']);
  });

  test('no file only passes on what others export', () => {
    const barrels = sources.filter(
      ({ path, code }) =>
        path.endsWith('/index.ts') || /\bexport\s+(?:type\s+)?(?:\*|\{[^}]*\})\s*(?:as \w+\s*)?from\b/.test(code),
    );
    assert.deepEqual(
      barrels.map(({ path }) => path),
      [],
    );
  });

  test('every file opens by saying what it is for', () => {
    const mute = sources.filter(({ text }) => !/^(?:\/\/ .+\n(?:\/\/.*\n){0,9}\n|\/\*\*?\n)/.test(text));
    assert.deepEqual(
      mute.map(({ path }) => path),
      [],
    );
  });

  test('src/README.md names every room', () => {
    const map = readFileSync(join(root, 'src', 'README.md'), 'utf8');
    const rooms = readdirSync(join(root, 'src')).filter((name) => name !== 'README.md');
    assert.ok(rooms.length > 5);
    assert.deepEqual(
      rooms.filter((room) => !map.includes(`\`${room}`) && !map.includes(`${room}/`)),
      [],
    );
  });
});

describe('package', () => {
  const manifest: Record<string, unknown> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

  test('nothing is needed at run time', () => {
    const kinds = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundledDependencies'];
    assert.deepEqual(
      kinds.filter((kind) => Object.keys(Object(manifest[kind])).length > 0),
      [],
    );
    assert.equal(manifest['name'], 'anymodel-mcp');
  });

  test('lock files name no registry', () => {
    const locks = ['.', 'test/schema', 'test/peers', 'test/upstreams', 'test/nodes', 'test/agents'].map((folder) =>
      join(root, folder, 'package-lock.json'),
    );
    assert.deepEqual(
      locks.filter((lock) => readFileSync(lock, 'utf8').includes('"resolved"')),
      [],
    );
  });

  test('the bundle is one executable file within its budget', () => {
    const { size, mode } = statSync(bundle);
    assert.ok(size > 10_000, `${size} bytes cannot be the program`);
    assert.ok(size <= Number(manifest['bundleBudgetBytes']), `${size} bytes are over the budget`);
    assert.equal(mode & 0o111, 0o111);
    const text = readFileSync(bundle, 'utf8');
    assert.ok(text.startsWith('#!/usr/bin/env node\n'));
    const map: { sources: string[] } = JSON.parse(readFileSync(`${bundle}.map`, 'utf8'));
    const places = new Set(map.sources);
    assert.ok(places.size > 100, `${places.size} files cannot be the program`);
    assert.deepEqual(
      [...places].filter((path) => !path.startsWith('../src/') && path !== '../scripts/late-modules.mjs'),
      [],
    );
  });

  test('the bundle is the same wherever it is built', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'anymodel-build-'));
    try {
      for (const name of ['package.json', 'scripts', 'src'])
        cpSync(join(root, name), join(folder, name), { recursive: true });
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
      const { code, stderr } = await runToEnd([join(folder, 'scripts', 'build.mjs')], { PATH: '' });
      assert.equal(code, 0, stderr);
      for (const file of ['anymodel-mcp.cjs', 'anymodel-mcp.cjs.map']) {
        const [here, there] = [join(root, 'dist', file), join(folder, 'dist', file)].map((path) => readFileSync(path));
        assert.ok(there !== undefined && here?.equals(there), `${file} differs`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('starting and initialising loads no undici, TLS or HTTP', async () => {
    const hook = join(root, 'test', 'support', 'loaded-modules.cjs');
    const hello = JSON.stringify({
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    });
    const { stdout, stderr, code } = await runToEnd(['--require', hook, bundle], { PATH: '' }, `${hello}\n`);
    assert.match(stdout, /"protocolVersion":"2025-11-25"/);
    assert.equal(code, 0);
    const loaded = /^LOADED (.+)$/m.exec(stderr)?.[1]?.split(' ') ?? [];
    assert.ok(loaded.length > 20, `the hook reported ${loaded.length} modules`);
    assert.deepEqual(
      loaded.filter((name) => /undici|^_?(?:tls|https?|http_\w+|zlib)\b/.test(name)),
      [],
    );
  });
});
