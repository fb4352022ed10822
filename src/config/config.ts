// What the program is set to, resolved: the values every other room is built from. Plain and frozen.
// Rooms do not import this type; each declares the options it takes, and gateway.ts is where they meet.

import type { JsonObject } from '../core/json.ts';
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

/** What one provider may be asked at most; absent: no limit of ours. */
export interface RateLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** Requests under way at once. */
  readonly concurrency?: number;
}

/** A program that prints the keys: run without a shell, and again before what it printed grows old. */
export interface KeyCommand {
  /** The program, and its arguments. */
  readonly command: readonly string[];
  readonly ttlMs: number;
  readonly timeoutMs: number;
}

/** PEM texts, read from their files already. */
export interface TlsSettings {
  /** Trusted besides, or in place of, the system's authorities. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Checked instead of the host of the URL. */
  readonly serverName?: string;
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
  /** Prints the keys in place of `apiKeys`, which then has none. */
  readonly apiKeyCommand?: KeyCommand;
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
  /** Smaller is asked first. */
  readonly priority: number;
  /** More than 0: its share among targets of one priority. */
  readonly weight: number;
  readonly rateLimits: RateLimits;
  /** Absent: no probes; health is what calls tell. */
  readonly healthCheck?: { readonly endpoint: string; readonly intervalMs: number };
  /** Absent: as the environment's proxies say; empty: none. */
  readonly proxy?: string;
  readonly tls?: TlsSettings;
  /** The path of a Unix socket to connect to instead of the URL's host. */
  readonly socketPath?: string;
}

/** One place an alias leads to. */
export interface AliasTarget {
  readonly provider: string;
  readonly model: string;
  readonly weight: number;
  /** Absent: the provider's. */
  readonly priority?: number;
}

export type Strategy = 'priority' | 'round-robin' | 'weighted' | 'least-connections' | 'latency' | 'cost';

export interface Routing {
  readonly strategy: Strategy;
  /** The provider of bare names and of calls that name no model; absent: the main one. */
  readonly defaultProvider?: string;
  /** Tried after everything else that a bare name or an alias leads to. */
  readonly fallbackProvider?: string;
  /** The first wait of the back-off. */
  readonly retryDelayMs: number;
  readonly breaker: { readonly failures: number; readonly openForMs: number };
}

export interface CacheSettings {
  readonly enabled: boolean;
  readonly ttlMs: number;
  readonly maxBytes: number;
  /** One cache for all client keys. */
  readonly shared: boolean;
}

/** What one client may ask of us at most; absent: no limit. */
export interface ClientLimits {
  readonly requestsPerMinute?: number;
  readonly concurrency?: number;
  readonly budgetUsdPerDay?: number;
  readonly budgetTokensPerDay?: number;
}

/** What one client key may do; for transports that have clients. */
export interface ClientKey extends ClientLimits {
  readonly name: string;
  /** Of the key, in lower-case hexadecimal. */
  readonly sha256: string;
  /** The names it may ask for, aliases or `provider/model`; absent: all. */
  readonly models?: readonly string[];
}

/** A key that a variable gives, as it is kept. */
export interface GivenKey {
  /** The client's, made of the variable's. */
  readonly name: string;
  /** Of the key, in lower-case hexadecimal. */
  readonly sha256: string;
  /** So short that it can be guessed. */
  readonly isWeak: boolean;
}

export type JwtAlgorithm = 'RS256' | 'ES256';

/** Whose tokens are taken in place of a key, and what their bearers may do. */
export interface JwtSettings extends ClientLimits {
  readonly issuer: string;
  /** A token must be meant for one of them. */
  readonly audience: readonly string[];
  /** The issuer's public keys (RFC 7517). `read` gives the text as it is at that moment. */
  readonly jwks: { readonly url: string } | { readonly file: string; readonly read: () => string };
  readonly algorithms: readonly JwtAlgorithm[];
  readonly clockSkewMs: number;
  /** The claim that names the client. */
  readonly clientClaim: string;
  /** A token must have all of them. */
  readonly requiredScopes: readonly string[];
  /** The names it may ask for, aliases or `provider/model`; absent: all. */
  readonly models?: readonly string[];
}

export type AuthMode = 'key' | 'off';

/** Who may use the HTTP server, besides the keys of the file. */
export interface AccessSettings {
  readonly auth: AuthMode;
  /** Of the variable, or of its file as it is at that moment. */
  readonly givenKeys: () => readonly GivenKey[];
  /** Where a generated key is written; absent: it is shown. */
  readonly keyOut?: string;
  /** Where clients reach the server, without a slash at its end; absent: not known. */
  readonly publicUrl?: string;
  readonly jwt?: JwtSettings;
}

export type TransportName = 'stdio' | 'http';

/** The HTTP server, besides where it listens. */
export interface HttpSettings {
  /** As `https://app.example`; absent: those of this machine when bound to loopback, else none. */
  readonly allowedOrigins?: readonly string[];
  /** With or without a port; absent: those of this machine when bound to loopback, else any. */
  readonly allowedHosts?: readonly string[];
  /** Absolute paths of PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** What the log tells besides what is worth telling anyway. */
export interface Logging {
  readonly requests: boolean;
  readonly responses: boolean;
  readonly performance: boolean;
}

export interface ImageSettings {
  /** Otherwise their addresses are handed to the upstream. */
  readonly fetch: boolean;
  /** Hosts (`*.` in front: all below) and networks. */
  readonly privateHosts: readonly string[];
}

/** US dollars for a million tokens. */
export interface Price {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  readonly cachedInputPerMillion?: number;
}

/** `HTTPS_PROXY` and its kin, as they are written. */
export interface Proxies {
  readonly http?: string;
  readonly https?: string;
  readonly all?: string;
  readonly no?: string;
}

/** A prompt of the file; `{{name}}` in a text stands for an argument. */
export interface PromptConfig {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly title?: string;
    readonly description?: string;
    readonly required?: boolean;
  }[];
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
}

/** A tool of the file; `{{name}}` in its texts stands for an argument. */
export interface VirtualToolConfig {
  readonly name: string;
  readonly title?: string;
  readonly description: string;
  readonly arguments: PromptConfig['arguments'];
  readonly system?: string;
  readonly prompt: string;
  readonly model?: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  /** JSON Schema of an object; absent: text. */
  readonly output?: JsonObject;
}

export type ProgressMode = 'delta' | 'status' | 'off';
export type UpstreamClient = 'pooled' | 'fetch';

export interface Config {
  /**
   * The main provider. Absent when nothing is configured: the server starts all the same, and a call says what to
   * set; and when several others are, and nothing says which of them is the main one.
   */
  readonly provider?: ProviderConfig;
  /** Reached as `id/model`, and where `bareNames` lets them: no prompt leaves for a place nobody named. In a fixed order. */
  readonly others: readonly ProviderConfig[];
  /** Where a bare model name may lead: to the main provider alone, or, for the providers of a file, to every one that has it. */
  readonly bareNames: 'main' | 'every';
  /** Absent: the only model the provider lists. */
  readonly defaultModel?: string;
  /** Absolute paths of the modules to load providers from. */
  readonly plugins: readonly string[];
  /** Absolute paths of the folders that files and images may be read from; not resolved, and perhaps not there. */
  readonly allowedRoots: readonly string[];
  /** Images on the web: whether we fetch them, and where from though the address is private. */
  readonly images: ImageSettings;
  /** Whether conversations are kept by the name of their session. */
  readonly conversations: boolean;
  readonly generateTemperature: number;
  /** Names of the tools listed, in the order they are listed. */
  readonly tools: readonly string[];
  readonly progress: ProgressMode;
  readonly maxRetries: number;
  readonly logLevel: LogLevel;
  /** After how long a call becomes a job; 0: never. */
  readonly softDeadlineMs: number;
  readonly maxOutputChars: number;
  readonly maxLineBytes: number;
  readonly upstreamClient: UpstreamClient;
  /** Whether the embedded mock is added, so that its models exist as `mock/NAME`. */
  readonly mock: boolean;
  /** Names that stand for one or several targets, in the order they are written. */
  readonly aliases: Readonly<Record<string, readonly AliasTarget[]>>;
  readonly routing: Routing;
  readonly cache: CacheSettings;
  readonly limits: { readonly perClient: ClientLimits };
  /** By model, bare or as `provider/model`. */
  readonly prices: Readonly<Record<string, Price>>;
  readonly proxies: Proxies;
  /** The configuration file it was read from; absent: none. */
  readonly file?: string;
  /** How the server presents itself; absent members: as it does of itself. */
  readonly server: { readonly name?: string; readonly instructions?: string };
  /** Besides our own, in the order they are written. */
  readonly virtualTools: readonly VirtualToolConfig[];
  readonly prompts: readonly PromptConfig[];
  readonly clientKeys: readonly ClientKey[];
  readonly access: AccessSettings;
  readonly logging: Logging;
  /** The PEM text of SSL_CERT_FILE. */
  readonly authorities?: string;
  readonly transport: TransportName;
  readonly http: HttpSettings;
  /** Where a command that listens does so. */
  readonly listen: { readonly host: string; readonly port: number };
}
