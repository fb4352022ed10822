// What no recorded stream of /responses shows: limits, and what must not be said twice or at all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatEvent } from '../../../../../src/providers/chat.ts';
import { EventBatch } from '../../../../../src/providers/dialects/event-batch.ts';
import { ResponsesReader } from '../../../../../src/providers/dialects/responses/reader.ts';

function read(...events: readonly object[]): ChatEvent[] {
  const reader = new ResponsesReader({ op: 'chat', stream: true, request: { model: 'm', messages: [] } });
  const batch = new EventBatch();
  for (const event of events) reader.accept({ data: JSON.stringify(event) }, batch);
  if (reader.isFinished) reader.finish(batch);
  return batch.take();
}

const END = { type: 'response.completed', response: { status: 'completed', incomplete_details: null } };

test('reasoning that is told as summary and in full is said once', () => {
  const [first, ...rest] = read(
    { type: 'response.reasoning_summary_text.delta', item_id: 'r', delta: 'short' },
    { type: 'response.reasoning_text.delta', item_id: 'r', delta: 'long' },
    { type: 'response.output_item.done', item: { type: 'reasoning', id: 'r', content: [{ text: 'long' }] } },
  );
  assert.deepEqual(first, { type: 'reasoning', text: 'short' });
  assert.deepEqual(rest, []);
});

test('arguments of a call nobody announced are passed over', () => {
  assert.deepEqual(read({ type: 'response.function_call_arguments.delta', item_id: 'f', delta: '{' }, END), [
    { type: 'start' },
    { type: 'finish', reason: 'stop' },
  ]);
});

test('unknown events, items and members are passed over, and a missing output is an empty one', () => {
  const events = read(
    { type: 'response.web_search_call.searching', item_id: 'w', output_index: 0 },
    { type: 'response.output_item.done', output_index: 0, item: { type: 'web_search_call', id: 'w' } },
    { type: 'response.output_text.delta', output_index: '__proto__', item_id: 7, delta: null },
    END,
  );
  assert.deepEqual(events, [{ type: 'start' }, { type: 'finish', reason: 'stop' }]);
});

test('an error without a type is an error, in a stream and as text', () => {
  assert.throws(() => read({ error: { message: 'boom' } }), /boom/);
  assert.throws(() => read({ type: 'error', error: 'boom' }), /boom/);
  assert.throws(() => read({ type: 'response.failed', response: { error: null } }), /did not explain/);
});

test('an item whose id is another with every delta is one item', () => {
  const deltas = Array.from({ length: 5000 }, (_, n) => ({
    type: 'response.output_text.delta',
    output_index: 0,
    item_id: `m${n}`,
    delta: 'ab',
  }));
  const events = read(...deltas);
  assert.equal(events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('').length, 10_000);
});

test('more items than anybody answers with are refused', () => {
  const many = Array.from({ length: 1100 }, (_, n) => ({
    type: 'response.output_item.done',
    output_index: n,
    item: { type: 'message', id: `m${n}`, content: [{ type: 'output_text', text: 'a' }] },
  }));
  assert.throws(() => read(...many), /more than 1024 parts/);
  const calls = Array.from({ length: 257 }, (_, n) => ({
    type: 'response.output_item.added',
    output_index: n,
    item: { type: 'function_call', id: `f${n}`, call_id: `c${n}`, name: 'f', arguments: '' },
  }));
  assert.throws(() => read(...calls), /tool call whose index/);
});
