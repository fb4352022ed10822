// What each provider listed when it was last asked, to know what came and what went.

import type { ModelInfo, ModelListing } from '../../providers/chat.ts';

/** Models of one listing that are compared; more are not looked at. */
const MOST_COMPARED = 10_000;

export class ListsSeen {
  readonly #seen = new Map<string, ReadonlyMap<string, ModelInfo>>();

  /** The models that came or went since; none where a provider is asked for the first time. */
  changedBy({ models }: ModelListing): readonly ModelInfo[] {
    const changed: ModelInfo[] = [];
    for (const [provider, now] of byProvider(models)) {
      const before = this.#seen.get(provider);
      this.#seen.set(provider, now);
      if (before === undefined) continue;
      changed.push(...missingFrom(before, now), ...missingFrom(now, before));
    }
    return changed;
  }
}

function byProvider(models: readonly ModelInfo[]): ReadonlyMap<string, Map<string, ModelInfo>> {
  const all = new Map<string, Map<string, ModelInfo>>();
  for (const model of models.slice(0, MOST_COMPARED)) {
    const own = all.get(model.provider) ?? new Map<string, ModelInfo>();
    all.set(model.provider, own.set(model.id, model));
  }
  return all;
}

function missingFrom(all: ReadonlyMap<string, ModelInfo>, models: ReadonlyMap<string, ModelInfo>): ModelInfo[] {
  return [...models.values()].filter(({ id }) => !all.has(id));
}
