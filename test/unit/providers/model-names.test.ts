import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOpenAiReasoning, thinksFirst } from '../../../src/providers/model-names.ts';

test("OpenAI's reasoning models are told from the others", () => {
  assert.ok(['o1', 'o3-mini', 'gpt-5', 'gpt-5.1-codex', 'openai/o4-mini', 'GPT-5-nano'].every(isOpenAiReasoning));
  assert.ok(!['gpt-4o', 'gpt-5-chat-latest', 'olmo-2', 'llama3.2', 'openai/gpt-4.1'].some(isOpenAiReasoning));
});

test('families that think before they speak are known by name', () => {
  assert.ok(
    ['deepseek-reasoner', 'deepseek-r1:8b', 'qwq-32b', 'Qwen3-30B-Thinking', 'gpt-oss:20b', 'acme/r1', 'o3'].every(
      thinksFirst,
    ),
  );
  assert.ok(!['gpt-4o', 'r12-model', 'llama3.2', 'claude-sonnet', 'thinker'].some(thinksFirst));
});
