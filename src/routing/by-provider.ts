// Several providers behind one `Models`: a name with a provider's id in front goes there, everything else to the
// main one, so that no prompt leaves for a place nobody named. There may be no main one; then every name needs its
// provider's.

import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { ModelContext, ModelListing, ModelQuery, Models } from '../providers/chat.ts';
import { aside } from './aside.ts';

export interface NamedModels {
  /** What callers write in front of the model: `id/model`. */
  readonly id: string;
  readonly models: Models;
}

/** A provider that does not list its models within this time is named among the missing: the others are not waiting for it. */
const MOST_LIST_MS = 15_000;

export interface ByProviderOptions {
  readonly clock: Clock;
  readonly defaultModel?: string | undefined;
}

/**
 * The main provider's models, and the others' under their names. The main list comes first. A call that names no model
 * goes to the provider the default model names, else to the main one.
 */
export function byProvider(
  main: NamedModels | undefined,
  others: readonly NamedModels[],
  { clock, defaultModel = '' }: ByProviderOptions,
): Models {
  if (main !== undefined && others.length === 0) return main.models;
  const all = main === undefined ? others : [main, ...others];
  const owner = (model: string): Models => {
    const asked = model === '' ? defaultModel : model;
    const named = others.find(({ id }) => asked.startsWith(`${id}/`)) ?? main;
    if (named === undefined) throw nobodyNamed(model, others);
    return named.models;
  };
  return {
    chat: async (request, ctx, hear) => owner(request.model).chat(request, ctx, hear),
    complete: async (request, ctx, hear) => owner(request.model).complete(request, ctx, hear),
    embed: async (request, ctx) => owner(request.model).embed(request, ctx),
    list: (query, ctx) => listAll(all, query, { ctx, clock }),
  };
}

function nobodyNamed(model: string, others: readonly NamedModels[]): Fault {
  const ids = others.map(({ id }) => id).join(', ');
  const asked = model === '' ? 'No model was named' : `The model "${model}" was named without a provider`;
  return new Fault('INVALID_INPUT', `${asked}, and none of the providers (${ids}) is the main one.`, {
    data: {
      param: 'model',
      next: 'Name the model as provider/model, or set DEFAULT_MODEL=provider/model to choose the main provider.',
    },
  });
}

async function listAll(
  all: readonly NamedModels[],
  query: ModelQuery,
  { ctx, clock }: { readonly ctx: ModelContext; readonly clock: Clock },
): Promise<ModelListing> {
  const asked = all.filter(({ id }) => query.provider === undefined || query.provider === id);
  const [only, ...more] = asked.length > 0 ? asked : all;
  if (only !== undefined && more.length === 0) return only.models.list(query, ctx);
  const from = only === undefined ? [] : [only, ...more];
  const deadline = Math.min(ctx.deadline, clock.now() + MOST_LIST_MS);
  const contexts = from.map(() => ({ ...aside(ctx), deadline }));
  const lists = await Promise.allSettled(
    from.map(({ models }, i) => models.list({ ...query, provider: from[i]?.id ?? '' }, contexts[i] ?? ctx)),
  );
  for (const { served } of contexts) ctx.served.attempts.push(...served.attempts);
  return merged(from, lists);
}

/** One provider that is down does not hide the others; when none answers, the first one's fault is thrown. */
function merged(from: readonly NamedModels[], lists: readonly PromiseSettledResult<ModelListing>[]): ModelListing {
  const models = lists.flatMap((one) => (one.status === 'fulfilled' ? one.value.models : []));
  const failed = lists.flatMap((one, i) => {
    if (one.status === 'fulfilled') return one.value.failed;
    return [{ provider: from[i]?.id ?? '', fault: Fault.from(one.reason) }];
  });
  const [first] = failed;
  if (first !== undefined && failed.length === from.length) throw first.fault;
  return { models, failed };
}
