import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInBandError, readRefusal } from '../../../../src/providers/faults/refusal.ts';
import type { Fault } from '../../../../src/core/fault.ts';

function tooLong(error: object | string): Fault {
  return readRefusal(400, { get: () => null }, JSON.stringify({ error }), 0);
}

test('both numbers are read from every wording', () => {
  const forms: readonly (readonly [string, number | undefined, number | undefined])[] = [
    ["This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.", 9001, 8192],
    [
      "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4900 in the messages, 100 in the completion).",
      5000,
      4096,
    ],
    [
      "This endpoint's maximum context length is 131,072 tokens. However, you requested about 140,000 tokens (130000 of text input).",
      140_000,
      131_072,
    ],
    [
      "This model's maximum context length is 2048 tokens. However, your request has 8 input tokens plus 2045 'max_tokens'.",
      2053,
      2048,
    ],
    [
      "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum context length is 4096 tokens and your request has 20 input tokens (8000 > 4096 - 20).",
      20,
      4096,
    ],
    [
      "You passed 5001 input tokens and requested 100 output tokens. However, the model's context length is only 4096 tokens.",
      5101,
      4096,
    ],
    [
      'Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000 tokens.',
      300_000,
      272_000,
    ],
    ['prompt is too long: 210000 tokens > 200000 maximum', 210_000, 200_000],
    [
      'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length',
      210_000,
      200_000,
    ],
    ['request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it', 5000, 4096],
    ['The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).', 1_200_000, 1_048_576],
    [
      'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
      40_000,
      32_768,
    ],
    ["This model's maximum prompt length is 131072 but the request contains 140000 tokens.", 140_000, 131_072],
    [
      'Trying to keep the first 5000 tokens when context overflows. However, the model is loaded with context length of only 4096 tokens',
      5000,
      4096,
    ],
    ['Your input exceeds the context window of this model.', undefined, undefined],
    ['the input length exceeds the context length', undefined, undefined],
  ];
  for (const [message, asked, limit] of forms) {
    const { kind, data } = tooLong({ message });
    assert.equal(kind, 'CONTEXT_TOO_LONG', message);
    assert.deepEqual([data.tokens?.asked, data.tokens?.limit], [asked, limit], message);
  }
});

test('numbers that stand beside the words are said in the sentence, once', () => {
  const error = { message: 'the request exceeds the available context size', type: 'exceed_context_size_error' };
  assert.equal(
    tooLong({ ...error, n_prompt_tokens: 5000, n_ctx: 4096 }).message,
    'The upstream answered HTTP 400 (Bad Request): the request exceeds the available context size ' +
      '(there is room for 4096 tokens, the request has 5000).',
  );
  assert.match(tooLong({ ...error, n_ctx: 4096 }).message, /size \(there is room for 4096 tokens\)\.$/);
  assert.match(tooLong('prompt is too long: 210000 tokens > 200000 maximum').message, /maximum\.$/);
});

test('an error in the stream says them as well; another kind of error has none', () => {
  assert.deepEqual(
    readInBandError({ error: 'prompt too long; exceeded max context length by 500 tokens' }).data.tokens,
    undefined,
  );
  assert.deepEqual(readInBandError({ error: { message: 'maximum context length is 10 tokens' } }).data.tokens, {
    limit: 10,
  });
  assert.equal(tooLong({ message: 'There is a limit of 20 tools.' }).data.tokens, undefined);
});
