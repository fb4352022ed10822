import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../../../src/config/env.ts';
import { Secrets } from '../../../../src/core/secrets.ts';
import { clientTerms } from '../../../../src/gateway/client-terms.ts';
import { shownConfig } from '../../../../src/gateway/offer/shown-config.ts';

const FILE = {
  providers: [
    { id: 'corp', type: 'openai', baseUrl: 'https://u:p4ss@llm.corp.example/v1', apiKey: 'sk-very-secret-1' },
  ],
  models: { fast: 'corp/m' },
  auth: {
    keys: [
      { name: 'ci', sha256: '1'.repeat(64), models: ['fast'] },
      { name: 'other', sha256: '2'.repeat(64) },
    ],
  },
};

function shownTo(client: string): Readonly<Record<string, unknown>> {
  const read = readConfig({
    env: { CONFIG_PATH: '/c.json' },
    flags: new Map(),
    openSecret: () => ({ problem: 'is not there' }),
    readText: () => ({ value: JSON.stringify(FILE) }),
    isFolder: () => false,
    secrets: new Secrets(),
  });
  assert.ok('config' in read, JSON.stringify(read));
  return shownConfig(read.config, client, clientTerms(read.config));
}

test('what a client is shown has no secret, and nothing of other clients', () => {
  for (const client of ['', 'other', 'ci']) {
    const text = JSON.stringify(shownTo(client));
    assert.doesNotMatch(text, /sk-very-secret|p4ss|1{64}|2{64}|clientKeys|access/, client);
  }
});

test('a client that may ask for some models only is shown those, and nothing of where models come from', () => {
  const shown = shownTo('ci');
  assert.deepEqual(shown['client'], { name: 'ci', models: ['fast'] });
  assert.deepEqual(Object.keys(shown).toSorted(), [
    'cache',
    'client',
    'limits',
    'maxLineBytes',
    'maxOutputChars',
    'progress',
    'server',
    'tools',
  ]);
  assert.match(JSON.stringify(shownTo('other')), /llm\.corp\.example/);
});
