// What an object with the keys of one provider comes to: an entry of the file, or PROVIDER_CONFIG. The keys have been
// read by their rules; here the parts that belong together are looked at together, and certificates are read.

import { present } from '../../core/json.ts';
import type { Capabilities, KeyCommand, KeySource, ProviderConfig, RateLimits, TlsSettings } from '../config.ts';
import type { ProviderEntry } from '../file/provider-keys.ts';
import type { Reading, Spot } from '../file/reading.ts';
import type { Placed } from '../file/rules.ts';
import type { Parse } from '../settings/parse.ts';
import { show } from '../reader.ts';
import { registerUrl, registerValues } from '../secrecy.ts';
import { fixedKeys, livingKeys } from './keys.ts';
import { PROVIDER_TYPES } from './provider-type.ts';

/** A member is absent where nothing is said. */
export interface Entry {
  readonly id?: string;
  readonly type?: string;
  readonly name?: string;
  readonly baseUrl?: string;
  /** Present where keys are said in any form; none where a command prints them. */
  readonly apiKeys?: KeySource;
  readonly apiKeyCommand?: KeyCommand;
  readonly apiVersion?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly models?: readonly string[];
  readonly capabilities?: Capabilities;
  readonly timeoutMs?: Readonly<Partial<Record<'connect' | 'firstToken' | 'idle' | 'total', number>>>;
  readonly rateLimits?: RateLimits;
  readonly priority?: number;
  readonly weight?: number;
  readonly healthCheck?: NonNullable<ProviderConfig['healthCheck']>;
  readonly proxy?: string;
  readonly tls?: TlsSettings;
  readonly socketPath?: string;
}

const COMMAND_TTL_MS = 300_000;
const COMMAND_TIMEOUT_MS = 10_000;
const PROBE_MS = 60_000;

/** Where an entry stands, and which types there are. */
export interface EntryPlace {
  readonly spot: Spot;
  readonly reading: Reading;
  readonly parseType: Parse<string>;
}

export function entryOf(said: ProviderEntry, { spot, reading, parseType }: EntryPlace): Entry {
  const { id, type, timeout, healthCheck, socketPath, headers = {}, query = {}, baseUrl, proxy } = said;
  const { secrets } = reading.reader;
  const kind = parseType(type?.value ?? 'openai');
  if (type !== undefined && 'problem' in kind) {
    reading.say(type.spot, `=${show(type.value)} ${kind.problem}`, Object.keys(PROVIDER_TYPES).join(', '));
  }
  registerValues({ ...headers, ...query }, secrets);
  for (const url of [baseUrl, proxy]) if (url !== undefined && url !== '') registerUrl(url, secrets);
  const { name, apiVersion, models, capabilities, rateLimits, priority, weight } = said;
  return present({
    ...keysOf(said, spot, reading),
    id: id?.value,
    type: type && 'value' in kind ? kind.value : undefined,
    name,
    baseUrl,
    apiVersion,
    models,
    capabilities,
    rateLimits,
    priority,
    weight,
    proxy,
    headers: said.headers,
    query: said.query,
    timeoutMs: timeout,
    healthCheck: healthCheck && {
      endpoint: healthCheck.endpoint ?? '/models',
      intervalMs: healthCheck.interval ?? PROBE_MS,
    },
    tls: tlsOf(said, reading),
    socketPath: socketPath && reading.beside(socketPath.value, socketPath.spot),
  });
}

function keysOf(said: ProviderEntry, spot: Spot, reading: Reading): Pick<Entry, 'apiKeys' | 'apiKeyCommand'> {
  const { apiKey, apiKeys, apiKeyCommand } = said;
  const given = Object.entries({ apiKey, apiKeys, apiKeyCommand }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    const names = given.map(([name]) => name);
    reading.say(spot, `has ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`, 'one of them');
  }
  if (apiKeyCommand !== undefined) {
    const command = commandOf(apiKeyCommand, reading);
    return { apiKeys: fixedKeys([]), ...present({ apiKeyCommand: command }) };
  }
  const texts = apiKeys ?? (apiKey === undefined ? undefined : [apiKey]);
  return texts === undefined ? {} : { apiKeys: livingKeys(reading.reader, texts) };
}

/** A program named with a path is looked for beside the file, any other where programs are. */
function commandOf(
  { value, spot }: NonNullable<ProviderEntry['apiKeyCommand']>,
  reading: Reading,
): KeyCommand | undefined {
  const { command: [program = '', ...words] = [], ttl = COMMAND_TTL_MS, timeout = COMMAND_TIMEOUT_MS } = value;
  const found = /[\\/]/.test(program) ? reading.beside(program, spot) : program;
  if (found === undefined || found === '') return undefined;
  return { command: [found, ...words], ttlMs: ttl, timeoutMs: timeout };
}

function tlsOf({ tls }: ProviderEntry, reading: Reading): TlsSettings | undefined {
  if (tls === undefined) return undefined;
  const { ca, cert, key, serverName } = tls;
  const texts = { ca: pemOf(ca, reading), cert: pemOf(cert, reading), key: pemOf(key, reading) };
  if (texts.key !== undefined) reading.reader.secrets.add(texts.key.trim());
  const lonely = cert === undefined ? key : key === undefined ? cert : undefined;
  if (lonely !== undefined) reading.say(lonely.spot, 'stands alone', 'tls.cert and tls.key together');
  return present({ ...texts, serverName });
}

/** The text itself, or what the file of that path holds. */
function pemOf(said: Placed<string> | undefined, reading: Reading): string | undefined {
  if (said === undefined || said.value.includes('-----BEGIN')) return said?.value;
  const path = reading.beside(said.value, said.spot);
  if (path === undefined) return undefined;
  const read = reading.reader.readText(path);
  const problem =
    'problem' in read ? read.problem : read.value.includes('-----BEGIN') ? undefined : 'is not in PEM form';
  if (problem !== undefined)
    reading.say(said.spot, `refers to a file which ${problem}`, 'the path of a PEM file, or its text');
  return 'value' in read && problem === undefined ? read.value : undefined;
}
