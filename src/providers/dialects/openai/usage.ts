// Token counts as OpenAI chat, completions and embeddings report them, and under the other names of `/responses`
// (WIRE.md 3.2). What is missing or null stays unknown; it is never taken for 0.

import { present } from '../../../core/json.ts';
import type { Usage } from '../../chat.ts';
import { countAt, numberAt, objectAt } from '../fields.ts';
import type { Fields } from '../fields.ts';

export function readUsage(usage: Fields): Usage {
  const input = objectAt(usage, 'prompt_tokens_details') ?? objectAt(usage, 'input_tokens_details') ?? {};
  const output = objectAt(usage, 'completion_tokens_details') ?? objectAt(usage, 'output_tokens_details') ?? {};
  // A cost below nothing would fill budgets up again.
  const cost = numberAt(usage, 'cost');
  return present({
    inputTokens: countAt(usage, 'prompt_tokens') ?? countAt(usage, 'input_tokens'),
    cachedTokens: countAt(input, 'cached_tokens'),
    cacheWriteTokens: countAt(input, 'cache_write_tokens'),
    outputTokens: countAt(usage, 'completion_tokens') ?? countAt(usage, 'output_tokens'),
    reasoningTokens: countAt(output, 'reasoning_tokens'),
    costUsd: cost !== undefined && cost >= 0 ? cost : undefined,
  });
}
