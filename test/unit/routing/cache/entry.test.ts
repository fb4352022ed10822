// Tests of routing/cache/entry.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatEvent } from '../../../../src/providers/chat.ts';
import { decodeEntry, encodeEntry, isWhole } from '../../../../src/routing/cache/entry.ts';

const GIVER = { provider: 'corp', model: 'gpt', changed: ['a -> b'] };

test('pieces that follow each other are joined, everything else stays as it was said', () => {
  const events: readonly ChatEvent[] = [
    { type: 'start', id: 'x', model: 'gpt' },
    { type: 'reasoning', text: 'h' },
    { type: 'reasoning', text: 'm' },
    { type: 'text', text: 'a' },
    { type: 'text', text: 'b' },
    { type: 'text', text: 'c', choice: 1 },
    { type: 'text', text: 'd' },
    { type: 'tool', index: 0, id: 't0', name: 'add', arguments: '' },
    { type: 'tool', index: 0, arguments: '{"a":' },
    { type: 'tool', index: 0, arguments: '1}' },
    { type: 'tool', index: 1, id: 't1', name: 'add', arguments: '{}' },
    { type: 'usage', usage: { inputTokens: 3 } },
    { type: 'finish', reason: 'tool_calls' },
  ];
  assert.deepEqual(decodeEntry(encodeEntry(GIVER, events)), {
    ...GIVER,
    events: [
      { type: 'start', id: 'x', model: 'gpt' },
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'ab' },
      { type: 'text', text: 'c', choice: 1 },
      { type: 'text', text: 'd' },
      { type: 'tool', index: 0, id: 't0', name: 'add', arguments: '{"a":1}' },
      { type: 'tool', index: 1, id: 't1', name: 'add', arguments: '{}' },
      { type: 'usage', usage: { inputTokens: 3 } },
      { type: 'finish', reason: 'tool_calls' },
    ],
  });
});

test('texts come back as they were, whatever they hold', () => {
  const texts = ['', '\n', 'a\nb\n{"events":[]}', '"\\\u0000', 'é→😀', '\ud800', '-', '0'];
  const events: ChatEvent[] = texts.flatMap((text): ChatEvent[] => [
    { type: 'text', text },
    { type: 'tool', index: 0, id: text, name: 'add', arguments: text },
    { type: 'reasoning', text, choice: 2 },
  ]);
  assert.deepEqual(decodeEntry(encodeEntry(GIVER, events))?.events, events);
});

test('what is no entry is none', () => {
  const unfit = [
    '',
    '{',
    'null',
    '[]',
    '7',
    '{"events":[],"lengths":[]}',
    '{"events":{},"changed":[],"lengths":[]}',
    '{"events":[],"changed":[]}',
    '{"events":[{"type":"text","text":""}],"changed":[],"lengths":[5]}\nfour',
    '{"events":[{"type":"text","text":""}],"changed":[],"lengths":[4]}\nlonger',
    '{"events":[{"type":"text","text":""}],"changed":[],"lengths":[]}\n',
  ];
  for (const text of unfit) assert.equal(decodeEntry(text), undefined, text);
});

test('whole is what came to its own end, in every choice', () => {
  const ending = (...reasons: string[]): ChatEvent[] => reasons.map((reason) => ({ type: 'finish', reason }));
  const cases: readonly [readonly ChatEvent[], boolean][] = [
    [ending('stop'), true],
    [ending('tool_calls'), true],
    [ending('length'), false],
    [ending('content_filter'), false],
    [ending('pause'), false],
    [ending('stop', 'length'), false],
    [[{ type: 'text', text: 'a' }], false],
  ];
  for (const [events, expected] of cases) assert.equal(isWhole(events), expected, JSON.stringify(events));
});

test('an image is kept as it is, between the texts', () => {
  const events: readonly ChatEvent[] = [
    { type: 'text', text: 'a' },
    { type: 'image', url: 'data:image/png;base64,AAAA' },
    { type: 'image', url: 'https://img.example/1', choice: 1 },
    { type: 'text', text: 'b' },
    { type: 'finish', reason: 'stop' },
  ];
  assert.deepEqual(decodeEntry(encodeEntry(GIVER, events))?.events, events);
});
