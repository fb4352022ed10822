// `anymodel://models`: the models that can be asked, as `list_models` knows them, each with the name a caller gives.

import type { JsonObject } from '../../core/json.ts';
import { modelContext } from '../answer/ask.ts';
import { callName, failedRows, modelRow } from '../model-list.ts';
import type { ToolContext } from '../tool.ts';
import type { ResourceSources } from './sources.ts';

export async function modelsDocument(
  { models, providers, mainProvider }: ResourceSources,
  ctx: ToolContext,
): Promise<JsonObject> {
  const { models: all, failed } = await models.list({}, modelContext(ctx, ''));
  const named = { providers: providers.map(({ id }) => id), mainProvider };
  return {
    models: all.map((model) => Object.assign({ name: callName(model, named) }, modelRow(model))),
    ...(failed.length === 0 ? {} : { failed: failedRows(failed) }),
  };
}
