// Which names are asked at /responses. WIRE.md 3.5.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Habit } from '../../../../../src/providers/dialect.ts';
import { livesAtResponses, makesReasoningItems } from '../../../../../src/providers/dialects/responses/models.ts';

const asked = (model: string, ...habits: readonly Habit[]): boolean => livesAtResponses(model, true, new Set(habits));

const THERE = ['o1-pro', 'o1-pro-2025-03-19', 'o3-pro', 'gpt-5-pro', 'gpt-5.2-pro-2025-12-11', 'gpt-5.5-pro'];
const CODE = ['gpt-5-codex', 'gpt-5.1-codex', 'gpt-5.1-codex-mini', 'gpt-5.1-codex-max', 'codex-mini-latest'];
const TOOLS = ['o3-deep-research', 'o4-mini-deep-research-2025-06-26', 'computer-use-preview', 'ft:o3-pro:org::id'];
const ELSEWHERE = ['gpt-4o', 'o1', 'o3', 'o3-mini', 'o4-mini', 'gpt-5', 'gpt-5-mini', 'gpt-5.1', 'gpt-5-chat-latest'];

test('the models that live nowhere else are known by name', () => {
  assert.deepEqual(
    [...THERE, ...CODE, ...TOOLS].filter((model) => !asked(model)),
    [],
  );
  assert.deepEqual(
    [...ELSEWHERE, 'llama-3-pro', 'my-codex'].filter((model) => asked(model)),
    [],
  );
});

test('names say nothing elsewhere, and what was learnt wins over them', () => {
  assert.equal(livesAtResponses('o3-pro', false, new Set()), false);
  assert.equal(livesAtResponses('qwen3', false, new Set<Habit>(['responses'])), true);
  assert.equal(asked('o3-pro', 'chat'), false);
  assert.equal(asked('gpt-4o', 'responses', 'chat'), false);
});

test('only reasoning models are asked for their reasoning', () => {
  assert.ok(['o3-pro', 'gpt-5-codex', 'codex-mini-latest', 'computer-use-preview'].every(makesReasoningItems));
  assert.ok(!['gpt-4o', 'gpt-4.1', 'qwen3'].some(makesReasoningItems));
});
