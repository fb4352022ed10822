// The HTTP server of the built program, from outside: who gets in, who does not, and what is told meanwhile.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { bundle, runToEnd } from './support/bundle.ts';
import { ecSigner, setOf, tokenBy } from './support/tokens.ts';

interface Served {
  readonly url: string;
  /** What is on stderr so far. */
  readonly stderr: () => string;
  /** Settles when stderr holds it. */
  readonly said: (what: RegExp) => Promise<RegExpExecArray>;
}

async function served(t: TestContext, env: Readonly<Record<string, string>>): Promise<Served> {
  const program: ChildProcessWithoutNullStreams = spawn(process.execPath, [bundle, '--transport', 'http'], {
    env: { PATH: process.env['PATH'], MOCK: '1', PORT: '0', ...env },
  });
  let stderr = '';
  const waiting = new Set<() => void>();
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const look of waiting) look();
  });
  const ended = new Promise<void>((resolve) => program.on('exit', () => resolve()));
  t.after(async () => {
    program.kill('SIGKILL');
    await ended;
  });
  const said = (what: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = what.exec(stderr);
        if (found === null) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`it ended: ${stderr}`)));
    });
  const [, url = ''] = await said(/"url":"([^"]+)"/);
  return { url, said, stderr: () => stderr };
}

async function health(url: string, key?: string): Promise<boolean> {
  const answer = await fetch(`${url}/health`, key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } });
  return (await answer.text()).includes('providers');
}

describe('a server with nothing set', () => {
  test('makes a key, tells it as one line that is no line of the log, and lets in whoever has it', async (t) => {
    const { url, stderr } = await served(t, {});
    const lines = stderr().split('\n');
    const [told, ...more] = lines.filter((line) => line.startsWith('MCP_API_KEY for this run: '));
    assert.ok(told !== undefined && more.length === 0, stderr());
    const key = told.slice('MCP_API_KEY for this run: '.length);
    assert.match(key, /^[\w-]{43}$/);
    assert.deepEqual([await health(url, key), await health(url), await health(url, `${key}x`)], [true, false, false]);
    assert.equal(stderr().split(key).length, 2);
  });

  test('has no OAuth metadata', async (t) => {
    const { url } = await served(t, { MCP_API_KEY: 'a-client-key-of-some-length' });
    for (const path of [
      'oauth-protected-resource',
      'oauth-protected-resource/mcp',
      'oauth-authorization-server',
      'x',
    ]) {
      const answer = await fetch(`${url}/.well-known/${path}`);
      assert.equal(answer.status, 404);
      assert.equal(answer.headers.get('content-type'), 'application/json');
      assert.ok(Object.hasOwn(JSON.parse(await answer.text()), 'error'));
    }
  });
});

test('keys and tokens come and go with the file, without a restart', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'anymodel-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [file, keys] = [join(folder, 'config.json'), join(folder, 'jwks.json')];
  const signer = ecSigner('1');
  const now = Math.floor(Date.now() / 1000);
  const token = tokenBy(signer, { claims: { iat: now, nbf: now, exp: now + 600 } });
  const write = (auth: object): void => writeFileSync(file, JSON.stringify({ auth }));
  const key = (name: string): object => ({
    name,
    sha256: createHash('sha256').update(`the-key-of-${name}`).digest('hex'),
  });
  writeFileSync(keys, setOf(signer));
  const jwt = { issuer: 'https://login.corp.example', audience: 'anymodel', jwks: keys };
  write({ keys: [key('ci'), key('ops')], jwt });
  const { url, said, stderr } = await served(t, { CONFIG_PATH: file });
  assert.deepEqual(await Promise.all(['the-key-of-ci', 'the-key-of-ops', token].map((one) => health(url, one))), [
    true,
    true,
    true,
  ]);
  const metadata = await fetch(`${url}/.well-known/oauth-protected-resource/mcp`);
  assert.deepEqual(JSON.parse(await metadata.text()), {
    resource: `${url}/mcp`,
    authorization_servers: ['https://login.corp.example'],
    bearer_methods_supported: ['header'],
    resource_name: 'anymodel-mcp',
  });
  write({ keys: [key('ci'), key('new')] });
  await said(/the configuration was read again/);
  const after = ['the-key-of-ci', 'the-key-of-ops', 'the-key-of-new', token].map((one) => health(url, one));
  assert.deepEqual(await Promise.all(after), [true, false, true, false]);
  for (const secret of ['the-key-of', token]) assert.ok(!stderr().includes(secret));
  assert.ok(!readFileSync(file, 'utf8').includes('the-key-of'));
});

test('beyond loopback it does not start without a key that is worth it', async () => {
  const run = (env: Record<string, string>): ReturnType<typeof runToEnd> =>
    runToEnd([bundle, '--transport', 'http'], { PATH: '', PORT: '0', HOST: '0.0.0.0', ...env });
  const open = await run({ MCP_AUTH: 'off' });
  assert.equal(open.code, 2);
  assert.match(open.stderr, /^anymodel-mcp: MCP_AUTH=off serves everybody .*\n$/);
  const weak = await run({ MCP_API_KEY: 'short-key-1' });
  assert.equal(weak.code, 2);
  assert.match(weak.stderr, /^anymodel-mcp: MCP_API_KEY holds a key of under 16 characters[^\n]*\n$/m);
  assert.ok(!weak.stderr.includes('short-key-1'));
});
