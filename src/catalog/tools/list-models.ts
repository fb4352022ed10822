// The tool `list_models`: the names a caller may give as `model`, one a line. Product sheet, section 4.

import { present } from '../../core/json.ts';
import type { ObjectSchema, Problem } from '../../core/schema.ts';
import { modelContext } from '../answer/ask.ts';
import { callMeta, json } from '../answer/result.ts';
import { callName, failedRows, matching, modelRow } from '../model-list.ts';
import { widened } from '../request/arguments.ts';
import { refuse } from '../../core/problems.ts';
import { checkProvider } from '../request/provider.ts';
import { stringOf } from '../../providers/openai-form/read.ts';
import type { ModelInfo, ModelListing } from '../../providers/chat.ts';
import type { ContentBlock, Tool } from '../tool.ts';
import { LONG_RESULT, SHARED } from './terms.ts';
import type { Terms } from './terms.ts';

const INPUT: ObjectSchema = {
  type: 'object',
  properties: {
    provider: SHARED.provider,
    filter: { type: 'string', description: 'Only names that contain this.' },
    refresh: { type: 'boolean', description: 'true: ask the API again.' },
    detail: { type: 'string', enum: ['text', 'full'], description: 'full: JSON with what is known of each model.' },
  },
};

export function listModelsTool(terms: Terms): Tool {
  const { models, providers } = terms;
  return {
    name: 'list_models',
    title: 'List models',
    description: 'List the models that can be asked, one name a line.',
    inputSchema: INPUT,
    annotations: { readOnlyHint: true, idempotentHint: true, openWorldHint: true },
    meta: LONG_RESULT,
    widen: (args) => widened(INPUT, args),
    async run(args, ctx) {
      const problems: Problem[] = [];
      checkProvider(args['provider'], providers, problems);
      refuse(problems);
      const context = modelContext(ctx, '');
      const query = present({
        provider: stringOf(args['provider']) || undefined,
        refresh: args['refresh'] === true || undefined,
        detail: args['detail'] === 'full' || undefined,
      });
      const { models: all, failed } = await models.list(query, context);
      const found = matching(all, stringOf(args['filter']) ?? '', terms);
      // A list that was kept, or configured, was served by nobody just now; it is somebody's all the same.
      const from = context.served.provider || query.provider || ownersOf(all, providers);
      const meta = callMeta({ ...context.served, provider: from }, '');
      if (args['detail'] !== 'full') {
        const lines = found.map((model) => callName(model, terms)).join('\n');
        const text = lines === '' ? none(all.length, providers.length) : lines;
        return { content: [{ type: 'text', text }, ...missing(failed)], meta };
      }
      const structuredContent = {
        models: found.map(modelRow),
        ...(failed.length === 0 ? {} : { failed: failedRows(failed) }),
      };
      return { content: [json(structuredContent)], ...(ctx.structured ? { structuredContent } : {}), meta };
    },
  };
}

/** Whose models these are: of several providers each, in their order. */
function ownersOf(models: readonly ModelInfo[], providers: readonly string[]): string {
  if (providers.length === 1) return providers.join('');
  const having = new Set(models.map(({ provider }) => provider));
  return providers.filter((provider) => having.has(provider)).join(', ');
}

/** A result without text looks like a failure in several clients. */
function none(all: number, providers: number): string {
  if (all === 0) return providers > 1 ? 'The providers list no models.' : 'The provider lists no models.';
  return `No model matches; without the filter there are ${all}.`;
}

/** A provider that could not be asked is named apart from the list, which stays one model a line. */
function missing(failed: ModelListing['failed']): ContentBlock[] {
  if (failed.length === 0) return [];
  const lines = failed.map(({ provider, fault }) => `${provider} could not be asked: ${fault.message}`);
  return [{ type: 'text', text: `[${lines.join(' ')}]` }];
}
