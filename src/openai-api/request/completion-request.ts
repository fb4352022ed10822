// A body of POST /v1/completions as the neutral request. Follows WIRE sheet, 3.5.

import type { JsonObject, JsonValue } from '../../core/json.ts';
import { present } from '../../core/json.ts';
import { show } from '../../core/schema.ts';
import type { Problem } from '../../core/schema.ts';
import type { CompletionRequest } from '../../providers/chat.ts';
import { numberOf, stringOf } from '../../providers/openai-form/read.ts';
import { MANNER, mannerOf, readSampling, SAMPLING } from './chat-request.ts';
import type { Manner } from './chat-request.ts';
import { only, readMembers, refuseRequest } from './members.ts';
import type { Terms } from './members.ts';

const TERMS: Terms = {
  schema: {
    type: 'object',
    properties: { ...SAMPLING, ...MANNER, prompt: {}, suffix: { type: 'string' } },
    required: ['prompt'],
  },
  unserved: {
    n: only(1, 'a call has one answer'),
    best_of: only(1, 'a call has one answer'),
    logprobs: () => 'is not served: probabilities are not passed on',
  },
};

/** Throws `INVALID_INPUT` that names the members. */
export function readCompletionRequest(body: JsonObject): Manner & { readonly request: CompletionRequest } {
  const problems: Problem[] = [];
  const { known, extra } = readMembers(body, TERMS, problems);
  const request: CompletionRequest = {
    model: stringOf(known['model']) ?? '',
    prompt: readPrompt(known['prompt'], problems),
    ...present({
      ...readSampling(known, problems),
      suffix: stringOf(known['suffix']),
      maxTokens: numberOf(known['max_tokens']),
      extra,
    }),
  };
  refuseRequest(problems);
  return { request, ...mannerOf(known) };
}

/** Several prompts would be several answers, and tokens are the upstream's own. */
function readPrompt(value: JsonValue | undefined, problems: Problem[]): string {
  const [first, ...more] = Array.isArray(value) ? value : [value];
  if (typeof first === 'string' && more.length === 0) return first;
  if (value !== undefined)
    problems.push({ path: 'prompt', message: `must be one string, not ${show(value)}: a call has one answer` });
  return '';
}
