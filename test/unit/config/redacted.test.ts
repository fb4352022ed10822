// The settings in force, shown: a canary in every place where a secret can stand, and none in what is shown.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../../src/config/env.ts';
import { redacted } from '../../../src/config/redacted.ts';
import { Secrets } from '../../../src/core/secrets.ts';

const FILE = {
  providers: [
    {
      id: 'corp',
      baseUrl: 'https://user-canary:word-canary@llm.corp.example/v1?key=query-canary',
      apiKeys: ['key-canary-1', '${file:/key}'],
      headers: { 'X-Key': 'header-canary' },
      query: { token: 'param-canary' },
      proxy: 'http://who:proxy-canary@proxy:3128',
      tls: { ca: '-----BEGIN ca', cert: '-----BEGIN cert', key: '-----BEGIN tls-canary', serverName: 'llm.internal' },
    },
    { id: 'vault', type: 'openai', apiKeyCommand: ['vault', '--token=command-canary'] },
  ],
  auth: {
    keys: [{ name: 'ci', sha256: 'c0'.repeat(32) }],
    jwt: { issuer: 'https://login.corp.example', audience: 'a', jwks: 'https://login.corp.example/jwks' },
  },
  models: { fast: 'corp/gpt-4o' },
};

test('no canary is shown, and neither is one in a problem, registered as they all are', () => {
  const secrets = new Secrets();
  const read = readConfig({
    env: { CONFIG_PATH: '/c.json', HTTPS_PROXY: 'http://who:env-canary@proxy:1', MCP_API_KEY: 'client-canary-1' },
    flags: new Map(),
    isFolder: () => true,
    openSecret: () => ({ value: { read: () => 'file-canary-1' } }),
    readText: () => ({ value: JSON.stringify(FILE) }),
    secrets,
  });
  assert.ok('config' in read, JSON.stringify(read));
  const shown = JSON.stringify(redacted(read.config));
  assert.doesNotMatch(shown, /canary|c0c0/);
  const words =
    'client-canary-1 key-canary-1 file-canary-1 header-canary param-canary word-canary query-canary proxy-canary env-canary';
  for (const word of words.split(' ')) assert.ok(!secrets.scrub(`x ${word} y`).includes(word), word);
  assert.deepEqual(JSON.parse(shown).access, {
    auth: 'key',
    givenKeys: [{ name: 'MCP_API_KEY', sha256: '[set]', isWeak: true }],
    jwt: {
      algorithms: ['RS256', 'ES256'],
      clientClaim: 'sub',
      requiredScopes: [],
      issuer: 'https://login.corp.example',
      audience: ['a'],
      jwks: { url: 'https://login.corp.example/jwks' },
      clockSkewMs: 60_000,
    },
  });
  assert.deepEqual(JSON.parse(shown).providers[0], {
    id: 'corp',
    type: 'openai',
    priority: 1,
    weight: 1,
    rateLimits: {},
    capabilities: {},
    timeout: { connectMs: 10_000, idleMs: 30_000, totalMs: 600_000 },
    baseUrl: 'https://[set]@llm.corp.example/v1?[set]',
    apiKeys: ['[set]', '[set]'],
    headers: { 'x-key': '[set]' },
    query: { token: '[set]' },
    tls: { ca: '[set]', cert: '[set]', key: '[set]', serverName: 'llm.internal' },
    proxy: 'http://[set]@proxy:3128',
  });
});
