import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventBatch } from '../../../../src/providers/dialects/event-batch.ts';

test('neighbours of one kind and choice are joined, others keep their order', () => {
  const batch = new EventBatch();
  batch.text('reasoning', 'r', 0);
  batch.text('text', 'a', 0);
  batch.text('text', '', 1);
  batch.text('text', 'b', 0);
  batch.text('text', 'c', 1);
  batch.add({ type: 'usage', usage: {} });
  batch.text('text', 'd', 1);
  assert.deepEqual(batch.take(), [
    { type: 'reasoning', text: 'r' },
    { type: 'text', text: 'ab' },
    { type: 'text', text: 'c', choice: 1 },
    { type: 'usage', usage: {} },
    { type: 'text', text: 'd', choice: 1 },
  ]);
});

test('fragments of one tool call are joined, a new call is not', () => {
  const batch = new EventBatch();
  batch.add({ type: 'tool', index: 0, id: 'a', name: 'f', arguments: '{' });
  batch.add({ type: 'tool', index: 0, arguments: '}' });
  batch.add({ type: 'tool', index: 1, arguments: 'x' });
  assert.deepEqual(batch.take(), [
    { type: 'tool', index: 0, id: 'a', name: 'f', arguments: '{}' },
    { type: 'tool', index: 1, arguments: 'x' },
  ]);
});

test('taken, it is empty', () => {
  const batch = new EventBatch();
  assert.equal(batch.isEmpty, true);
  batch.text('text', 'a', 0);
  assert.equal(batch.isEmpty, false);
  batch.take();
  assert.equal(batch.isEmpty, true);
  assert.deepEqual(batch.take(), []);
});
