// From a command line to an exit code, through the real gateway and, where a model is asked, the real mock.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { reportCrash, run } from '../../../src/cli/run.ts';
import type { Host } from '../../../src/cli/host.ts';
import { stage } from './stage.ts';

async function ran(
  argv: readonly string[],
  env: Host['env'] = {},
): Promise<{ code: number; out: string; err: string }> {
  const { host, stdin, out, err } = stage(argv, env);
  stdin.end();
  const code = await run(host);
  return { code, out: out(), err: err() };
}

test('--version and --help', async () => {
  assert.deepEqual(await ran(['--version']), { code: 0, out: '1.2.3\n', err: '' });
  const { code, out, err } = await ran(['--help']);
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^anymodel-mcp 1\.2\.3: any model/);
  for (const name of [
    'demo [--live]',
    'API_KEY*, OPENAI_API_KEY*',
    '--gateway-url',
    'PROVIDER_CONFIG*',
    'Exit codes:',
  ]) {
    assert.ok(out.includes(name), name);
  }
  assert.ok(out.split('\n').every((line) => line.length <= 110));
});

test('bad usage and bad configuration are exit 2, all problems, nothing on stdout', async () => {
  assert.deepEqual(await ran(['--modle']), {
    code: 2,
    out: '',
    err: 'anymodel-mcp: There is no flag --modle. Did you mean --model?\nanymodel-mcp: See anymodel-mcp --help\n',
  });
  const { code, out, err } = await ran(['chat', 'x', '--timeout', 'soon'], { MAX_RETRIES: 'many', API_KEY: 'a key' });
  assert.deepEqual([code, out], [2, '']);
  assert.deepEqual(
    err.match(/^anymodel-mcp: \S+/gm),
    ['API_KEY', '--timeout=soon', 'MAX_RETRIES=many'].map((name) => `anymodel-mcp: ${name}`),
  );
});

test('a key in argv or environment is in no output', async () => {
  const key = 'Qz-918273-key';
  for (const argv of [
    ['--timeout', key],
    ['chat', 'x', '--base-url', key],
    ['--model', key, '--tools', key],
  ]) {
    const { out, err } = await ran(argv, { API_KEY: key, LOG_LEVEL: key });
    assert.ok(!(out + err).includes(key), err);
  }
});

describe('with the mock', () => {
  test('chat answers on stdout', async () => {
    const { code, out, err } = await ran(['chat', 'hi'], { PROVIDER_TYPE: 'mock' });
    assert.deepEqual({ code, out, err }, { code: 0, out: 'You said: hi\n', err: '' });
  });

  test('models and chat need none of the tools that clients have', async () => {
    const env = { PROVIDER_TYPE: 'mock', TOOLS: 'embed' };
    assert.match((await ran(['models'], env)).out, /^echo$/m);
    assert.equal((await ran(['chat', 'hi'], env)).out, 'You said: hi\n');
  });

  test('with logging.requests the log has a line for each question, without its text', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'run-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'anymodel.json');
    writeFileSync(file, '{ "logging": { "level": "info", "requests": true, "performance": true } }');
    const env = { PROVIDER_TYPE: 'mock', CONFIG_PATH: file };
    const { err } = await ran(['chat', 'canary-question'], { ...env, LOG_LEVEL: 'info' });
    const { time: _time, ms, firstMs, requestId, ...line }: Record<string, unknown> = JSON.parse(err);
    assert.deepEqual(
      [typeof ms, typeof firstMs, requestId],
      ['number', 'number', '00000000-0000-4000-8000-000000000000'],
    );
    const facts = { provider: 'mock', model: 'echo', status: 200, attempts: 1, inputTokens: 1, outputTokens: 3 };
    assert.deepEqual(line, { level: 'info', msg: 'call', tool: 'chat', op: 'chat', outcome: 'ok', ...facts });
    assert.equal((await ran(['chat', 'hi'], { ...env, LOG_LEVEL: 'warn' })).err, '');
    assert.equal((await ran(['chat', 'hi'], { PROVIDER_TYPE: 'mock', LOG_LEVEL: 'info' })).err, '');
  });

  test('models lists what the mock has', async () => {
    const { code, out } = await ran(['models'], { PROVIDER_TYPE: 'mock' });
    assert.equal(code, 0);
    assert.match(out, /\bwords-100\b/);
  });
});

test('a call with nothing configured says what to set, exit 1', async () => {
  const { code, out, err } = await ran(['chat', 'hi']);
  assert.deepEqual([code, out], [1, '']);
  assert.match(err, /API_BASE_URL/);
});

describe('serve', () => {
  test('answers on stdout and ends when stdin does', async () => {
    const { host, stdin, out } = stage([], { LOG_LEVEL: 'error' });
    stdin.end('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    assert.equal(await run(host), 0);
    assert.deepEqual(JSON.parse(out()), { jsonrpc: '2.0', id: 1, result: {} });
  });

  test('ends at once when asked to, exit 0', async () => {
    const { host, signal } = stage([], { LOG_LEVEL: 'error' });
    const code = run(host);
    signal('SIGTERM');
    assert.equal(await code, 0);
  });

  test('tells a person at a terminal what it waits for', async () => {
    const { host, stdin, out, err } = stage([], {}, true);
    stdin.end();
    assert.equal(await run(host), 0);
    assert.match(err(), /waits for a client.*anymodel-mcp demo/);
    assert.equal(out(), '');
  });
});

test('mock prints its address and models, answers, and ends when asked to', async () => {
  const staged = stage(['mock', '--port', '0']);
  const code = run(staged.host);
  while (!staged.out().includes('Ctrl-C')) await new Promise((resolve) => setImmediate(resolve));
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(staged.out()) ?? [];
  const list: { data: unknown[] } = JSON.parse(await (await fetch(`${url}/models`)).text());
  assert.ok(list.data.length > 10);
  staged.signal('SIGINT');
  assert.equal(await code, 0);
});

test('an interrupted chat is exit 1 and a sentence', async () => {
  const staged = stage(['chat', 'hi', '--model', 'words-100000'], { PROVIDER_TYPE: 'mock' });
  const code = run(staged.host);
  while (staged.out() === '') await new Promise((resolve) => setImmediate(resolve));
  staged.signal('SIGINT');
  assert.equal(await code, 1);
  assert.equal(staged.err(), 'anymodel-mcp: Stopped by SIGINT.\n');
});

test('a crash is one scrubbed line on stderr', () => {
  const { host, out, err } = stage([], { LOG_LEVEL: 'error' });
  host.secrets.add('hunter22-secret');
  reportCrash(host, new Error('broke on hunter22-secret\nsecond line'));
  assert.equal(out(), '');
  assert.match(err(), /^\{.*"level":"error".*\}\n$/);
  assert.ok(!err().includes('hunter22'));
  assert.match(JSON.parse(err()).error.stack, /run\.test/);
});
