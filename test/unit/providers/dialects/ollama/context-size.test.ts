// The rule at the head of context-size.ts, on both sides of its bounds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextSize, roomFor } from '../../../../../src/providers/dialects/ollama/context-size.ts';

/** A prompt of so many bytes, the two quotes included. */
const bytes = (count: number): string => 'x'.repeat(count - 2);

test('what fits into the smallest default is left to the server', () => {
  assert.equal(contextSize(bytes(9216), 0, 1024), undefined);
  assert.equal(contextSize(bytes(9217), 0, 1024), 8192);
  assert.equal(contextSize(bytes(3), 0, 4095), undefined);
  assert.equal(contextSize(bytes(3), 0, 4096), 8192);
});

test('sizes are powers of two', () => {
  assert.equal(contextSize(bytes(3 * 8192), 0, 0), 8192);
  assert.equal(contextSize(bytes(3 * 8192 + 1), 0, 0), 16384);
  assert.equal(contextSize(bytes(3 * 100_000), 0, 0), 131072);
});

test('characters count by their bytes, and images for themselves', () => {
  assert.equal(contextSize('日'.repeat(4096), 0, 0), 8192);
  assert.equal(contextSize('', 3, 1024), 8192);
  assert.equal(contextSize('', 2, 1024), undefined);
});

test('the room is what was asked for, within reason', () => {
  assert.deepEqual([roomFor(undefined), roomFor(100), roomFor(8192), roomFor(1_000_000)], [1024, 100, 8192, 8192]);
});
