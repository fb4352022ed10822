// Routers for tests: over one provider, or over several that share a clock, with everything else as it is by default.

import { Secrets } from '../../src/core/secrets.ts';
import type { Models } from '../../src/providers/chat.ts';
import type { Dialect } from '../../src/providers/dialect.ts';
import { openai } from '../../src/providers/dialects/openai.ts';
import type { Fetch } from '../../src/providers/fetch.ts';
import { createRouter } from '../../src/routing/router.ts';
import type { Router } from '../../src/routing/router.ts';
import type { ProviderSettings, RouterOptions, Routing } from '../../src/routing/targets/settings.ts';
import type { FakeClock } from './clock.ts';

export interface TestProvider extends Partial<ProviderSettings> {
  readonly dialect?: Dialect;
  readonly fetch?: Fetch;
}

export interface TestRouterOptions extends Partial<Omit<RouterOptions, 'clock' | 'providers' | 'routing'>> {
  readonly clock: FakeClock;
  /** By their ids, in order; the first one is the default provider. */
  readonly providers: Readonly<Record<string, TestProvider>>;
  /** For providers without one of their own. */
  readonly fetch?: Fetch;
  readonly routing?: Partial<Routing>;
}

const refuse: Fetch = () => Promise.reject(new Error('nothing was to be sent'));

export function testRouter(options: TestRouterOptions, previous?: Router): Router {
  const { providers, fetch = refuse, routing, ...rest } = options;
  const [first] = Object.keys(providers);
  return createRouter(
    {
      bareNames: 'main',
      aliases: {},
      prices: {},
      maxRetries: 3,
      random: { draw: () => 0.5, id: () => 'id' },
      secrets: new Secrets(),
      ...rest,
      routing: {
        strategy: 'priority',
        retryDelayMs: 500,
        breaker: { failures: 5, openForMs: 30_000 },
        ...(first === undefined ? {} : { defaultProvider: first }),
        ...routing,
      },
      providers: Object.entries(providers).map(([id, { dialect = openai, fetch: own = fetch, ...settings }]) => ({
        settings: { ...providerSettings(id), ...settings },
        dialect,
        fetch: own,
      })),
    },
    previous,
  );
}

/** The models of a router over one provider. */
export function testModels(options: TestRouterOptions): Models {
  return testRouter(options).models;
}

function providerSettings(id: string): ProviderSettings {
  return {
    id,
    type: 'openai',
    baseUrl: `https://${id}.example.com`,
    apiKeys: () => ['key-one'],
    headers: {},
    query: {},
    capabilities: {},
    timeout: { connectMs: 10_000, firstTokenMs: 30_000, idleMs: 30_000, totalMs: 600_000 },
  };
}
