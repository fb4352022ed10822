// What routing is told when it is built: the providers as configured and resolved, how to choose among them, and what
// the process shares.

import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Price } from '../../core/price.ts';
import type { Random } from '../../core/random.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { Dialect } from '../../providers/dialect.ts';
import type { Fetch } from '../../providers/fetch.ts';
import type { BreakerSettings } from '../../resilience/breaker.ts';
import type { KeySource } from './keys.ts';
import type { ProviderLimits } from '../limits/refusal.ts';
import type { Strategy } from '../policies/table.ts';
import type { SettingNames } from './setting-names.ts';

/** What all models of a provider can do; a member is absent when nobody said. */
export interface Capabilities {
  /** `false`: answers are asked for in one piece. */
  readonly streaming?: boolean;
  readonly tools?: boolean;
  readonly reasoning?: boolean;
  readonly vision?: boolean;
  readonly embeddings?: boolean;
}

/** One provider, as configured and resolved. */
export interface ProviderSettings {
  readonly id: string;
  /** `openai`, `local`, `vllm`, … */
  readonly type: string;
  readonly baseUrl: string;
  /** Rotated; none when the server takes none. Asked before every call. */
  readonly apiKeys: KeySource;
  /** Settles, never rejects, when the keys that are being made at the moment are there; undefined: none are. */
  readonly keysUnderWay?: () => Promise<void> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Absent: the dialect's own. */
  readonly apiVersion?: string;
  /** Listed instead of what the API lists. */
  readonly models?: readonly string[];
  readonly capabilities: Capabilities;
  readonly timeout: ProviderTimeouts;
  /** Smaller is asked first; absent: 1. */
  readonly priority?: number;
  /** More than 0; absent: 1. */
  readonly weight?: number;
  readonly rateLimits?: ProviderLimits;
  /** Absent: health is what calls tell. */
  readonly healthCheck?: HealthCheck;
  /** The model of a call that names this provider and no model, where the router's default is not this provider's. */
  readonly defaultModel?: string;
  /** What key and address are called in the configuration; absent: API_KEY and API_BASE_URL. */
  readonly names?: SettingNames;
}

export interface HealthCheck {
  /** `/models` is the list, as the provider's dialect asks for it; another path hangs below the base URL. */
  readonly endpoint: string;
  readonly intervalMs: number;
}

interface ProviderTimeouts {
  readonly connectMs: number;
  /** Absent: by the kind of target. */
  readonly firstTokenMs?: number;
  readonly idleMs: number;
  /** Over all attempts of a call. */
  readonly totalMs: number;
}

/** A provider with what speaks to it. */
export interface ProviderParts {
  readonly settings: ProviderSettings;
  readonly dialect: Dialect;
  readonly fetch: Fetch;
}

/** One place an alias leads to. */
export interface AliasTarget {
  readonly provider: string;
  readonly model: string;
  readonly weight: number;
  /** Absent: the provider's. */
  readonly priority?: number;
}

export interface Routing {
  readonly strategy: Strategy;
  /** The provider of bare names and of calls that name no model; absent: there is none. */
  readonly defaultProvider?: string;
  /** Tried after everything else that a bare name or an alias leads to. */
  readonly fallbackProvider?: string;
  /** The first wait of the back-off. */
  readonly retryDelayMs: number;
  readonly breaker: BreakerSettings;
}

/** What every provider of a router has in common. */
export interface Shared {
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  /** Where the health of providers is told; absent: nowhere. */
  readonly log?: Log;
}

export interface RouterOptions extends Shared {
  /** Told when a health check did not end as the one before. */
  readonly probed?: () => void;
  /** In the order they are listed and, with equal priorities, tried. No two share an id. */
  readonly providers: readonly ProviderParts[];
  /**
   * Who may be asked for a name that is no alias and has no provider in front. `main`: the default provider alone,
   * so that no prompt leaves for a place nobody named. `every`: each that has a model of that name.
   */
  readonly bareNames: 'main' | 'every';
  readonly aliases: Readonly<Record<string, readonly AliasTarget[]>>;
  readonly routing: Routing;
  /** By model, bare or as `provider/model`. */
  readonly prices: Readonly<Record<string, Price>>;
  readonly maxRetries: number;
  /** An alias, or a model with or without its provider's name in front. */
  readonly defaultModel?: string;
}
