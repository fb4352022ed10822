// A thought goes back whole or not at all, and is not kept without bound.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPlainThought, Replay } from '../../../../../src/providers/dialects/sending/replay.ts';

test('what is said in pieces is kept whole', () => {
  const replay = new Replay();
  assert.deepEqual([replay.text, replay.isEmpty], [undefined, true]);
  for (const piece of ['a', '', 'b']) replay.add(piece);
  assert.deepEqual([replay.text, replay.isEmpty], ['ab', false]);
});

test('what is too long is not kept in part', () => {
  const replay = new Replay();
  replay.add('a'.repeat(262_144));
  assert.equal(replay.text?.length, 262_144);
  replay.add('b');
  replay.add('c');
  assert.deepEqual([replay.text, replay.isEmpty], [undefined, false]);
});

test('only plain words are for every server', () => {
  assert.ok(isPlainThought({ type: 'reasoning.text', text: 'a', format: 'ollama' }));
  assert.ok(!isPlainThought({ type: 'reasoning.text', text: 'a', signature: 's', format: 'anthropic-claude-v1' }));
  assert.ok(!isPlainThought({ type: 'reasoning.encrypted', data: 'x', format: 'unknown' }));
});
