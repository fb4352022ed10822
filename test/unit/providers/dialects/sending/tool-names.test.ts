// Names of tools there and back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatRequest } from '../../../../../src/providers/chat.ts';
import { callersToolNames, sentToolNames } from '../../../../../src/providers/dialects/sending/tool-names.ts';

function asking(...names: readonly string[]): ChatRequest {
  return { model: 'm', messages: [], tools: names.map((name) => ({ name })) };
}

test('names that are taken as they are need no map', () => {
  assert.equal(sentToolNames(asking('a_b-C9'), 64).size, 0);
  assert.equal(sentToolNames({ model: 'm', messages: [] }, 64).size, 0);
});

test('no two names become one, whichever comes first', () => {
  assert.deepEqual(
    [...sentToolNames(asking('a.b', 'a/b', 'a_b', 'é'), 64)],
    [
      ['a.b', 'a_b_2'],
      ['a/b', 'a_b_3'],
      ['é', '_'],
    ],
  );
});

test('a long name is cut, its number included', () => {
  const long = 'x'.repeat(70);
  const sent = sentToolNames(asking(long, `${long}y`), 64);
  assert.deepEqual([...sent.values()], ['x'.repeat(64), `${'x'.repeat(62)}_2`]);
});

test('names of earlier calls count, though their tools are no longer offered', () => {
  const calls = [{ id: '1', name: 'old.tool', arguments: '{}' }];
  const request: ChatRequest = { model: 'm', messages: [{ role: 'assistant', content: null, toolCalls: calls }] };
  assert.deepEqual([...sentToolNames(request, 64)], [['old.tool', 'old_tool']]);
});

test('the answer is read with the same map the other way round', () => {
  const ask = { op: 'chat', stream: true, request: asking('a.b', 'a_b') } as const;
  assert.deepEqual([...callersToolNames(ask, 64)], [['a_b_2', 'a.b']]);
  assert.equal(callersToolNames({ op: 'models' }, 64).size, 0);
});

test('eight thousand long names of one beginning are told apart in linear time', () => {
  const names = Array.from({ length: 8000 }, (_, n) => `${'x'.repeat(70)}${n}`);
  assert.equal(new Set(sentToolNames(asking(...names), 64).values()).size, 8000);
});
