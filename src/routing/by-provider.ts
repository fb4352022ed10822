// Several providers behind one `Models`: a name with another provider's id in front goes there, everything else
// to the main one, so that no prompt leaves for a place nobody named.

import type { ModelContext, ModelInfo, ModelQuery, Models } from '../providers/chat.ts';

export interface NamedModels {
  /** What callers write in front of the model: `id/model`. */
  readonly id: string;
  readonly models: Models;
}

/** The main provider's models, and the others' under their names. The main list comes first. */
export function byProvider(main: NamedModels, others: readonly NamedModels[]): Models {
  if (others.length === 0) return main.models;
  const owner = (model: string): Models => (others.find(({ id }) => model.startsWith(`${id}/`)) ?? main).models;

  const list = async (query: ModelQuery, ctx: ModelContext): Promise<readonly ModelInfo[]> => {
    const all = [main, ...others];
    const asked = all.filter(({ id }) => query.provider === undefined || query.provider === id);
    const lists = await Promise.all((asked.length > 0 ? asked : [main]).map(({ models }) => models.list(query, ctx)));
    return lists.flat();
  };

  return {
    chat: (request, ctx, hear) => owner(request.model).chat(request, ctx, hear),
    complete: (request, ctx, hear) => owner(request.model).complete(request, ctx, hear),
    embed: (request, ctx) => owner(request.model).embed(request, ctx),
    list,
  };
}
