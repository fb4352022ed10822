// The list of models as callers see it: narrowed to what they asked for, one row a model.

import { present } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import type { ModelInfo, ModelListing } from '../providers/chat.ts';

/** What a caller gives as `model`: the main provider's models go by their own name, all others by their provider's too. */
export function callName({ id, provider }: ModelInfo, [main, ...others]: readonly string[]): string {
  return provider !== main && others.includes(provider) ? `${provider}/${id}` : id;
}

/** The models whose name contains `filter`, in any case. */
export function matching(models: readonly ModelInfo[], filter: string): readonly ModelInfo[] {
  const wanted = filter.trim().toLowerCase();
  return wanted === '' ? models : models.filter(({ id }) => id.toLowerCase().includes(wanted));
}

export function modelRow({ id, provider, ownedBy, created, contextLength, capabilities }: ModelInfo): JsonObject {
  return {
    id,
    provider,
    ...present({
      owned_by: ownedBy,
      created,
      context_length: contextLength,
      capabilities: capabilities === undefined ? undefined : { ...capabilities },
    }),
  };
}

/** The providers whose models are missing, and why. */
export function failedRows(failed: ModelListing['failed']): JsonObject[] {
  return failed.map(({ provider, fault }) => ({ provider, code: fault.kind, error: fault.message }));
}
