// WIRE.md section 1: where an Ollama server's endpoints hang, however its address was written.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointUrl, ollamaBase } from '../../../../../src/providers/base-url.ts';
import type { Endpoint } from '../../../../../src/providers/dialect.ts';
import { routeOf } from '../../../../../src/providers/dialects/ollama/route.ts';

const written: readonly (readonly [string, string])[] = [
  ['http://127.0.0.1:11434', 'http://127.0.0.1:11434/api/chat'],
  ['http://127.0.0.1:11434/', 'http://127.0.0.1:11434/api/chat'],
  ['http://localhost:11434/v1', 'http://localhost:11434/api/chat'],
  ['http://localhost:11434/v1/', 'http://localhost:11434/api/chat'],
  ['http://localhost:11434/api', 'http://localhost:11434/api/chat'],
  [' http://localhost:11434/api/// ', 'http://localhost:11434/api/chat'],
  ['http://localhost:11434/api/chat', 'http://localhost:11434/api/chat'],
  ['http://localhost:11434/api/tags/', 'http://localhost:11434/api/chat'],
  ['http://localhost:11434/v1/chat/completions', 'http://localhost:11434/api/chat'],
  ['https://ollama.com/api', 'https://ollama.com/api/chat'],
  ['https://gw.example.com/ollama', 'https://gw.example.com/ollama/api/chat'],
  ['https://gw.example.com/ollama/v1?team=a', 'https://gw.example.com/ollama/api/chat?team=a'],
  ['https://gw.example.com/api/ollama', 'https://gw.example.com/api/ollama/api/chat'],
  ['https://user:secret@gw.example.com/api', 'https://user:secret@gw.example.com/api/chat'],
];

for (const [from, to] of written) {
  test(`97: ${from}`, () => assert.equal(endpointUrl(ollamaBase(from), '/api/chat', {}), to));
}

const endpoint: Endpoint = {
  provider: 'local',
  type: 'ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  apiKey: '',
  headers: {},
  query: {},
};

test('every question has its own endpoint', () => {
  assert.deepEqual(routeOf(endpoint).url, {
    chat: 'http://127.0.0.1:11434/api/chat',
    complete: 'http://127.0.0.1:11434/api/generate',
    embed: 'http://127.0.0.1:11434/api/embed',
    models: 'http://127.0.0.1:11434/api/tags',
    describe: 'http://127.0.0.1:11434/api/show',
  });
});

test('a key is sent when there is one, and the own headers win', () => {
  assert.equal(routeOf(endpoint).headers['authorization'], undefined);
  assert.equal(routeOf({ ...endpoint, apiKey: 'k' }).headers['authorization'], 'Bearer k');
  const own = { ...endpoint, apiKey: 'k', headers: { Authorization: 'Basic x' } };
  assert.equal(routeOf(own).headers['authorization'], 'Basic x');
});

test('a route is worked out once', () => {
  assert.equal(routeOf(endpoint), routeOf(endpoint));
});
