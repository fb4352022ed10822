// The list of models as callers see it: narrowed to what they asked for, one row a model.

import { present } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import type { ModelInfo, ModelListing } from '../providers/chat.ts';
import type { Terms } from './tools/terms.ts';

export type Providers = Pick<Terms, 'providers' | 'mainProvider'>;

/** What a caller gives as `model`: the main provider's models go by their own name, all others by their provider's too. */
export function callName({ id, provider }: ModelInfo, { providers, mainProvider }: Providers): string {
  const isAlone = providers.length === 1 || !providers.includes(provider);
  return isAlone || provider === mainProvider ? id : `${provider}/${id}`;
}

/** The models whose name, as callers give it, contains `filter`, in any case. */
export function matching(models: readonly ModelInfo[], filter: string, providers: Providers): readonly ModelInfo[] {
  const wanted = filter.trim().toLowerCase();
  return wanted === '' ? models : models.filter((model) => callName(model, providers).toLowerCase().includes(wanted));
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
