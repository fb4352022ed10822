// GET /v1/models and /v1/models/{id}: the models by the names that requests may give. Follows WIRE sheet, 3.3; what is
// known of a model beyond that stands where OpenRouter and vLLM have it.

import { Fault } from '../core/fault.ts';
import { present } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { nearest } from '../core/nearest.ts';
import type { ModelInfo } from '../providers/chat.ts';
import type { ApiCall } from './call.ts';
import type { OpenAiSite } from './site.ts';

export async function listModels(call: ApiCall): Promise<void> {
  const rows = await rowsOf(call);
  call.reply({ object: 'list', data: [...rows.values()] });
}

/** The row of one model; `MODEL_NOT_FOUND` with a name like it where there is none. */
export async function oneModel(call: ApiCall, id: string): Promise<void> {
  const rows = await rowsOf(call);
  const row = rows.get(id);
  if (row !== undefined) return call.reply(row);
  const near = nearest(id, [...rows.keys()]);
  throw new Fault('MODEL_NOT_FOUND', `There is no model ${JSON.stringify(id.slice(0, 200))}.`, {
    data: { param: 'model', next: near === undefined ? 'GET /v1/models lists them.' : `Did you mean "${near}"?` },
  });
}

async function rowsOf(call: ApiCall): Promise<Map<string, JsonObject>> {
  const { site } = call;
  const { models } = await site.models().list({}, call.context(''));
  const rows = new Map<string, JsonObject>();
  for (const model of models) {
    const row = rowOf(model, site);
    if (!rows.has(row.id)) rows.set(row.id, row);
  }
  return rows;
}

function rowOf(model: ModelInfo, site: OpenAiSite): JsonObject & { readonly id: string } {
  const { provider, created = 0, ownedBy = provider, contextLength, capabilities } = model;
  return {
    id: site.nameOf(model),
    object: 'model',
    created,
    owned_by: ownedBy,
    ...present({
      context_length: contextLength,
      capabilities: capabilities === undefined ? undefined : { ...capabilities },
    }),
  };
}
