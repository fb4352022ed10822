// `anymodel://models/{provider}/{id}`: all that is known of one model. An alias is of the provider `alias`.

import type { JsonObject } from '../../core/json.ts';
import { modelContext } from '../answer/ask.ts';
import { callName, modelRow } from '../model-list.ts';
import type { Variables } from '../resource.ts';
import type { ToolContext } from '../tool.ts';
import type { ResourceSources } from './sources.ts';

export async function modelDocument(
  { models, providers, mainProvider }: ResourceSources,
  { provider = '', id = '' }: Variables,
  ctx: ToolContext,
): Promise<JsonObject | undefined> {
  const ids = providers.map((one) => one.id);
  const query = ids.includes(provider) ? { provider, detail: true } : {};
  const listing = await models.list(query, modelContext(ctx, ''));
  const model = listing.models.find((one) => one.id === id && one.provider === provider);
  if (model !== undefined) return { name: callName(model, { providers: ids, mainProvider }), ...modelRow(model) };
  // Whether it is there is not known where its provider cannot be asked.
  const fault = listing.failed.find((one) => one.provider === provider)?.fault;
  if (fault !== undefined) throw fault;
  return undefined;
}
