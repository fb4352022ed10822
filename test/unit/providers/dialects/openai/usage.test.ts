// Tests of providers/dialects/openai/usage.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUsage } from '../../../../../src/providers/dialects/openai/usage.ts';

test('what cannot be a count or a cost stays unknown', () => {
  assert.deepEqual(readUsage({ prompt_tokens: 5, completion_tokens: 0, cost: 0.25 }), {
    inputTokens: 5,
    outputTokens: 0,
    costUsd: 0.25,
  });
  assert.deepEqual(readUsage({ prompt_tokens: -5, completion_tokens: 1e308, cost: -1 }), {});
  assert.deepEqual(readUsage({ prompt_tokens: '5', completion_tokens: null, cost: '1' }), {});
  assert.deepEqual(readUsage({ cost: 0 }), { costUsd: 0 });
});
