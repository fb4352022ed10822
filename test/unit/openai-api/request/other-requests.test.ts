// The bodies of /v1/completions and /v1/embeddings.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { readCompletionRequest } from '../../../../src/openai-api/request/completion-request.ts';
import { readEmbedRequest } from '../../../../src/openai-api/request/embedding-request.ts';

function paramOf(read: (body: JsonObject) => unknown, body: JsonObject): string | undefined {
  try {
    read(body);
  } catch (thrown) {
    assert.ok(thrown instanceof Fault && thrown.kind === 'INVALID_INPUT');
    return thrown.data.param;
  }
  return 'accepted';
}

test('a completion is one prompt', () => {
  const body = { model: 'm', prompt: ['Once'], suffix: '!', max_tokens: 3, stop: ['a'], n: 1, best_of: 1, echo: true };
  assert.deepEqual(readCompletionRequest({ ...body, logprobs: null, stream: true }), {
    request: { model: 'm', prompt: 'Once', suffix: '!', maxTokens: 3, stop: ['a'], extra: { echo: true } },
    stream: true,
    includeUsage: false,
  });
  assert.equal(readCompletionRequest({ prompt: '' }).request.prompt, '');
});

test('several prompts, tokens and probabilities are refused by name', () => {
  const refused: readonly (readonly [JsonObject, string])[] = [
    [{}, 'prompt'],
    [{ prompt: ['a', 'b'] }, 'prompt'],
    [{ prompt: [1, 2] }, 'prompt'],
    [{ prompt: [] }, 'prompt'],
    [{ prompt: 'a', n: 2 }, 'n'],
    [{ prompt: 'a', best_of: 2 }, 'best_of'],
    [{ prompt: 'a', logprobs: 0 }, 'logprobs'],
  ];
  for (const [body, param] of refused) assert.equal(paramOf(readCompletionRequest, body), param);
});

test('embeddings are of a text or several', () => {
  assert.deepEqual(readEmbedRequest({ model: 'e', input: 'a', dimensions: 3, user: 'u', encoding_format: 'base64' }), {
    request: { model: 'e', input: ['a'], dimensions: 3 },
    isPacked: true,
  });
  assert.deepEqual(readEmbedRequest({ input: ['a', 'b'], encoding_format: null }), {
    request: { model: '', input: ['a', 'b'] },
    isPacked: false,
  });
});

test('other inputs are refused by name', () => {
  const refused: readonly (readonly [JsonObject, string])[] = [
    [{}, 'input'],
    [{ input: '' }, 'input'],
    [{ input: [] }, 'input'],
    [{ input: ['a', ''] }, 'input[1]'],
    [{ input: [1, 2] }, 'input[0]'],
    [{ input: [[1, 2]] }, 'input[0]'],
    [{ input: Array.from({ length: 2049 }, () => 'a') }, 'input'],
    [{ input: 'a', dimensions: 0 }, 'dimensions'],
    [{ input: 'a', encoding_format: 'hex' }, 'encoding_format'],
    [{ input: 'a', input_type: 'query' }, 'input_type'],
  ];
  for (const [body, param] of refused) assert.equal(paramOf(readEmbedRequest, body), param);
});
