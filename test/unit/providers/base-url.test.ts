// WIRE.md section 1 and case 97.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import { endpointUrl, isLocalHost, openAiBase } from '../../../src/providers/base-url.ts';

const chatUrl = (written: string, query: Record<string, string> = {}): string =>
  endpointUrl(openAiBase(written), '/chat/completions', query);

const written: readonly (readonly [string, string])[] = [
  ['https://api.openai.com/v1', 'https://api.openai.com/v1/chat/completions'],
  ['https://api.openai.com/v1/', 'https://api.openai.com/v1/chat/completions'],
  ['  https://api.openai.com  ', 'https://api.openai.com/v1/chat/completions'],
  ['https://api.openai.com/', 'https://api.openai.com/v1/chat/completions'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/v1/chat/completions'],
  ['http://[::1]:8080', 'http://[::1]:8080/v1/chat/completions'],
  ['https://openrouter.ai/api', 'https://openrouter.ai/api/v1/chat/completions'],
  ['https://openrouter.ai/api/v1', 'https://openrouter.ai/api/v1/chat/completions'],
  ['https://gw.example.com/llm', 'https://gw.example.com/llm/chat/completions'],
  ['https://gw.example.com/llm/v1//', 'https://gw.example.com/llm/v1/chat/completions'],
  ['https://gw.example.com/v4', 'https://gw.example.com/v4/chat/completions'],
  ['https://gl.example.com/v1beta/openai', 'https://gl.example.com/v1beta/openai/chat/completions'],
  ['https://gw.example.com/v1/chat/completions', 'https://gw.example.com/v1/chat/completions'],
  ['https://gw.example.com/v1/chat/completions/', 'https://gw.example.com/v1/chat/completions'],
  ['https://gw.example.com/v1/models', 'https://gw.example.com/v1/chat/completions'],
  ['https://gw.example.com/chat/completions', 'https://gw.example.com/chat/completions'],
  ['https://api.openai.com/v1/v1', 'https://api.openai.com/v1/chat/completions'],
  ['https://api.openai.com//v1//', 'https://api.openai.com/v1/chat/completions'],
  ['https://api.openai.com/v1/v1/chat/completions', 'https://api.openai.com/v1/chat/completions'],
  ['https://api.openai.com/v1/responses', 'https://api.openai.com/v1/chat/completions'],
  ['https://api.openai.com/v1/embeddings?x=1', 'https://api.openai.com/v1/chat/completions?x=1'],
  ['https://api.openai.com/v1#top', 'https://api.openai.com/v1/chat/completions'],
  ['HTTPS://API.OpenAI.com/v1', 'https://api.openai.com/v1/chat/completions'],
  ['https://gw.example.com/v1/messages', 'https://gw.example.com/v1/chat/completions'],
  ['https://gw.example.com/v10', 'https://gw.example.com/v10/chat/completions'],
  ['https://gw.example.com/v1/team/v1', 'https://gw.example.com/v1/team/v1/chat/completions'],
  ['https://u:p@gw.example.com', 'https://u:p@gw.example.com/v1/chat/completions'],
  ['https://api.groq.com/openai/v1', 'https://api.groq.com/openai/v1/chat/completions'],
  ['https://openrouter.ai', 'https://openrouter.ai/api/v1/chat/completions'],
  ['https://openrouter.ai/v1', 'https://openrouter.ai/api/v1/chat/completions'],
  ['https://openrouter.ai/api/v1/chat/completions', 'https://openrouter.ai/api/v1/chat/completions'],
  ['http://localhost:1234/api/v0', 'http://localhost:1234/v1/chat/completions'],
  ['http://localhost:1234/api/v1/', 'http://localhost:1234/v1/chat/completions'],
  ['http://localhost:11434/api', 'http://localhost:11434/v1/chat/completions'],
  ['http://localhost:8000/api/v1', 'http://localhost:8000/api/v1/chat/completions'],
  [
    'https://r.openai.azure.com/openai/deployments/d?api-version=2024-06-01',
    'https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-06-01',
  ],
  [
    'https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-06-01',
    'https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-06-01',
  ],
];

for (const [from, to] of written) test(`97: ${from}`, () => assert.equal(chatUrl(from), to));

test('the configured query comes after the one in the address', () => {
  assert.equal(chatUrl('https://gw.example.com/v1?a=1', { b: 'x y', c: '2' }).split('?')[1], 'a=1&b=x+y&c=2');
  assert.equal(chatUrl('https://gw.example.com/v1', { b: '1' }).split('?')[1], 'b=1');
});

test('what is no http address is a configuration fault that does not repeat it', () => {
  for (const bad of ['llm.example.com/v1', 'ftp://x/y', '', 'localhost:8080']) {
    assert.throws(
      () => openAiBase(bad),
      (thrown) => thrown instanceof Fault && thrown.kind === 'CONFIG' && !/llm|ftp|8080/.test(thrown.message),
    );
  }
});

test('this machine is known by its names', () => {
  const local = ['http://localhost:1', 'http://127.0.0.1', 'http://[::1]:2/v1', 'http://host.docker.internal:11434'];
  assert.ok(local.every(isLocalHost));
  assert.ok(!['https://api.openai.com', 'http://10.0.0.1', 'http://localhost.example.com'].some(isLocalHost));
});
