// What routing is told when it is built: one provider as configured and resolved, and what the process shares.

import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Secrets } from '../core/secrets.ts';
import type { Dialect } from '../providers/dialect.ts';
import type { Fetch } from '../providers/fetch.ts';
import type { KeySource } from './keys.ts';
import type { SettingNames } from './setting-names.ts';

/** One provider, as configured and resolved. */
export interface ProviderSettings {
  readonly id: string;
  /** `openai`, `local`, `vllm`, … */
  readonly type: string;
  readonly baseUrl: string;
  /** Rotated; none when the server takes none. Asked before every call. */
  readonly apiKeys: KeySource;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Absent: the dialect's own. */
  readonly apiVersion?: string;
  /** Listed instead of what the API lists. */
  readonly models?: readonly string[];
  /** `streaming: false`: answers are asked for in one piece. */
  readonly capabilities: { readonly streaming?: boolean };
  readonly timeout: ProviderTimeouts;
  /** What key and address are called in the configuration; absent: API_KEY and API_BASE_URL. */
  readonly names?: SettingNames;
}

interface ProviderTimeouts {
  readonly connectMs: number;
  /** Absent: by the kind of target. */
  readonly firstTokenMs?: number;
  readonly idleMs: number;
  /** Over all attempts of a call. */
  readonly totalMs: number;
}

export interface ModelsOptions {
  readonly provider: ProviderSettings;
  readonly dialect: Dialect;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly maxRetries: number;
  /** With or without the provider's name in front. */
  readonly defaultModel?: string;
}
