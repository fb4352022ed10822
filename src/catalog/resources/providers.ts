// `anymodel://providers`: which providers there are, which is the main one, and how each is.

import { present } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ToolContext } from '../tool.ts';
import { sight } from './sources.ts';
import type { ResourceSources } from './sources.ts';

export async function providersDocument(sources: ResourceSources, ctx: ToolContext): Promise<JsonObject> {
  const seen = await sight(sources, ctx);
  const states = new Map(sources.states().map((state) => [state.id, state]));
  const shown = sources.providers.filter(({ id }) => seen?.provider(id) ?? true);
  return {
    providers: shown.map(({ id, type, name }) =>
      present({ id, name, type, main: id === sources.mainProvider, well: states.get(id)?.well ?? true }),
    ),
  };
}
