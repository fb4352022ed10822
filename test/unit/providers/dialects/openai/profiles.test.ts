// The table of what differs between servers, by its rows. WIRE.md 2.1 to 2.3.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileOf, replayOf } from '../../../../../src/providers/dialects/openai/profiles.ts';

const COMPATIBLE = {
  newTokenCap: 'by-name',
  developer: false,
  streamOptions: true,
  packedEmbeddings: false,
  responses: false,
  namedToolChoice: true,
  jsonObject: true,
  reasoningObject: false,
  replay: 'text-by-name',
};

const OPENAI = { newTokenCap: 'always', developer: true, packedEmbeddings: true, responses: true };

const ROWS: readonly (readonly [string, string, object])[] = [
  ['openai', 'llm.example.com', {}],
  ['openai', 'api.openai.com', OPENAI],
  ['openai', 'eu.api.openai.com', OPENAI],
  ['openai', 'api.openai.com.example.com', {}],
  ['openai', 'api.deepseek.com', { replay: 'text' }],
  ['openai', 'api.moonshot.cn', { replay: 'text' }],
  ['azure', 'r.openai.azure.com', { newTokenCap: 'always', packedEmbeddings: true, responses: true }],
  ['openrouter', 'openrouter.ai', { newTokenCap: 'never', reasoningObject: true, replay: 'details' }],
  ['lmstudio', '127.0.0.1', { newTokenCap: 'never', namedToolChoice: false, jsonObject: false }],
  ['vllm', '127.0.0.1', { newTokenCap: 'never' }],
  ['local', 'localhost', { newTokenCap: 'never', namedToolChoice: false }],
  ['gateway', 'gateway.example.com', { replay: 'details' }],
  ['mock', '127.0.0.1', {}],
  ['constructor', '127.0.0.1', {}],
];

for (const [type, host, differences] of ROWS) {
  test(`${type} at ${host}`, () => assert.deepEqual(profileOf(type, host), { ...COMPATIBLE, ...differences }));
}

test('reasoning goes back where it is missed', () => {
  const plain = profileOf('openai', 'llm.example.com');
  assert.equal(replayOf(plain, 'gpt-4o'), 'none');
  assert.equal(replayOf(plain, 'deepseek-ai/DeepSeek-V3.2'), 'kept-text');
  assert.equal(replayOf(profileOf('openai', 'api.deepseek.com'), 'any'), 'text');
  assert.equal(replayOf(profileOf('openrouter', 'openrouter.ai'), 'deepseek/deepseek-r1'), 'details');
});
