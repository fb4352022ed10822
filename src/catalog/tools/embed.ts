// The tool `embed`: texts in, vectors out. The vectors are for programs, so the text only says what they are, except
// in revisions that have no other place for them. Product sheet, section 4.

import { present } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ObjectSchema, Problem } from '../../core/schema.ts';
import type { EmbedRequest, Embeddings, Usage } from '../../providers/chat.ts';
import { modelContext } from '../answer/ask.ts';
import { callMeta, json } from '../answer/result.ts';
import { widened } from '../request/arguments.ts';
import { refuse } from '../../core/problems.ts';
import { addressed, checkProvider } from '../request/provider.ts';
import { numberOf, stringOf, stringsOf } from '../../providers/openai-form/read.ts';
import type { Tool } from '../tool.ts';
import { ASKS, LONG_RESULT, SHARED } from './terms.ts';
import type { Terms } from './terms.ts';

const INPUT: ObjectSchema = {
  type: 'object',
  properties: {
    input: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, description: 'Texts to embed.' },
    model: SHARED.model,
    provider: SHARED.provider,
    dimensions: { type: 'integer', minimum: 1, description: 'Length of the vectors, where the model can choose.' },
  },
  required: ['input'],
};

export function embedTool({ models, providers }: Terms): Tool {
  return {
    name: 'embed',
    title: 'Embed texts',
    description: 'Turn texts into embedding vectors: {model, dimensions, embeddings, usage}.',
    inputSchema: INPUT,
    annotations: { ...ASKS, idempotentHint: true },
    meta: LONG_RESULT,
    widen: (args) => widened(INPUT, args),
    async run(args, ctx) {
      const request = toEmbedRequest(args, providers);
      const context = modelContext(ctx, request.model);
      const embeddings = await models.embed(request, context);
      const model = embeddings.model || context.served.model;
      const structuredContent = embeddingsObject(embeddings, model);
      const meta = {
        ...callMeta(context.served, model),
        'anymodel/usage': usageObject(embeddings.usage),
        ...present({ 'anymodel/cost_usd': embeddings.usage.costUsd }),
      };
      if (!ctx.structured) return { content: [json(structuredContent)], meta };
      return { content: [{ type: 'text', text: summary(embeddings, model) }], structuredContent, meta };
    },
  };
}

/**
 * The same tool for callers who send an OpenAI embeddings request. How numbers travel upstream is the dialect's
 * choice, and a caller always gets them as numbers; the user's id is for the API's own records.
 */
export function embedAlias(embed: Tool): Tool {
  return { ...embed, widen: ({ encoding_format: _format, user: _user, ...args }) => widened(INPUT, args) };
}

function toEmbedRequest(args: JsonObject, providers: readonly string[]): EmbedRequest {
  const problems: Problem[] = [];
  checkProvider(args['provider'], providers, problems);
  refuse(problems);
  return {
    model: addressed(stringOf(args['model']) ?? '', stringOf(args['provider']) ?? ''),
    input: stringsOf(args['input']) ?? [],
    ...present({ dimensions: numberOf(args['dimensions']) }),
  };
}

function embeddingsObject({ vectors, usage }: Embeddings, model: string): JsonObject {
  return {
    model,
    dimensions: vectors[0]?.length ?? 0,
    embeddings: vectors.map((vector) => [...vector]),
    usage: usageObject(usage),
  };
}

/** An embedding has no output tokens: all of them are input. */
function usageObject({ inputTokens }: Usage): JsonObject {
  return present({ prompt_tokens: inputTokens, total_tokens: inputTokens });
}

function summary({ vectors }: Embeddings, model: string): string {
  const count = vectors.length === 1 ? '1 embedding' : `${vectors.length} embeddings`;
  return `${count} of ${vectors[0]?.length ?? 0} dimensions from ${model}; the vectors are in structuredContent.`;
}
