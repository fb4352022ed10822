// Parts of the composition: what the product's resources are made of, of the configuration in force.

import type { ResourceSources } from '../../catalog/resources/sources.ts';
import type { Config } from '../../config/config.ts';
import type { ReloadState } from '../../config/reload/reload-history.ts';
import { defaultProviderOf, providersOf } from '../../config/providers/served.ts';
import type { Clock } from '../../core/clock.ts';
import { present } from '../../core/json.ts';
import { soonAfter } from '../../core/store.ts';
import type { Models } from '../../providers/chat.ts';
import { clientTerms } from '../client-terms.ts';
import type { Engines } from '../engines.ts';

export interface SourceParts {
  readonly clock: Clock;
  readonly version: string;
  readonly startedAt: number;
  readonly engines: Engines;
  readonly models: Models;
  readonly reloads: () => ReloadState;
}

export function sourcesOf(config: Config, parts: SourceParts): ResourceSources {
  const { engines } = parts;
  return {
    ...parts,
    providers: providersOf(config).map(({ id, type, name }) => present({ id, type, name })),
    mainProvider: defaultProviderOf(config),
    states: () => engines.health(),
    usage: (client) => engines.usage(client),
    sightOf: (client) => soonAfter(engines.get(), (engine) => engine.sightOf(client)),
    config: async (client) => (await import('./shown-config.ts')).shownConfig(config, client, clientTerms(config)),
  };
}
