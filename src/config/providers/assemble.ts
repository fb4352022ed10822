// One provider's settings, put together: what its variables say, what PROVIDER_CONFIG says of it if it is the main
// one, and the defaults of its type.

import { present } from '../../core/json.ts';
import type { KeySource, ProviderConfig, Timeouts } from '../config.ts';
import type { Reader } from '../reader.ts';
import { SETTINGS } from '../shape.ts';
import type { Entry } from './entry.ts';

const CONNECT_MS = 10_000;
const IDLE_MS = 30_000;
const TOTAL_MS = 600_000;

/** What variables say of a provider. */
export interface Parts {
  readonly id: string;
  readonly type: string;
  readonly url: string;
  readonly apiKeys: KeySource;
  readonly names: { readonly key: string; readonly baseUrl: string };
  readonly models?: readonly string[];
  readonly apiVersion?: string;
}

export function assemble(reader: Reader, parts: Parts, entry: Entry): ProviderConfig {
  const { id, type, url, apiKeys, names } = parts;
  for (const what of ['models', 'apiVersion'] as const) {
    if (parts[what] !== undefined && entry[what] !== undefined) {
      reader.problem(`A variable and PROVIDER_CONFIG both set ${what} of ${id}. Accepted: one of them.`);
    }
  }
  return {
    id,
    type,
    ...present({ name: entry.name }),
    baseUrl: url,
    apiKeys,
    names,
    headers: entry.headers ?? {},
    query: entry.query ?? {},
    ...present({ apiVersion: parts.apiVersion ?? entry.apiVersion, models: parts.models ?? entry.models }),
    capabilities: entry.capabilities ?? {},
    timeout: timeoutsOf(reader, entry),
  };
}

function timeoutsOf(reader: Reader, entry: Entry): Timeouts {
  const silence = reader.value(SETTINGS.timeoutMs);
  const own = entry.timeoutMs ?? {};
  // Where nobody set one, the kind of target and of question decide, which is known when it is asked.
  const firstTokenMs = own.firstToken ?? silence;
  const idleMs = own.idle ?? silence ?? IDLE_MS;
  return {
    connectMs: own.connect ?? CONNECT_MS,
    ...present({ firstTokenMs }),
    idleMs,
    totalMs: own.total ?? Math.max(TOTAL_MS, idleMs, firstTokenMs ?? 0),
  };
}
