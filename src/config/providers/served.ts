// Which providers a configuration serves: those it names, and the embedded mock where it is asked for.

import type { Config, ProviderConfig } from '../config.ts';

const MOCK_PROVIDER: ProviderConfig = {
  id: 'mock',
  type: 'mock',
  baseUrl: '',
  apiKeys: () => [],
  headers: {},
  query: {},
  capabilities: {},
  timeout: { connectMs: 10_000, idleMs: 30_000, totalMs: 600_000 },
  priority: 1,
  weight: 1,
  rateLimits: {},
};

/** The embedded mock is the main provider only when it is the only one. */
function mainOf({ provider, others, mock }: Config): ProviderConfig | undefined {
  return provider ?? (mock && others.length === 0 ? MOCK_PROVIDER : undefined);
}

function othersOf(config: Config): readonly ProviderConfig[] {
  const { others, mock } = config;
  return mock && mainOf(config)?.type !== 'mock' ? [...others, MOCK_PROVIDER] : others;
}

/** The main provider first. */
export function providersOf(config: Config): readonly ProviderConfig[] {
  const main = mainOf(config);
  return main === undefined ? othersOf(config) : [main, ...othersOf(config)];
}

/** The provider whose models go by their own name. */
export function defaultProviderOf(config: Config): string | undefined {
  return config.routing.defaultProvider ?? mainOf(config)?.id;
}

/** How long the longest call to any of them may take. */
export function longestCallMs(config: Config): number {
  return Math.max(...[MOCK_PROVIDER, ...providersOf(config)].map(({ timeout }) => timeout.totalMs));
}
