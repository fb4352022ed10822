// Tests of routing/cache/key.ts: everything that could change the answer changes the key, and nothing else does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatRequest } from '../../../../src/providers/chat.ts';
import { cacheKey, isCacheable } from '../../../../src/routing/cache/key.ts';

const TARGETS = [{ provider: 'corp', model: 'gpt', credentials: 'c1' }];
const REQUEST: ChatRequest = { model: 'fast', messages: [{ role: 'user', content: 'hi' }] };

const keyOf = (more: Partial<ChatRequest>): string => cacheKey({ ...REQUEST, ...more }, TARGETS, 'ci');

test('every member of the request counts, unknown ones too', () => {
  const changes: readonly Partial<ChatRequest>[] = [
    {},
    { messages: [{ role: 'user', content: 'ho' }] },
    { messages: [{ role: 'system', content: 'hi' }] },
    { messages: [{ role: 'user', content: 'hi', name: 'bo' }] },
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] },
    { messages: [{ role: 'user', content: [{ type: 'image', url: 'hi' }] }] },
    { temperature: 0 },
    { temperature: 1 },
    { topP: 0 },
    { maxTokens: 1 },
    { seed: 0 },
    { stop: ['a'] },
    { stop: ['a', 'b'] },
    { stop: ['b', 'a'] },
    { reasoningEffort: 'low' },
    { responseFormat: { type: 'json_object' } },
    { tools: [{ name: 'add' }] },
    { tools: [{ name: 'add', strict: true }] },
    { toolChoice: 'none' },
    { toolChoice: { name: 'none' } },
    { parallelToolCalls: false },
    { extra: { top_k: 1 } },
    { extra: { top_k: '1' } },
  ];
  const keys = changes.map(keyOf);
  assert.equal(new Set(keys).size, changes.length);
  for (const key of keys) assert.match(key, /^[0-9a-f]{64}$/);
});

test('where it leads and whose it is count', () => {
  const [target] = TARGETS;
  assert.ok(target !== undefined);
  const keys = [
    cacheKey(REQUEST, TARGETS, 'ci'),
    cacheKey(REQUEST, TARGETS, 'other'),
    cacheKey(REQUEST, [{ ...target, provider: 'local' }], 'ci'),
    cacheKey(REQUEST, [{ ...target, model: 'gpt-2' }], 'ci'),
    cacheKey(REQUEST, [{ ...target, credentials: 'c2' }], 'ci'),
    cacheKey(REQUEST, [target, { ...target, provider: 'local' }], 'ci'),
  ];
  assert.equal(new Set(keys).size, keys.length);
});

test('order of members, the name it was asked by and the wish for the cache do not', () => {
  const a = keyOf({ extra: { a: 1, b: { c: 2, d: 3 } }, temperature: 0 });
  const b = keyOf({ temperature: 0, extra: { b: { d: 3, c: 2 }, a: 1 }, model: 'corp/gpt', cache: 'refresh' });
  assert.equal(a, b);
});

test('deterministic requests when that is enabled, others when they ask, none that refuse', () => {
  const cases: readonly [Partial<ChatRequest>, boolean, boolean][] = [
    [{ temperature: 0 }, true, true],
    [{ seed: 7 }, true, true],
    [{}, true, false],
    [{ temperature: 0.2 }, true, false],
    [{ temperature: 0 }, false, false],
    [{ cache: true }, false, true],
    [{ cache: 'refresh' }, false, true],
    [{ temperature: 0, cache: false }, true, false],
  ];
  for (const [more, enabled, expected] of cases)
    assert.equal(isCacheable({ ...REQUEST, ...more }, enabled), expected, JSON.stringify([more, enabled]));
});
