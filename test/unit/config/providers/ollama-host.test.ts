// The forms of OLLAMA_HOST that people set, as Ollama's own client reads them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ollamaHost } from '../../../../src/config/providers/ollama-host.ts';

const GOOD: readonly (readonly [string, string])[] = [
  ['127.0.0.1:11434', 'http://127.0.0.1:11434'],
  ['127.0.0.1', 'http://127.0.0.1:11434'],
  ['gpu.corp.example', 'http://gpu.corp.example:11434'],
  ['gpu:8080', 'http://gpu:8080'],
  [':11434', 'http://127.0.0.1:11434'],
  [':8080/prefix', 'http://127.0.0.1:8080/prefix'],
  ['gpu/ollama', 'http://gpu:11434/ollama'],
  ['http://gpu:8080', 'http://gpu:8080'],
  // A scheme brings its own port.
  ['http://gpu', 'http://gpu'],
  ['https://gpu.corp.example/ollama', 'https://gpu.corp.example/ollama'],
  ['ollama.com', 'https://ollama.com'],
  ['https://ollama.com', 'https://ollama.com'],
  // Addresses to listen on.
  ['0.0.0.0', 'http://127.0.0.1:11434'],
  ['0.0.0.0:8080', 'http://127.0.0.1:8080'],
  ['http://0.0.0.0:11434/', 'http://127.0.0.1:11434'],
  ['0', 'http://127.0.0.1:11434'],
  ['::', 'http://[::1]:11434'],
  ['[::]:8080', 'http://[::1]:8080'],
  ['::1', 'http://[::1]:11434'],
  ['fe80::1:8080', 'http://[fe80::1:8080]:11434'],
  ['[::1]', 'http://[::1]:11434'],
  // As a shell or a compose file leaves it.
  ['"10.0.0.7:11434"', 'http://10.0.0.7:11434'],
  ["' gpu '", 'http://gpu:11434'],
  [' gpu:8080 ', 'http://gpu:8080'],
  ['user:word@gpu:8080', 'http://user:word@gpu:8080'],
];

for (const [text, url] of GOOD) {
  test(`${text} is ${url}`, () => assert.deepEqual(ollamaHost(text), { value: url }));
}

for (const text of ['host:port', ':70000', 'a b', 'ftp://gpu', '[::1', 'http://']) {
  test(`${text} is refused`, () => assert.ok('problem' in ollamaHost(text)));
}
