// What the program is set to, resolved: the values every other room is built from. Plain and frozen.
// Rooms do not import this type; each declares the options it takes, and gateway.ts is where they meet.

import type { LogLevel } from '../core/log.ts';

/**
 * The keys of a provider as they are at this moment. Cheap enough to ask before every send: a key that came
 * from a file is read again only when the file has changed, or when `refused` says the upstream answered 401.
 */
export type KeySource = (refused?: boolean) => readonly string[];

/** What an upstream can do; a member is absent when nobody said. */
export interface Capabilities {
  readonly streaming?: boolean;
  readonly tools?: boolean;
  readonly reasoning?: boolean;
  readonly vision?: boolean;
  readonly embeddings?: boolean;
}

export interface Timeouts {
  readonly connectMs: number;
  /** Absent: 30 s, or 300 s for a model that thinks before its first token. */
  readonly firstTokenMs?: number;
  readonly idleMs: number;
  /** Over all attempts of a call. */
  readonly totalMs: number;
}

export interface ProviderConfig {
  /** No two providers share one. */
  readonly id: string;
  /** One of `PROVIDER_TYPES`, or, where plug-ins are configured, a name that one of them may have. */
  readonly type: string;
  /** For people; absent unless configured. */
  readonly name?: string;
  /** As the person wrote it, or the type's own; empty for the embedded mock, whose port is not known yet. */
  readonly baseUrl: string;
  readonly apiKeys: KeySource;
  /** The variable or flag a person would set to change each; absent where there is none, as for the embedded mock. */
  readonly names?: { readonly key: string; readonly baseUrl: string };
  /** Azure's `api-version`, Anthropic's `anthropic-version`; absent: the dialect's own. */
  readonly apiVersion?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Absent: asked of the API. */
  readonly models?: readonly string[];
  readonly capabilities: Capabilities;
  readonly timeout: Timeouts;
}

export type ProgressMode = 'delta' | 'status' | 'off';
export type UpstreamClient = 'pooled' | 'fetch';

export interface Config {
  /**
   * The main provider. Absent when nothing is configured: the server starts all the same, and a call says what to
   * set; and when several others are, and nothing says which of them is the main one.
   */
  readonly provider?: ProviderConfig;
  /** Reached as `id/model` only: no prompt leaves for a place nobody named. Always in the same order. */
  readonly others: readonly ProviderConfig[];
  /** Absent: the only model the provider lists. */
  readonly defaultModel?: string;
  /** Absolute paths of the modules to load providers from. */
  readonly plugins: readonly string[];
  /** Absolute paths of the folders that images may be read from; not resolved, and perhaps not there. */
  readonly allowedRoots: readonly string[];
  readonly generateTemperature: number;
  /** Names of the tools listed, in the order they are listed. */
  readonly tools: readonly string[];
  readonly progress: ProgressMode;
  readonly maxRetries: number;
  readonly logLevel: LogLevel;
  readonly maxOutputChars: number;
  readonly maxLineBytes: number;
  readonly upstreamClient: UpstreamClient;
  /** Whether the embedded mock runs and its models exist as `mock/NAME`. */
  readonly mock: boolean;
  /** Where a command that listens does so. */
  readonly listen: { readonly host: string; readonly port: number };
}
