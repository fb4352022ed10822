// Every setting there is, once: its names in order of precedence, its flags, how its text is read, what it is
// when unset, and one line for people. Reading the environment, the help text and the table in the README all
// come from here. Nothing here reads anything.

import type { LogLevel } from '../../core/log.ts';
import type { AuthMode, ProgressMode, TransportName, UpstreamClient } from '../config.ts';
import {
  choice,
  decimal,
  duration,
  durationOrNever,
  hosts,
  hostsOrNetworks,
  httpUrl,
  integer,
  onOff,
  origins,
  plain,
  publicUrl,
  size,
  transport,
} from './parse.ts';
import type { Parse } from './parse.ts';
import { filePath, folders, modulePaths } from './paths.ts';
import { NAMED, companions } from '../providers/named.ts';
import type { NamedRow } from '../providers/named.ts';
import { PROVIDER_TYPES, parseProviderType } from '../providers/provider-type.ts';
import { DEFAULT_TOOLS, parseTools } from './tools.ts';

export interface Setting<T> {
  /** Environment variables, the canonical one first; an earlier one wins. */
  readonly env: readonly string[];
  /** Flag -> the variable it stands for. A flag wins over every variable. */
  readonly flags: Readonly<Record<string, string>>;
  readonly parse: Parse<T>;
  /** What is accepted, to complete "Accepted: …". */
  readonly accepts: string;
  /** What holds when unset, in words for people. */
  readonly unset: string;
  /** Its value is never shown, and `<NAME>_FILE` may name a file that holds it. */
  readonly secret: boolean;
  /** What the flag stands for where it stands alone and takes no value; empty: it takes one. */
  readonly bare: string;
  readonly meaning: string;
}

export interface Settings {
  readonly baseUrl: Setting<string>;
  readonly apiKey: Setting<readonly string[]>;
  readonly defaultModel: Setting<string>;
  readonly temperature: Setting<number>;
  readonly providerType: Setting<string>;
  readonly providerConfig: Setting<string>;
  readonly plugins: Setting<readonly string[]>;
  readonly allowedRoots: Setting<readonly string[]>;
  readonly fetchImages: Setting<boolean>;
  readonly fetchImagesPrivate: Setting<readonly string[]>;
  readonly conversations: Setting<boolean>;
  readonly timeoutMs: Setting<number>;
  readonly maxRetries: Setting<number>;
  readonly tools: Setting<readonly string[]>;
  readonly progress: Setting<ProgressMode>;
  readonly softDeadlineMs: Setting<number>;
  readonly maxOutputChars: Setting<number>;
  readonly maxLineBytes: Setting<number>;
  readonly transport: Setting<TransportName>;
  readonly upstreamClient: Setting<UpstreamClient>;
  readonly mock: Setting<boolean>;
  readonly host: Setting<string>;
  readonly port: Setting<number>;
  readonly allowedOrigins: Setting<readonly string[]>;
  readonly allowedHosts: Setting<readonly string[]>;
  readonly tlsCert: Setting<string>;
  readonly tlsKey: Setting<string>;
  readonly clientKey: Setting<readonly string[]>;
  readonly clientKeyOut: Setting<string>;
  readonly auth: Setting<AuthMode>;
  readonly publicUrl: Setting<string>;
  readonly logLevel: Setting<LogLevel>;
  readonly config: Setting<string>;
}

export const SETTINGS: Settings = {
  baseUrl: {
    ...text('API_BASE_URL', 'OPENAI_BASE_URL', 'GATEWAY_URL'),
    flags: { '--base-url': 'API_BASE_URL', '--gateway-url': 'GATEWAY_URL' },
    parse: httpUrl,
    accepts: 'an address such as https://llm.corp.example/v1',
    unset: '`https://api.openai.com/v1`, or where PROVIDER_TYPE is usually found',
    meaning: 'where the API is, with or without `/v1`',
  },
  apiKey: {
    ...text('API_KEY', 'OPENAI_API_KEY', 'GATEWAY_API_KEY'),
    parse: parseKeys,
    accepts: 'one key, or several separated by commas',
    secret: true,
    meaning: 'bearer key, sent only to the URL of the same family (API_, OPENAI_, GATEWAY_); several rotate',
  },
  defaultModel: {
    ...text('DEFAULT_MODEL', 'OPENAI_MODEL'),
    flags: { '--model': 'DEFAULT_MODEL' },
    accepts: 'the name of a model',
    unset: '`gpt-4o-mini` on api.openai.com; else the only model listed, else an error that lists them',
    meaning: 'model of a call that names none',
  },
  temperature: {
    ...text('OPENAI_TEMPERATURE'),
    flags: { '--temperature': 'OPENAI_TEMPERATURE' },
    parse: decimal(0, 2),
    accepts: 'a number from 0 to 2',
    unset: '`0.2`',
    meaning: 'temperature of `generate` (not sent to models that refuse it)',
  },
  providerType: {
    ...text('PROVIDER_TYPE'),
    flags: { '--provider-type': 'PROVIDER_TYPE' },
    parse: parseProviderType,
    accepts: Object.keys(PROVIDER_TYPES).join(', '),
    unset: 'recognised from the URL, else `openai`',
    meaning: `what kind of API it is: ${Object.keys(PROVIDER_TYPES)
      .map((type) => `\`${type}\``)
      .join(', ')}, or one that a plug-in adds`,
  },
  providerConfig: {
    ...text('PROVIDER_CONFIG'),
    secret: true,
    accepts: 'a JSON object such as {"headers":{"X-Team":"search"}}',
    meaning:
      'more about the main provider: JSON object with the keys that one of `providers` has in a configuration file',
  },
  plugins: {
    ...text('PLUGINS'),
    flags: { '--plugins': 'PLUGINS' },
    parse: modulePaths,
    accepts: 'absolute paths of .mjs, .js or .cjs files, separated by commas',
    meaning: 'modules that add types of provider: absolute paths, separated by commas',
  },
  allowedRoots: {
    ...text('ALLOWED_ROOTS'),
    flags: { '--allowed-roots': 'ALLOWED_ROOTS' },
    parse: folders,
    accepts: 'absolute paths of folders, separated by commas',
    unset: 'none',
    meaning: 'folders that files and images may be read from: absolute paths, separated by commas or as in `PATH`',
  },
  fetchImages: {
    ...text('FETCH_IMAGES'),
    flags: { '--fetch-images': 'FETCH_IMAGES' },
    parse: onOff,
    accepts: '1, 0',
    unset: '`0`',
    bare: '1',
    meaning: 'fetches images at `http:` and `https:` addresses here, instead of handing the address to the API',
  },
  fetchImagesPrivate: {
    ...text('FETCH_IMAGES_PRIVATE'),
    flags: { '--fetch-images-private': 'FETCH_IMAGES_PRIVATE' },
    parse: hostsOrNetworks,
    accepts: 'hosts and networks separated by commas, such as images.corp.example, *.corp.example, 10.20.0.0/16',
    unset: 'none: public addresses only',
    meaning: 'hosts and networks that images may be fetched from though their addresses are private',
  },
  conversations: {
    ...text('CONVERSATIONS'),
    flags: { '--conversations': 'CONVERSATIONS' },
    parse: onOff,
    accepts: '1, 0',
    unset: '`0`',
    bare: '1',
    meaning:
      'keeps what was said in a `session` of `chat`, so that callers need not send it again; not for several instances behind one address',
  },
  timeoutMs: {
    ...text('TIMEOUT'),
    flags: { '--timeout': 'TIMEOUT' },
    parse: duration,
    accepts: 'seconds up to 3600, or a duration such as 500ms, 60s, 5m',
    unset: '`30`; `300` for the first token of local servers and reasoning models',
    meaning: 'seconds the upstream may stay silent, or a duration such as `5m`',
  },
  maxRetries: {
    ...text('MAX_RETRIES'),
    flags: { '--max-retries': 'MAX_RETRIES' },
    parse: integer(0, 20),
    accepts: 'a whole number from 0 to 20',
    unset: '`3`',
    meaning: 'attempts after the first',
  },
  tools: {
    ...text('TOOLS'),
    flags: { '--tools': 'TOOLS' },
    parse: parseTools,
    accepts: '"all", names separated by commas, or +name and -name to change the default',
    unset: `\`${DEFAULT_TOOLS.join(',')}\``,
    meaning: 'tools listed: `all`, names, or `+name` and `-name` to change the default',
  },
  progress: {
    ...text('PROGRESS'),
    flags: { '--progress': 'PROGRESS' },
    parse: choice('delta', 'status', 'off'),
    accepts: 'delta, status, off',
    unset: '`delta`',
    meaning: 'what progress notices say: `delta` new text of the answer, `status` a sentence, `off` nothing',
  },
  softDeadlineMs: {
    ...text('CALL_SOFT_DEADLINE'),
    flags: { '--call-soft-deadline': 'CALL_SOFT_DEADLINE' },
    parse: durationOrNever,
    accepts: '0 for never, seconds up to 3600, or a duration such as 500ms, 60s, 5m',
    unset: '`50`',
    meaning: 'seconds after which a call becomes a job, for a client that may not wait for longer; `0` never',
  },
  maxOutputChars: {
    ...text('MAX_OUTPUT_CHARS'),
    flags: { '--max-output-chars': 'MAX_OUTPUT_CHARS' },
    parse: size(1000, 500 * 1024 ** 2),
    accepts: 'a number of characters from 1000 to 500M, such as 200000 or 8M',
    unset: '`8M`',
    meaning: 'most characters of answer in one result; the rest is read with the tool `job`',
  },
  maxLineBytes: {
    ...text('MAX_LINE_BYTES'),
    flags: { '--max-line-bytes': 'MAX_LINE_BYTES' },
    parse: size(4096, 500 * 1024 ** 2),
    accepts: 'a size from 4KB to 500MB, such as 64MB',
    unset: '`64MB`',
    meaning: 'longest line, or HTTP body, a client may send',
  },
  transport: {
    ...text('MCP_TRANSPORT'),
    flags: { '--transport': 'MCP_TRANSPORT' },
    parse: transport,
    accepts: 'stdio, http, streamable-http, sse',
    unset: '`stdio`',
    meaning: 'how clients reach the server: `stdio`, or `http` (`streamable-http` and `sse` are the same server)',
  },
  upstreamClient: {
    ...text('UPSTREAM_CLIENT'),
    flags: { '--upstream-client': 'UPSTREAM_CLIENT' },
    parse: choice('pooled', 'fetch'),
    accepts: 'pooled, fetch',
    unset: '`pooled`',
    meaning: 'HTTP client: our own pool of connections, or the global `fetch`',
  },
  mock: {
    ...text('MOCK'),
    flags: { '--mock': 'MOCK' },
    parse: onOff,
    accepts: '1, 0',
    unset: '`0`',
    bare: '1',
    meaning: 'adds the models of the embedded mock, `mock/…`, beside the provider',
  },
  host: {
    ...text('HOST'),
    flags: { '--host': 'HOST' },
    accepts: 'an address of this machine',
    unset: '`127.0.0.1`',
    meaning: 'where the HTTP server, or `mock`, listens',
  },
  port: {
    ...text('PORT'),
    flags: { '--port': 'PORT' },
    parse: integer(0, 65_535),
    accepts: 'a port from 0 to 65535 (0: any free one)',
    unset: '`8000`',
    meaning: 'port on which the HTTP server, or `mock`, listens',
  },
  allowedOrigins: {
    ...text('MCP_ALLOWED_ORIGINS'),
    flags: { '--allowed-origins': 'MCP_ALLOWED_ORIGINS' },
    parse: origins,
    accepts: 'origins such as https://app.example or http://localhost:6274, separated by commas',
    unset: 'those of this machine when bound to loopback, else none',
    meaning: 'web pages that may use the HTTP server, by their origin; what sends no `Origin` is no web page',
  },
  allowedHosts: {
    ...text('MCP_ALLOWED_HOSTS'),
    flags: { '--allowed-hosts': 'MCP_ALLOWED_HOSTS' },
    parse: hosts,
    accepts: 'names or addresses, with or without a port, separated by commas',
    unset: 'those of this machine when bound to loopback, else any',
    meaning:
      'names that the HTTP server goes by, as the `Host` of requests says them; a name without a port stands for every port',
  },
  tlsCert: {
    ...text('TLS_CERT'),
    flags: { '--tls-cert': 'TLS_CERT' },
    accepts: 'the absolute path of a PEM file',
    unset: 'none: plain HTTP',
    meaning: 'certificate of the HTTP server, with those between it and its authority; read again when it changes',
  },
  tlsKey: {
    ...text('TLS_KEY'),
    flags: { '--tls-key': 'TLS_KEY' },
    accepts: 'the absolute path of a PEM file',
    unset: 'none: plain HTTP',
    meaning: 'private key of the certificate',
  },
  clientKey: {
    ...text('MCP_API_KEY'),
    parse: parseKeys,
    accepts: 'one key, or several separated by commas',
    unset: 'generated at start, where the configuration file lets nobody in either',
    secret: true,
    meaning: 'key that clients of the HTTP server must give, or several; stdio needs none',
  },
  clientKeyOut: {
    ...text('MCP_API_KEY_OUT'),
    flags: { '--api-key-out': 'MCP_API_KEY_OUT' },
    parse: filePath,
    accepts: 'the absolute path of a file',
    unset: 'one line on stderr',
    meaning: 'file that a generated key is written to, for its owner alone',
  },
  auth: {
    ...text('MCP_AUTH'),
    flags: { '--no-auth': 'MCP_AUTH' },
    parse: choice('key', 'off'),
    accepts: 'key, off',
    unset: '`key`',
    bare: 'off',
    meaning: '`off` lets everybody on this machine use the HTTP server; refused where others could reach it',
  },
  publicUrl: {
    ...text('PUBLIC_URL'),
    flags: { '--public-url': 'PUBLIC_URL' },
    parse: publicUrl,
    accepts: 'an address such as https://mcp.corp.example',
    unset: 'what the request calls us',
    meaning: 'address that clients reach the HTTP server at, for what tokens are asked of; set it behind a proxy',
  },
  logLevel: {
    ...text('LOG_LEVEL'),
    flags: { '--log-level': 'LOG_LEVEL' },
    parse: choice('debug', 'info', 'warn', 'error'),
    accepts: 'debug, info, warn, error',
    unset: '`info`',
    meaning: 'least level of the JSON lines on stderr',
  },
  config: {
    ...text('CONFIG_PATH'),
    flags: { '--config': 'CONFIG_PATH' },
    accepts: 'the path of a file, absolute in a variable',
    unset: 'none',
    meaning: 'configuration file, read again when it changes; every other setting wins over it',
  },
};

const ALL: readonly Setting<unknown>[] = Object.values(SETTINGS);

/** Every row, in the order people should read them. */
export const ROWS: readonly Setting<unknown>[] = ALL.toSpliced(
  ALL.indexOf(SETTINGS.plugins),
  0,
  ...NAMED.map(namedSetting),
);

/** One line for all variables of a provider; OPENAI_* has two of its own already. */
function namedSetting(row: NamedRow): Setting<unknown> {
  const { id, prefix, sign } = row;
  if (SETTINGS.apiKey.env.includes(sign)) {
    const meaning = `models of the ${prefix}_ API, separated by commas, instead of those it lists; beside another main provider \`${sign}\` adds the provider \`${id}\``;
    return { ...text(`${prefix}_MODELS`), accepts: 'names separated by commas', meaning };
  }
  const isKey = (name: string): boolean => name.endsWith('_API_KEY');
  const more = companions(row).map((name) => `\`${name}\`${isKey(name) ? ' (or `…_FILE`)' : ''}`);
  return {
    ...text(sign),
    secret: isKey(sign),
    accepts: '',
    meaning: `adds the provider \`${id}\`; with ${more.join(', ')}`,
  };
}

function text(...env: readonly string[]): Omit<Setting<string>, 'accepts' | 'meaning'> {
  return { env, flags: {}, parse: plain, unset: '–', secret: false, bare: '' };
}

/** Keys go into a header, so a blank, a line break or a letter beyond ASCII means a slip of the pasting hand. */
export function parseKeys(value: string): ReturnType<Parse<readonly string[]>> {
  const keys = value
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
  if (keys.length === 0) return { problem: 'holds no key' };
  if (keys.every((key) => /^[\x21-\x7e]+$/.test(key))) return { value: keys };
  return { problem: 'has a blank, a line break or a letter that cannot be sent inside a key' };
}
