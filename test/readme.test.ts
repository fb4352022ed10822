// The README's own programs, run as they stand there: the two subprocess snippets, the one-line conversation, and
// the demo, whose printed form is what the demo prints but for the times, and the plug-in against the API it is for.

import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { listen } from './support/loopback.ts';

const ROOT = new URL('..', import.meta.url);
const README = readFileSync(new URL('README.md', ROOT), 'utf8');
const MOCKED = { ...process.env, PROVIDER_TYPE: 'mock', NO_COLOR: '1' };

/** The fenced block behind a marker. */
function block(marker: string): string {
  const [, code] = new RegExp(`<!-- ${marker} -->\\s*\`\`\`\\w*\\n([\\s\\S]*?)\`\`\``).exec(README) ?? [];
  assert.ok(code, `README.md has no block behind <!-- ${marker} -->`);
  return code;
}

function run(
  command: string,
  args: readonly string[],
  input = '',
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(command, args, { cwd: ROOT, env: MOCKED, input, encoding: 'utf8', timeout: 30_000 });
}

test('the Node snippet is under 20 lines and prints the answer', () => {
  const code = block('snippet: node');
  assert.ok(code.split('\n').length <= 20);
  const { status, stdout, stderr } = run(process.execPath, ['--input-type=module', '--eval', code]);
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'You said: Hello from Node\n', stderr: '' });
});

test('the Python snippet is under 20 lines and prints the answer', (t) => {
  const code = block('snippet: python');
  assert.ok(code.split('\n').length <= 20);
  const { status, stdout, stderr } = run('python3', ['-c', code]);
  if (status === null) {
    t.skip('python3 is not installed');
    return;
  }
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'You said: Hello from Python\n', stderr: '' });
});

test('one line is a complete conversation', () => {
  const line = /echo '(.*)' \| node dist/.exec(README)?.[1];
  assert.ok(line);
  const { status, stdout } = run(process.execPath, ['dist/anymodel-mcp.cjs'], `${line}\n`);
  assert.equal(status, 0);
  assert.match(stdout, /^\{"jsonrpc":"2\.0","id":1,"result":\{"models":\[\{"id":"echo",.*\}\n$/);
});

test('the demo prints what the README says it prints', () => {
  const { status, stdout } = run(process.execPath, ['dist/anymodel-mcp.cjs', 'demo']);
  assert.equal(status, 0);
  const timeless = (text: string): string =>
    text.replace(/\d+ ms/g, 'N ms').replace(/^anymodel-mcp \S+:/, 'anymodel-mcp X:');
  assert.equal(timeless(stdout.trim()), timeless(block('demo').trim()));
});

test('the file with every key is free of problems, and has every key there is', (t) => {
  const text = block('every key');
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'anymodel.jsonc');
  writeFileSync(file, text);
  const { status, stdout, stderr } = run(process.execPath, ['dist/anymodel-mcp.cjs', 'config', 'check', file]);
  assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  assert.match(stdout, /is free of problems\./);
  const schema: unknown = JSON.parse(readFileSync(new URL('anymodel-mcp.schema.json', ROOT), 'utf8'));
  const keys = keysOf(schema);
  assert.ok(keys.size > 80, `${keys.size} keys`);
  for (const key of keys) assert.ok(text.includes(`"${key}"`), `${key} is missing`);
});

/** Adds the names of all properties, wherever they stand. */
function keysOf(schema: unknown, keys = new Set<string>()): ReadonlySet<string> {
  if (typeof schema !== 'object' || schema === null) return keys;
  if ('properties' in schema) for (const key of Object.keys(schema.properties ?? {})) keys.add(key);
  for (const inner of Object.values(schema)) keysOf(inner, keys);
  return keys;
}

const COLUMNS = ['openai', 'azure', 'anthropic', 'openrouter', 'ollama', 'lmstudio', 'vllm', 'local'];

test('each cell of the feature table is backed by a fixture of its API', () => {
  const [, table = ''] = /<!-- features -->\n([^]*?)<!-- \/features -->/.exec(README) ?? [];
  const rows = table.trim().split('\n').slice(2);
  assert.ok(rows.length >= 15, `${rows.length} rows`);
  for (const row of rows) {
    const [feature = '', ...cells] = row.split('|').slice(1, -1);
    assert.equal(cells.length, COLUMNS.length, feature);
    for (const [i, cell] of cells.entries()) {
      const [, type, name = ''] = /^ \[[^\]]+\]\(fixtures\/dialects\/(\w+)\/([\w-]+)\) $/.exec(cell) ?? [];
      assert.equal(type, COLUMNS[i], `${feature}: ${cell}`);
      const fixture = new URL(`fixtures/dialects/${type}/${name}/`, ROOT);
      for (const file of ['ask.json', 'events.ndjson']) {
        assert.ok(existsSync(new URL(file, fixture)), `${feature}: ${cell} has no ${file}`);
      }
    }
  }
});

test('the plug-in asks the API it is for, streamed and listed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  const asked: string[] = [];
  const acme = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${String(request.headers['x-acme-key'])} ${body}`);
      if (request.method === 'GET') return response.end('{"engines":["one","two"]}');
      response.setHeader('content-type', 'text/event-stream');
      return response.end('data: {"word":"Good "}\n\ndata: {"word":"day."}\n\ndata: {"over":true}\n\n');
    });
  });
  const base = `http://127.0.0.1:${await listen(t, acme)}`;
  t.after(() => rmSync(folder, { recursive: true }));
  const plugIn = join(folder, 'acme.mjs');
  writeFileSync(plugIn, block('plug-in'));
  const env = {
    ...process.env,
    PLUGINS: plugIn,
    PROVIDER_TYPE: 'acme',
    API_BASE_URL: base,
    API_KEY: 'sk-acme-readme-1',
  };
  const shell = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, ['dist/anymodel-mcp.cjs', ...args], { cwd: ROOT, env, timeout: 30_000 });
  assert.equal((await shell('chat', '--model', 'one/a', 'Hello')).stdout, 'Good day.\n');
  assert.equal((await shell('models')).stdout, 'one\ntwo\n');
  assert.deepEqual(asked, [
    'POST /engines/one%2Fa/ask sk-acme-readme-1 {"turns":[{"by":"user","text":"Hello"}]}',
    'GET /engines sk-acme-readme-1 ',
  ]);
});
