// Which providers are other than they were, after a reload: of those that are not, the breakers, buckets, counters and
// connections are kept. Pure.

import type { Config, ProviderConfig } from '../config.ts';

export interface ChangedProviders {
  /** In both, and the upstream is the same in both: what was learnt of it still holds. */
  readonly unchanged: ReadonlySet<string>;
  /** New, or another upstream of an old id: begins with nothing. */
  readonly changed: ReadonlySet<string>;
  /** In the old one only. */
  readonly gone: ReadonlySet<string>;
}

export function changedProviders(before: Config, after: Config): ChangedProviders {
  const old = marksOf(before);
  const now = marksOf(after);
  const ids = [...now.keys()];
  return {
    unchanged: new Set(ids.filter((id) => old.get(id) === now.get(id))),
    changed: new Set(ids.filter((id) => old.get(id) !== now.get(id))),
    gone: new Set([...old.keys()].filter((id) => !now.has(id))),
  };
}

function marksOf({ provider, others }: Config): Map<string, string> {
  const all = provider === undefined ? others : [provider, ...others];
  return new Map(all.map((one) => [one.id, markOf(one)]));
}

/**
 * All that makes it the upstream it is. What it is called, its share and its turn are the router's matter; its keys
 * are those of this moment, because a file that was rotated is the same source. Holds secrets: never shown.
 */
function markOf(provider: ProviderConfig): string {
  const { name: _name, names: _names, priority: _priority, weight: _weight, apiKeys, ...upstream } = provider;
  return JSON.stringify([Object.entries(upstream).toSorted(([a], [b]) => (a < b ? -1 : 1)), apiKeys()]);
}
