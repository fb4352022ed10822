import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOpenAiReasoning, thinksFirst } from '../../../src/providers/model-names.ts';

test("OpenAI's reasoning models are told from the others", () => {
  assert.ok(['o1', 'o3-mini', 'gpt-5', 'gpt-5.1-codex', 'openai/o4-mini', 'GPT-5-nano'].every(isOpenAiReasoning));
  assert.ok(!['gpt-4o', 'gpt-5-chat-latest', 'olmo-2', 'llama3.2', 'openai/gpt-4.1'].some(isOpenAiReasoning));
});

test('families that think before they speak are known by name', () => {
  const thinking = [
    'deepseek-reasoner deepseek-r1:8b qwq-32b Qwen3-30B-Thinking gpt-oss:20b acme/r1 o3 google/gemini-2.5-pro',
    'gemini-2.5-flash gemini-3-flash-preview qwen3:8b Qwen/Qwen3-32B qwen3.5-27b glm-4.6 grok-4 grok-3-mini',
    'magistral-small anthropic.claude-mythos-5 claude-opus-5 anthropic/claude-haiku-5-5 claude-3.7-sonnet:thinking minimax-m2 kimi-k2-thinking',
  ];
  assert.deepEqual(
    thinking.flatMap((names) => names.split(' ')).filter((name) => !thinksFirst(name)),
    [],
  );
  const others = [
    'gpt-4o r12-model llama3.2 claude-sonnet thinker claude-opus-4-6 gemini-2.0-flash gemini-2.5-flash-lite',
    'gemini-2.5-flash-image qwen3-coder:30b Qwen3-4B-Instruct-2507 qwen2.5 grok-4-fast-non-reasoning grok-3',
    'qwen3-embedding:8b glm-4-9b deepseek-chat mistral-small',
  ];
  assert.deepEqual(others.flatMap((names) => names.split(' ')).filter(thinksFirst), []);
});
