// What is offered over HTTP, to two clients of one server: each sees its own, a client that may ask for some models only
// sees nothing else, and a client elsewhere is never asked for folders.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { isObject } from '../../src/core/json.ts';
import { ServerProgram } from './server-program.ts';

const KEYS = { ci: 'the-key-of-ci-0123456789', ops: 'the-key-of-ops-0123456789' } as const;
type Name = keyof typeof KEYS;

const FILE = {
  providers: [{ id: 'mock', type: 'mock' }],
  models: { fast: 'mock/echo' },
  conversations: { enabled: true },
  prompts: [{ name: 'greet', description: 'Greets.', messages: [{ text: 'Hello.' }] }],
  auth: {
    keys: [
      { name: 'ci', sha256: sha256(KEYS.ci), models: ['fast'] },
      { name: 'ops', sha256: sha256(KEYS.ops) },
    ],
  },
};

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

type Ask = (name: Name, method: string, params: object) => Promise<Record<string, unknown>>;

async function serving(t: TestContext): Promise<Ask> {
  const folder = mkdtempSync(join(tmpdir(), 'anymodel-tenants-'));
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(FILE));
  const env = { PATH: process.env['PATH'] ?? '', CONFIG_PATH: file, PORT: '0' };
  const program = new ServerProgram(env, ['--transport', 'http']);
  t.after(async () => {
    program.child.kill('SIGKILL');
    await program.exited;
    rmSync(folder, { recursive: true });
  });
  const [, url = ''] = /"url":"([^"]+)"/.exec(await program.said(/"url":/)) ?? [];
  let id = 0;
  return async (name, method, params) => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': { roots: {} },
    };
    const { uri, name: of }: { uri?: unknown; name?: unknown } = params;
    const named = [uri, of].find((one) => typeof one === 'string');
    const answer = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${KEYS[name]}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        ...(named === undefined ? {} : { 'mcp-name': named }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params: { ...params, _meta: meta } }),
    });
    const text = await answer.text();
    const reply: unknown = JSON.parse(/^data: (\{.*"id":.*\})$/m.exec(text)?.[1] ?? text);
    assert.ok(isObject(reply), text);
    return reply;
  };
}

async function document(ask: Ask, name: Name, uri: string): Promise<string> {
  return JSON.stringify(await ask(name, 'resources/read', { uri }));
}

test('each client sees its own, and a restricted one nothing of where models come from', async (t) => {
  const ask = await serving(t);
  const chat = (name: Name, prompt: string): Promise<unknown> =>
    ask(name, 'tools/call', { name: 'chat', arguments: { prompt, session: 's', model: 'fast' } });
  await chat('ci', 'the secret of ci');
  const said = JSON.stringify(await chat('ops', 'hello'));
  assert.match(said, /You said: hello/);
  const kept = async (name: Name): Promise<string> =>
    JSON.stringify(
      await ask(name, 'tools/call', { name: 'conversations', arguments: { action: 'get', session: 's' } }),
    );
  assert.match(await kept('ci'), /the secret of ci/);
  assert.doesNotMatch(await kept('ops'), /the secret of ci/);
  assert.match(await kept('ops'), /hello/);

  assert.match(await document(ask, 'ops', 'anymodel://usage'), /\\"provider\\":\\"mock\\"/);
  const usage = await document(ask, 'ci', 'anymodel://usage');
  assert.match(usage, /\\"client\\":\{\\"name\\":\\"ci\\",\\"requests\\":1,/);
  for (const name of ['usage', 'providers', 'health', 'config', 'models']) {
    assert.doesNotMatch(await document(ask, 'ci', `anymodel://${name}`), /mock|\\"total\\"|\bops\b/, name);
    assert.match(await document(ask, 'ops', `anymodel://${name}`), /mock/, name);
  }
  assert.match(await document(ask, 'ci', 'anymodel://models/alias/fast'), /\\"name\\":\\"fast\\"/);
  assert.match(await document(ask, 'ci', 'anymodel://models/mock/echo'), /Resource not found/);
  const typed = { ref: { type: 'ref/prompt', name: 'ask' }, argument: { name: 'model', value: '' } };
  assert.match(JSON.stringify(await ask('ci', 'completion/complete', typed)), /"values":\["fast"\]/);
  assert.match(JSON.stringify(await ask('ops', 'prompts/get', { name: 'greet' })), /Hello\./);
});

test('a client elsewhere is not asked for its folders, and is given no file for naming one', async (t) => {
  const ask = await serving(t);
  const args = { prompt: 'What is it?', model: 'fast', images: ['/etc/hostname'] };
  const reply = JSON.stringify(await ask('ops', 'tools/call', { name: 'chat', arguments: args }));
  assert.doesNotMatch(reply, /input_required/);
  assert.match(reply, /this server may read none/);
});
