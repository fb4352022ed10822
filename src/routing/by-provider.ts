// Several providers behind one `Models`: a name with another provider's id in front goes there, everything else
// to the main one, so that no prompt leaves for a place nobody named.

import { Fault } from '../core/fault.ts';
import type { ModelContext, ModelListing, ModelQuery, Models } from '../providers/chat.ts';

export interface NamedModels {
  /** What callers write in front of the model: `id/model`. */
  readonly id: string;
  readonly models: Models;
}

/** The main provider's models, and the others' under their names. The main list comes first. */
export function byProvider(main: NamedModels, others: readonly NamedModels[]): Models {
  if (others.length === 0) return main.models;
  const owner = (model: string): Models => (others.find(({ id }) => model.startsWith(`${id}/`)) ?? main).models;

  const list = async (query: ModelQuery, ctx: ModelContext): Promise<ModelListing> => {
    const all = [main, ...others];
    const asked = all.filter(({ id }) => query.provider === undefined || query.provider === id);
    const from = asked.length > 0 ? asked : [main];
    const lists = await Promise.allSettled(from.map(({ models }) => models.list(query, ctx)));
    return merged(from, lists);
  };

  return {
    chat: (request, ctx, hear) => owner(request.model).chat(request, ctx, hear),
    complete: (request, ctx, hear) => owner(request.model).complete(request, ctx, hear),
    embed: (request, ctx) => owner(request.model).embed(request, ctx),
    list,
  };
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
