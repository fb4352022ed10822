// The tool `complete`: the legacy completion endpoint, for models that continue a text and do not chat, and for
// filling a gap between `prompt` and `suffix`. Not listed by default. Product sheet, section 4.

import { present } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ObjectSchema, Problem } from '../../core/schema.ts';
import type { CompletionRequest } from '../../providers/chat.ts';
import { ask } from '../answer/ask.ts';
import { plainResult } from '../answer/result.ts';
import { pendingText } from '../answer/pending.ts';
import { widened } from '../request/arguments.ts';
import { checkExtra } from '../request/extra.ts';
import { refuse } from '../../core/problems.ts';
import { addressed, checkProvider } from '../request/provider.ts';
import { numberOf, objectOf, stringOf, stringsOf } from '../../providers/openai-form/read.ts';
import type { Tool } from '../tool.ts';
import { ASKS, LONG_RESULT, SHARED } from './terms.ts';
import type { Terms } from './terms.ts';

const INPUT: ObjectSchema = {
  type: 'object',
  properties: {
    prompt: { type: 'string', minLength: 1, description: 'Text to continue.' },
    suffix: { type: 'string', description: 'Text that follows the gap to fill.' },
    model: SHARED.model,
    provider: SHARED.provider,
    max_tokens: SHARED.max_tokens,
    temperature: SHARED.temperature,
    top_p: SHARED.top_p,
    stop: SHARED.stop,
    seed: SHARED.seed,
    extra: SHARED.extra,
  },
  required: ['prompt'],
};

export function completeTool(terms: Terms): Tool {
  return {
    name: 'complete',
    title: 'Complete a text',
    description: 'Continue a text with a completion model (the legacy /completions endpoint).',
    inputSchema: INPUT,
    annotations: ASKS,
    meta: LONG_RESULT,
    task: 'optional',
    pending: (job, ctx) => pendingText(job, terms.maxOutputChars, ctx),
    widen: (args) => widened(INPUT, args),
    async run(args, ctx) {
      const request = toCompletionRequest(args, terms.providers);
      const asking = { model: request.model, silent: false, maxChars: terms.maxOutputChars };
      return plainResult(await ask((context, hear) => terms.models.complete(request, context, hear), asking, ctx));
    },
  };
}

function toCompletionRequest(args: JsonObject, providers: readonly string[]): CompletionRequest {
  const problems: Problem[] = [];
  const extra = objectOf(args['extra']);
  checkProvider(args['provider'], providers, problems);
  checkExtra(extra ?? {}, INPUT, problems);
  refuse(problems);
  return {
    model: addressed(stringOf(args['model']) ?? '', stringOf(args['provider']) ?? ''),
    prompt: stringOf(args['prompt']) ?? '',
    ...present({
      suffix: stringOf(args['suffix']),
      maxTokens: numberOf(args['max_tokens']),
      temperature: numberOf(args['temperature']),
      topP: numberOf(args['top_p']),
      stop: stringsOf(args['stop']),
      seed: numberOf(args['seed']),
      extra,
    }),
  };
}
