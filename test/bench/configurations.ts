// The configuration files that subjects are started with.

const PROVIDER = { type: 'openai', baseUrl: '${API_BASE_URL}', apiKey: '${API_KEY}' };
const PLAIN = { ...PROVIDER, capabilities: { streaming: false } };
const RATES = { requestsPerMinute: 100_000_000, tokensPerMinute: 1_000_000_000, concurrency: 1000 };

/** Limits and cache, none of which has anything to do. `m` has one target; the first of `failover` is cut in every answer. */
export const ROUTED: object = {
  providers: [
    { ...PLAIN, id: 'main', models: ['m'], rateLimits: RATES },
    { ...PROVIDER, id: 'cut', models: ['m'] },
    { ...PROVIDER, id: 'next', models: ['m'] },
  ],
  models: {
    m: ['main/m'],
    failover: [
      { provider: 'cut', model: 'm;cut=1', priority: 1 },
      { provider: 'next', model: 'm', priority: 2 },
    ],
  },
  routing: { strategy: 'priority', breaker: { failures: 1000, openFor: 1 } },
  cache: { enabled: true, ttl: 300, maxSize: '64MB' },
  limits: { perClient: { requestsPerMinute: 100_000_000, concurrency: 1000 } },
};

const numbered = <T>(count: number, one: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => one(at));

/** As many providers, each with limits, keys and an alias of its own; `generation` changes the limits of all. */
export function providers(count: number, generation: number): object {
  return {
    providers: [
      { ...PLAIN, id: 'main', models: ['m'] },
      ...numbered(count - 1, (at) => ({
        ...PLAIN,
        id: `p${at}`,
        models: ['m', `m${at}`],
        apiKey: undefined,
        apiKeys: numbered(3, (key) => `bench-key-${at}-${key}-0123456789abcdef`),
        rateLimits: { requestsPerMinute: 1000 + generation, concurrency: 8 },
      })),
    ],
    models: Object.fromEntries(numbered(count - 1, (at) => [`alias${at}`, ['main/m', `p${at}/m`]])),
  };
}

export function keys(count: number): object {
  const apiKeys = numbered(count, (at) => `bench-key-${String(at).padStart(30, '0')}`);
  return { providers: [{ ...PLAIN, id: 'main', models: ['m'], apiKey: undefined, apiKeys }] };
}

/** Each target is of a model of its own; `m` leads to the first, `all` to all of them. */
export function targets(count: number): object {
  const all = numbered(count, (at) => `main/model-${at}`);
  return { providers: [{ ...PLAIN, id: 'main' }], models: { m: ['main/m'], all } };
}
