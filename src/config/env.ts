// Environment and flags -> Config, or every problem there is. Pure: what it needs from outside is handed in.

import { present } from '../core/json.ts';
import type { Config, ProviderConfig } from './config.ts';
import { readProviders } from './providers/providers.ts';
import type { Providers } from './providers/providers.ts';
import { isOpenAi } from './providers/provider-type.ts';
import { Reader } from './reader.ts';
import type { Inputs } from './reader.ts';
import { SETTINGS } from './shape.ts';
import { DEFAULT_TOOLS } from './tools.ts';

/** `notes` are worth a line in the log; `problems` are reasons not to start. All of them are scrubbed. */
export type Configured =
  | { readonly config: Config; readonly notes: readonly string[] }
  | { readonly problems: readonly string[] };

export function readConfig(inputs: Inputs): Configured {
  const reader = new Reader(inputs);
  const config = settingsOf(reader, readProviders(reader));
  const scrub = (line: string): string => inputs.secrets.scrub(line);
  if (reader.problems.length > 0) return { problems: reader.problems.map(scrub) };
  return { config: freeze(config), notes: reader.notes.map(scrub) };
}

function settingsOf(reader: Reader, { provider, others }: Providers): Config {
  const mock = reader.value(SETTINGS.mock, false);
  if (mock && provider?.id === 'mock' && provider.type !== 'mock') {
    reader.problem(
      'The main provider is called mock, as the one that MOCK=1 adds. Accepted: another id in PROVIDER_CONFIG.',
    );
  }
  const defaultModel = reader.value(SETTINGS.defaultModel) ?? knownDefault(provider);
  reader.value(SETTINGS.transport);
  // Read whether or not there is a provider to hold it: a bad value is a problem all the same.
  reader.value(SETTINGS.timeoutMs);
  return {
    ...present({ provider, defaultModel }),
    others,
    plugins: reader.value(SETTINGS.plugins, []),
    allowedRoots: reader.value(SETTINGS.allowedRoots, []),
    generateTemperature: reader.value(SETTINGS.temperature, 0.2),
    tools: reader.value(SETTINGS.tools, DEFAULT_TOOLS),
    progress: reader.value(SETTINGS.progress, 'delta'),
    maxRetries: reader.value(SETTINGS.maxRetries, 3),
    logLevel: reader.value(SETTINGS.logLevel, 'info'),
    maxOutputChars: reader.value(SETTINGS.maxOutputChars, 8 * 1024 ** 2),
    maxLineBytes: reader.value(SETTINGS.maxLineBytes, 64 * 1024 ** 2),
    upstreamClient: reader.value(SETTINGS.upstreamClient, 'pooled'),
    mock: mock || isEmbedded(provider),
    aliases: {},
    routing: { strategy: 'priority', retryDelayMs: 500, breaker: { failures: 5, openForMs: 30_000 } },
    cache: { enabled: false, ttlMs: 300_000, maxBytes: 64 * 1024 ** 2, shared: false },
    limits: { perClient: {} },
    prices: {},
    proxies: {},
    listen: { host: reader.value(SETTINGS.host, '127.0.0.1'), port: reader.value(SETTINGS.port, 8000) },
  };
}

function isEmbedded(provider: ProviderConfig | undefined): boolean {
  return provider?.type === 'mock' && provider.baseUrl === '';
}

function knownDefault(provider: ProviderConfig | undefined): string | undefined {
  if (provider?.type === 'mock') return 'echo';
  return provider !== undefined && isOpenAi(provider.baseUrl) ? 'gpt-4o-mini' : undefined;
}

/** Frozen to the bottom; functions are left as they are. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}
