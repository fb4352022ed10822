// One provider's settings, put together: what its variables say, what PROVIDER_CONFIG says of it if it is the main
// one, and the defaults of its type.

import { present } from '../../core/json.ts';
import type { KeySource, ProviderConfig, RateLimits, Timeouts } from '../config.ts';
import type { Reader } from '../reader.ts';
import { SETTINGS } from '../settings/shape.ts';
import type { Entry } from './entry.ts';

const CONNECT_MS = 10_000;
const IDLE_MS = 30_000;
const TOTAL_MS = 600_000;

type Clocks = { readonly [Clock in 'connect' | 'firstToken' | 'idle' | 'total']?: number | undefined };

/** What variables say of a provider, or what they would say if it did not stand in a file. */
export interface Parts {
  readonly id: string;
  readonly type: string;
  readonly url: string;
  readonly apiKeys: KeySource;
  readonly names: { readonly key: string; readonly baseUrl: string };
  readonly models?: readonly string[];
  readonly apiVersion?: string;
  readonly rateLimits?: RateLimits;
}

export function assemble(reader: Reader, parts: Parts, entry: Entry): ProviderConfig {
  const { id } = parts;
  for (const what of ['models', 'apiVersion', 'rateLimits'] as const) {
    if (parts[what] !== undefined && entry[what] !== undefined) {
      reader.problem(`A variable and PROVIDER_CONFIG both set ${what} of ${id}. Accepted: one of them.`);
    }
  }
  const silence = reader.value(SETTINGS.timeoutMs);
  return providerOf(parts, entry, timeoutsOf({ idle: silence, firstToken: silence, ...entry.timeoutMs }));
}

/** The same for a provider of a file, whose clocks TIMEOUT overrides, as every variable does. */
export function assembleEntry(reader: Reader, parts: Parts, entry: Entry): ProviderConfig {
  const silence = reader.value(SETTINGS.timeoutMs);
  const said = silence === undefined ? {} : { idle: silence, firstToken: silence };
  return providerOf(parts, entry, timeoutsOf({ ...entry.timeoutMs, ...said }));
}

function providerOf(parts: Parts, entry: Entry, timeout: Timeouts): ProviderConfig {
  const { id, type, url, apiKeys, names } = parts;
  const { name, apiKeyCommand, healthCheck, proxy, tls, socketPath } = entry;
  return {
    id,
    type,
    ...present({ name }),
    baseUrl: url,
    apiKeys,
    ...present({ apiKeyCommand }),
    names,
    headers: entry.headers ?? {},
    query: entry.query ?? {},
    ...present({ apiVersion: parts.apiVersion ?? entry.apiVersion, models: parts.models ?? entry.models }),
    capabilities: entry.capabilities ?? {},
    priority: entry.priority ?? 1,
    weight: entry.weight ?? 1,
    rateLimits: parts.rateLimits ?? entry.rateLimits ?? {},
    timeout,
    ...present({ healthCheck, proxy, tls, socketPath }),
  };
}

function timeoutsOf(own: Clocks): Timeouts {
  // Where nobody set one, the kind of target and of question decide, which is known when it is asked.
  const firstTokenMs = own.firstToken;
  const idleMs = own.idle ?? IDLE_MS;
  return {
    connectMs: own.connect ?? CONNECT_MS,
    ...present({ firstTokenMs }),
    idleMs,
    totalMs: own.total ?? Math.max(TOTAL_MS, idleMs, firstTokenMs ?? 0),
  };
}
