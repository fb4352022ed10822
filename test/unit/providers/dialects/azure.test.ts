// What a fixture cannot show of Azure: what is refused before anything is sent, and how pasted addresses are read
// beyond the ones recorded. WIRE.md section 1, case 97.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { Ask, Endpoint, Sending } from '../../../../src/providers/dialect.ts';
import { azure } from '../../../../src/providers/dialects/azure.ts';
import { lessonsOf } from '../../../support/lessons.ts';

const LIST: Ask = { op: 'models' };

function sent(ask: Ask, endpoint: Partial<Endpoint>): Sending {
  const at = {
    provider: 'corp',
    type: 'azure',
    baseUrl: 'https://r.openai.azure.com',
    apiKey: 'k',
    headers: {},
    query: {},
    ...endpoint,
  };
  return azure.encode(ask, at, lessonsOf());
}

function chat(model: string, more: { temperature?: number } = {}): Ask {
  return { op: 'chat', stream: false, request: { model, messages: [{ role: 'user', content: 'x' }], ...more } };
}

const PLACES: readonly (readonly [string, string | undefined, string])[] = [
  ['https://r.openai.azure.com/openai/v1', undefined, '/openai/v1/chat/completions'],
  ['https://r.openai.azure.com/openai/v1/v1/', undefined, '/openai/v1/chat/completions'],
  ['https://r.openai.azure.com/openai/v1/chat/completions', undefined, '/openai/v1/chat/completions'],
  ['https://r.openai.azure.com/openai/v1/responses', '2025-04-01-preview', '/openai/v1/chat/completions'],
  ['https://r.openai.azure.com/v1', undefined, '/openai/v1/chat/completions'],
  ['https://r.openai.azure.com//openai//', 'v1', '/openai/v1/chat/completions'],
  ['https://r.openai.azure.com/?api-version=v1', '2024-10-21', '/openai/v1/chat/completions'],
  [
    'https://r.openai.azure.com/openai/models?api-version=2024-10-21',
    undefined,
    '/openai/deployments/m/chat/completions?api-version=2024-10-21',
  ],
  [
    'https://r.openai.azure.com/openai/deployments/',
    '2024-10-21',
    '/openai/deployments/m/chat/completions?api-version=2024-10-21',
  ],
  [
    'https://r.openai.azure.com/openai/deployments/my%20dep/embeddings?api-version=2024-10-21&x=1',
    undefined,
    '/openai/deployments/my%20dep/chat/completions?x=1&api-version=2024-10-21',
  ],
  [
    'https://r.openai.azure.com/openai/deployments/a%zz',
    '2024-10-21',
    '/openai/deployments/a%25zz/chat/completions?api-version=2024-10-21',
  ],
  [
    'https://apim.example.com/team-a',
    '2024-10-21',
    '/team-a/openai/deployments/m/chat/completions?api-version=2024-10-21',
  ],
  ['https://f.services.ai.azure.com/api/projects/p', undefined, '/api/projects/p/openai/v1/chat/completions'],
];

for (const [baseUrl, apiVersion, place] of PLACES) {
  test(`97: ${baseUrl} with ${apiVersion ?? 'no version'}`, () => {
    const { url } = sent(chat('m'), apiVersion === undefined ? { baseUrl } : { baseUrl, apiVersion });
    assert.equal(url.slice(new URL(url).origin.length), place);
  });
}

test('a dated version lists no deployments, and says what to set', () => {
  assert.throws(
    () => sent(LIST, { apiVersion: '2024-10-21' }),
    (thrown) =>
      thrown instanceof Fault && thrown.kind === 'INVALID_INPUT' && /"models" of corp/.test(thrown.data.next ?? ''),
  );
  assert.equal(sent(LIST, {}).url, 'https://r.openai.azure.com/openai/v1/models');
});

test('a pasted deployment is judged by its own name, not by the one asked for', () => {
  const baseUrl = 'https://r.openai.azure.com/openai/deployments/o4-mini?api-version=2025-01-01-preview';
  assert.deepEqual(sent(chat('gpt-4o', { temperature: 0.2 }), { baseUrl }).changed, [
    'model gpt-4o -> o4-mini',
    'temperature removed',
  ]);
  assert.deepEqual(sent(chat('o4-mini', { temperature: 0.2 }), { apiVersion: '2025-01-01-preview' }).changed, [
    'temperature removed',
  ]);
});

test('credentials: a key, a token, or whatever the user put in a header', () => {
  const names = ({ headers }: Sending): string[] => Object.keys(headers).filter((name) => /auth|key/.test(name));
  assert.deepEqual(names(sent(LIST, {})), ['api-key']);
  assert.deepEqual(names(sent(LIST, { apiKey: 'eyJhbGci.eyJhdWQi.c2ln' })), ['authorization']);
  assert.deepEqual(names(sent(LIST, { apiKey: 'eyJhbGci' })), ['api-key']);
  assert.deepEqual(names(sent(LIST, { apiKey: '' })), []);
  const { headers } = sent(LIST, { headers: { 'API-Key': 'mine' } });
  assert.equal(headers['api-key'], 'mine');
});
