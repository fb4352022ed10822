// Product sheet, section 8: 30 s to the first token, 300 for local and reasoning targets, unless it was set.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../../../src/config/env.ts';
import { Secrets } from '../../../../src/core/secrets.ts';
import type { Ask } from '../../../../src/providers/dialect.ts';
import { startLimitMs } from '../../../../src/routing/loop/patience.ts';
import type { ProviderSettings } from '../../../../src/routing/targets/settings.ts';

function provider(type: string, baseUrl: string, firstTokenMs?: number): ProviderSettings {
  const timeout = { connectMs: 1, idleMs: 1, totalMs: 1, ...(firstTokenMs === undefined ? {} : { firstTokenMs }) };
  return { id: 'p', type, baseUrl, apiKeys: () => [], headers: {}, query: {}, capabilities: {}, timeout };
}

const chat = (model: string, stream = true): Ask => ({ op: 'chat', stream, request: { model, messages: [] } });
const remote = provider('openai', 'https://llm.example.com/v1');

test('the usual limit, and the long one for what loads or thinks', () => {
  assert.equal(startLimitMs(remote, chat('gpt-4o')), 30_000);
  assert.equal(startLimitMs(remote, chat('o3-mini')), 300_000);
  assert.equal(startLimitMs(provider('openai', 'http://localhost:1234'), chat('m')), 300_000);
  assert.equal(startLimitMs(provider('vllm', 'http://gpu.example.com'), chat('m')), 300_000);
  assert.equal(startLimitMs(provider('mock', 'http://127.0.0.1:9'), chat('m')), 30_000);
  const asked = { model: 'm', messages: [], reasoningEffort: 'low' };
  assert.equal(startLimitMs(remote, { op: 'chat', stream: true, request: asked }), 300_000);
  const told = { ...asked, reasoningEffort: 'none' };
  assert.equal(startLimitMs(remote, { op: 'chat', stream: true, request: told }), 30_000);
});

test('what configuration gives a local server is no limit, so its list is not waited for as for its model', () => {
  const read = readConfig({
    env: { OLLAMA_HOST: '127.0.0.1' },
    flags: new Map(),
    isFolder: () => true,
    openSecret: () => ({ problem: '' }),
    readText: () => ({ problem: '' }),
    secrets: new Secrets(),
  });
  assert.ok('config' in read && read.config.provider !== undefined);
  assert.equal(startLimitMs(read.config.provider, { op: 'models' }), 30_000);
  assert.equal(startLimitMs(read.config.provider, chat('m')), 300_000);
});

test('a limit that was set holds everywhere', () => {
  assert.equal(startLimitMs(provider('local', 'http://localhost', 5000), chat('o3')), 5000);
});

test('an answer in one piece has no first token, but a list of models does', () => {
  assert.equal(startLimitMs(provider('openai', 'https://x.example', 5000), chat('m', false)), Infinity);
  assert.equal(startLimitMs(remote, { op: 'embed', request: { model: 'm', input: [] } }), Infinity);
  assert.equal(startLimitMs(provider('local', 'http://localhost'), { op: 'models' }), 30_000);
});
