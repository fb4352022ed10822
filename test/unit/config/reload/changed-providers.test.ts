// Which providers keep what was learnt of them over a reload.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedProviders } from '../../../../src/config/reload/changed-providers.ts';
import type { Config } from '../../../../src/config/config.ts';
import { readConfig } from '../../../../src/config/env.ts';
import { Secrets } from '../../../../src/core/secrets.ts';

function configOf(providers: readonly object[], keys: Readonly<Record<string, string>> = {}): Config {
  const read = readConfig({
    env: { CONFIG_PATH: '/c.json' },
    flags: new Map(),
    isFolder: () => true,
    openSecret: (path) => ({ value: { read: () => keys[path] ?? 'file-key-1' } }),
    readText: () => ({ value: JSON.stringify({ providers }) }),
    secrets: new Secrets(),
  });
  assert.ok('config' in read, JSON.stringify(read));
  return read.config;
}

const A = { id: 'a', type: 'openai', apiKey: 'key-of-a-1', headers: { 'x-a': '1' }, timeout: { idle: 5 } };
const B = { id: 'b', type: 'ollama' };

function diff(before: readonly object[], after: readonly object[]): Record<string, readonly string[]> {
  const { unchanged, changed, gone } = changedProviders(configOf(before), configOf(after));
  return { unchanged: [...unchanged], changed: [...changed], gone: [...gone] };
}

const same = { unchanged: ['a', 'b'], changed: [], gone: [] };
const CASES: readonly (readonly [string, readonly object[], object])[] = [
  ['nothing', [A, B], same],
  ['the order', [B, A], { ...same, unchanged: ['b', 'a'] }],
  [
    'the order of keys',
    [{ timeout: { idle: 5 }, headers: { 'x-a': '1' }, apiKey: 'key-of-a-1', type: 'openai', id: 'a' }, B],
    same,
  ],
  ['a name', [{ ...A, name: 'Anna' }, B], same],
  ['share and turn', [{ ...A, weight: 7, priority: 3 }, B], same],
  ['the same address written out', [{ ...A, baseUrl: 'https://api.openai.com/v1' }, B], same],
  ['the key', [{ ...A, apiKey: 'key-of-a-2' }, B], { unchanged: ['b'], changed: ['a'], gone: [] }],
  ['a header', [{ ...A, headers: { 'x-a': '2' } }, B], { unchanged: ['b'], changed: ['a'], gone: [] }],
  ['a clock', [{ ...A, timeout: { idle: 6 } }, B], { unchanged: ['b'], changed: ['a'], gone: [] }],
  ['a limit', [A, { ...B, rateLimits: { concurrency: 1 } }], { unchanged: ['a'], changed: ['b'], gone: [] }],
  ['a new one', [A, B, { id: 'c', type: 'vllm' }], { unchanged: ['a', 'b'], changed: ['c'], gone: [] }],
  ['one less', [B], { unchanged: ['b'], changed: [], gone: ['a'] }],
  ['an id', [{ ...A, id: 'z' }, B], { unchanged: ['b'], changed: ['z'], gone: ['a'] }],
];

for (const [what, after, expected] of CASES) {
  test(`what changes is ${what}`, () => assert.deepEqual(diff([A, B], after), expected));
}

test('a key file that was rotated is the same source', () => {
  const keys = { '/k': 'file-key-1' };
  const before = configOf([{ ...A, apiKey: '${file:/k}' }], keys);
  keys['/k'] = 'file-key-2';
  const after = configOf([{ ...A, apiKey: '${file:/k}' }], keys);
  assert.deepEqual([...changedProviders(before, after).unchanged], ['a']);
});
