// Which type an address belongs to, by what people paste; and the names of types.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  defaultId,
  parseProviderType,
  parseTypeOrName,
  typeOfGateway,
  typeOfUrl,
  usualUrl,
} from '../../../../src/config/providers/provider-type.ts';

const TYPES: readonly (readonly [string, string])[] = [
  ['https://api.openai.com/v1', 'openai'],
  ['https://llm.corp.example/v1', 'openai'],
  ['https://openrouter.ai/api/v1', 'openrouter'],
  ['https://openrouter.ai/api', 'openrouter'],
  ['https://eu.openrouter.ai/api/v1', 'openrouter'],
  ['https://notopenrouter.ai/api/v1', 'openai'],
  ['https://api.anthropic.com', 'anthropic'],
  ['https://api.anthropic.com/v1', 'anthropic'],
  ['https://API.ANTHROPIC.COM/v1/messages', 'anthropic'],
  ['https://api.anthropic.com.evil.example', 'openai'],
  ['https://api.vendor.example/anthropic', 'anthropic'],
  ['https://api.vendor.example/api/anthropic/v1/', 'anthropic'],
  ['https://gateway.example/v1/messages', 'anthropic'],
  ['https://gateway.example/anthropic/openai/v1', 'openai'],
  ['https://corp.openai.azure.com', 'azure'],
  ['https://corp.openai.azure.com/openai/v1/', 'azure'],
  ['https://corp.openai.azure.com/openai/deployments/gpt-4o?api-version=2024-10-21', 'azure'],
  ['https://corp.cognitiveservices.azure.com', 'azure'],
  ['https://corp.services.ai.azure.com/openai/v1', 'azure'],
  ['https://corp.services.ai.azure.com/anthropic', 'anthropic'],
  ['https://corp.openai.azure.us', 'azure'],
  ['https://corp.openai.azure.cn', 'azure'],
  ['https://corp.cognitiveservices.azure.us', 'azure'],
  ['https://openai.azure.com.evil.example', 'openai'],
  ['https://corp.blob.core.azure.com', 'openai'],
  ['https://ollama.com', 'ollama'],
  ['https://www.ollama.com/v1', 'ollama'],
  ['http://127.0.0.1:11434', 'ollama'],
  ['http://localhost:11434/v1', 'ollama'],
  ['http://gpu.corp.example:11434/api', 'ollama'],
  ['http://127.0.0.1:1234/v1', 'lmstudio'],
  ['http://gpu.corp.example:1234/v1', 'openai'],
  ['http://localhost:8000', 'vllm'],
  ['http://host.docker.internal:8000/v1', 'vllm'],
  ['http://[::1]:8080', 'local'],
  ['http://localhost', 'local'],
];

describe('the type of an address', () => {
  for (const [url, type] of TYPES) test(`${url} is ${type}`, () => assert.equal(typeOfUrl(url), type));
});

test('a type is a word of the table in any case; with plug-ins also any name', () => {
  assert.deepEqual(parseProviderType('Azure'), { value: 'azure' });
  assert.ok('problem' in parseProviderType('corpApi'));
  assert.ok('problem' in parseProviderType('constructor'));
  assert.deepEqual(parseTypeOrName('OLLAMA'), { value: 'ollama' });
  assert.deepEqual(parseTypeOrName('corpApi'), { value: 'corpApi' });
  for (const bad of ['corp api', 'a/b', 'x'.repeat(65)]) assert.ok('problem' in parseTypeOrName(bad), bad);
});

test('where each type is usually found, and which may load; nothing is known of a plug-in', () => {
  assert.equal(usualUrl('anthropic'), 'https://api.anthropic.com');
  assert.equal(usualUrl('ollama'), 'http://127.0.0.1:11434');
  assert.equal(usualUrl('azure'), undefined);
  assert.equal(usualUrl('corpApi'), undefined);
  assert.equal(usualUrl('constructor'), undefined);
});

test('a provider is called after its type, or after its host where the type says too little', () => {
  assert.equal(defaultId('azure', 'https://corp.openai.azure.com'), 'azure');
  assert.equal(defaultId('openai', 'https://corp.openai.azure.com'), 'corp.openai.azure.com');
  assert.equal(defaultId('openai', 'https://api.openai.com/v1'), 'openai');
  assert.equal(defaultId('corpApi', 'https://llm.corp.example'), 'corpApi');
});

test("a gateway's address is a gateway where nothing tells more of it", () => {
  const types: readonly (readonly [string, string])[] = [
    ['https://gateway.corp.example', 'gateway'],
    ['http://127.0.0.1:8000', 'gateway'],
    ['http://localhost:9999/v1', 'gateway'],
    ['https://api.openai.com/v1', 'openai'],
    ['https://openrouter.ai/api/v1', 'openrouter'],
    ['http://127.0.0.1:11434', 'ollama'],
    ['https://gateway.corp.example/anthropic', 'anthropic'],
  ];
  for (const [url, type] of types) assert.equal(typeOfGateway(url), type, url);
});
