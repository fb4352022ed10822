// How fragments of reasoning become blocks, where no recording shows it. The usual forms are fixtures.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventBatch } from '../../../../../src/providers/dialects/event-batch.ts';
import type { Fields } from '../../../../../src/providers/dialects/fields.ts';
import { ReasoningDetails } from '../../../../../src/providers/dialects/openai/reasoning-details.ts';

function blocks(...fragments: readonly Fields[]): unknown[] {
  const details = new ReasoningDetails(0);
  for (const fragment of fragments) details.accept([fragment]);
  const batch = new EventBatch();
  details.finish(batch);
  return batch.take().map((event) => (event.type === 'reasoning_detail' ? event.detail : event));
}

const text = (more: Fields): Fields => ({ type: 'reasoning.text', ...more });

test('without an index a fragment continues the last block of its type only', () => {
  const sealed = { type: 'reasoning.encrypted', data: 'x' };
  assert.deepEqual(blocks(text({ text: 'a' }), text({ text: 'b', signature: 's' }), sealed, text({ text: 'c' })), [
    { type: 'reasoning.text', text: 'ab', signature: 's' },
    { type: 'reasoning.encrypted', data: 'x' },
    { type: 'reasoning.text', text: 'c' },
  ]);
});

test('blocks that are told in turns are kept apart by index', () => {
  const fragments = [text({ index: 0, text: 'a' }), text({ index: 1, text: 'x' }), text({ index: 0, signature: 's' })];
  assert.deepEqual(blocks(...fragments), [
    { type: 'reasoning.text', index: 0, text: 'a', signature: 's' },
    { type: 'reasoning.text', index: 1, text: 'x' },
  ]);
});

test('nothing is kept of what need not come back, nor of members that are null or no plain value', () => {
  assert.deepEqual(blocks(text({ index: 0, text: 'a' })), []);
  assert.deepEqual(blocks(text({ text: 'a', signature: 's', id: null, more: { x: 1 } })), [
    { type: 'reasoning.text', text: 'a', signature: 's' },
  ]);
});

test('more blocks than anybody thinks in are refused', () => {
  const many = Array.from({ length: 257 }, (_, index) => text({ index, text: 'a' }));
  assert.throws(() => blocks(...many), /more than 256 reasoning blocks/);
});
