// What holds of the providers however the environment is mixed: a key goes to its own family's address and nowhere
// else, no two providers share an id, and nobody is the main one whom nobody chose.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../src/config/env.ts';
import { Secrets } from '../../src/core/secrets.ts';
import { forSeeds } from '../support/property.ts';

/** Family -> its key and its URL; `at` is where its key goes when no URL is set. */
const FAMILIES: readonly { key: string; url: string; at: string }[] = [
  { key: 'API_KEY', url: 'API_BASE_URL', at: 'https://api.openai.com/v1' },
  { key: 'OPENAI_API_KEY', url: 'OPENAI_BASE_URL', at: 'https://api.openai.com/v1' },
  { key: 'GATEWAY_API_KEY', url: 'GATEWAY_URL', at: 'https://api.openai.com/v1' },
  { key: 'ANTHROPIC_API_KEY', url: 'ANTHROPIC_BASE_URL', at: 'https://api.anthropic.com' },
  { key: 'OPENROUTER_API_KEY', url: 'OPENROUTER_BASE_URL', at: 'https://openrouter.ai/api/v1' },
  { key: 'AZURE_OPENAI_API_KEY', url: 'AZURE_OPENAI_ENDPOINT', at: '' },
  { key: 'OLLAMA_API_KEY', url: 'OLLAMA_HOST', at: '' },
  { key: 'LMSTUDIO_API_KEY', url: 'LMSTUDIO_BASE_URL', at: '' },
  { key: 'VLLM_API_KEY', url: 'VLLM_BASE_URL', at: '' },
];

const MODELS = ['gpt-4o', 'anthropic/claude-sonnet-4-5', 'ollama/llama3.2', 'nobody/else'];

test('whatever is set, keys stay with their families and ids are distinct', () => {
  let withMain = 0;
  forSeeds(3000, (draw) => {
    const env: Record<string, string> = {};
    for (const { key, url } of FAMILIES) {
      if (draw() < 0.35) env[key] = `key-of-${key}`;
      if (draw() < 0.35) env[url] = `https://${url.toLowerCase().replaceAll('_', '-')}.example`;
    }
    if (draw() < 0.3) env['DEFAULT_MODEL'] = MODELS[Math.floor(draw() * MODELS.length)] ?? '';
    const nothing = (): { problem: string } => ({ problem: '' });
    const read = readConfig({
      env,
      flags: new Map(),
      isFolder: () => true,
      openSecret: nothing,
      readText: nothing,
      secrets: new Secrets(),
    });
    assert.ok('config' in read, JSON.stringify(read));
    const { provider, others } = read.config;
    const all = provider === undefined ? others : [provider, ...others];
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
    for (const { baseUrl, apiKeys } of all) {
      const [name] = apiKeys();
      if (name === undefined) continue;
      const family = FAMILIES.find(({ key }) => name === `key-of-${key}`);
      assert.equal(baseUrl, env[family?.url ?? ''] ?? family?.at, JSON.stringify(env));
    }
    assert.equal(provider === undefined && others.length === 1, false, JSON.stringify(env));
    if (provider !== undefined) withMain++;
  });
  assert.ok(withMain > 1000, `${withMain}`);
});
