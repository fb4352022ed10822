// Flags, environment and configuration file -> Config, or every problem there is: flags win over the environment, the
// environment over the file. Pure: what it needs from outside is handed in.

import { present } from '../core/json.ts';
import type { ClientKey, Config, ProviderConfig } from './config.ts';
import type { FileEntry } from './file/file-keys.ts';
import { fileProviders } from './file/file-providers.ts';
import { readFile } from './file/read-file.ts';
import type { FileRead } from './file/read-file.ts';
import { Reading } from './file/reading.ts';
import { aliasesOf, pricesOf, routingOf } from './file/targets.ts';
import type { Known } from './file/targets.ts';
import { readNetwork } from './network.ts';
import { isOpenAi, parseProviderType, parseTypeOrName } from './providers/provider-type.ts';
import { readProviders } from './providers/providers.ts';
import { Reader } from './reader.ts';
import type { Inputs } from './reader.ts';
import { registerVariables } from './secrecy.ts';
import { SETTINGS } from './shape.ts';
import { DEFAULT_TOOLS } from './tools.ts';

/**
 * `notes` are worth a line in the log; `problems` are reasons not to start. All of them are scrubbed. `files` were
 * read on the way: a change of one may change what comes of it.
 */
export type Configured = { readonly files: readonly string[] } & (
  | { readonly config: Config; readonly notes: readonly string[] }
  /** `readable`: what stands in spite of the problems, for those who look into them; nothing is to be served from it. */
  | { readonly problems: readonly string[]; readonly readable: Config }
);

export function readConfig(inputs: Inputs): Configured {
  const reader = new Reader(inputs);
  const file = readFile(reader) ?? { entry: {}, reading: new Reading({ text: '', name: '' }, reader) };
  const config = configOf(reader, file);
  file.reading.tell();
  const scrub = (line: string): string => inputs.secrets.scrub(line);
  const files = [...reader.files];
  if (reader.problems.length > 0) return { files, problems: reader.problems.map(scrub), readable: freeze(config) };
  return { files, config: freeze(config), notes: reader.notes.map(scrub) };
}

/** `path` is absent where there is no file, or none that can be read. */
type Said = Pick<FileRead, 'entry' | 'reading'> & Partial<Pick<FileRead, 'path'>>;

type Providers = Pick<Config, 'others' | 'bareNames'> & { readonly provider?: ProviderConfig };

function configOf(reader: Reader, file: Said): Config {
  const { entry, reading, path } = file;
  const plugins = reader.value(SETTINGS.plugins) ?? pluginsOf(file);
  // A list that is unfit has been told; the types it would add are no second problem.
  const hasPlugIns = reader.given(SETTINGS.plugins).length > 0 || (entry.plugins ?? []).length > 0;
  if (hasPlugIns) registerVariables(reader.inputs.env, reader.secrets);
  const providers = providersOf(reader, file, hasPlugIns);
  const mock = mockOf(reader, providers);
  const known = knownOf(entry, providers, mock);
  noteUnserved(file);
  return {
    ...providers,
    ...settingsOf(reader, entry, providers.provider),
    ...readNetwork(reader),
    ...present({ file: path }),
    plugins,
    mock,
    aliases: aliasesOf(entry, known, reading),
    routing: routingOf(entry, known, reading),
    prices: pricesOf(entry, known, reading),
  };
}

function settingsOf(
  reader: Reader,
  { server, routing, cache, limits, logging, auth }: FileEntry,
  provider: ProviderConfig | undefined,
): Omit<
  Config,
  keyof Providers | 'plugins' | 'mock' | 'aliases' | 'routing' | 'prices' | 'proxies' | 'authorities' | 'file'
> {
  const defaultModel = reader.value(SETTINGS.defaultModel) ?? routing?.defaultModel ?? knownDefault(provider);
  reader.value(SETTINGS.transport);
  // Read whether or not there is a provider to hold it: a bad value is a problem all the same.
  reader.value(SETTINGS.timeoutMs);
  return {
    ...present({ defaultModel }),
    allowedRoots: reader.value(SETTINGS.allowedRoots, []),
    generateTemperature: reader.value(SETTINGS.temperature, 0.2),
    tools: reader.value(SETTINGS.tools, server?.tools ?? DEFAULT_TOOLS),
    progress: reader.value(SETTINGS.progress, 'delta'),
    maxRetries: reader.value(SETTINGS.maxRetries, routing?.retryAttempts ?? 3),
    logLevel: reader.value(SETTINGS.logLevel, logging?.level ?? 'info'),
    maxOutputChars: reader.value(SETTINGS.maxOutputChars, 8 * 1024 ** 2),
    maxLineBytes: reader.value(SETTINGS.maxLineBytes, 64 * 1024 ** 2),
    upstreamClient: reader.value(SETTINGS.upstreamClient, 'pooled'),
    cache: {
      enabled: cache?.enabled ?? false,
      ttlMs: cache?.ttl ?? 300_000,
      maxBytes: cache?.maxSize ?? 64 * 1024 ** 2,
      shared: cache?.shared ?? false,
    },
    limits: { perClient: limits?.perClient ?? {} },
    server: present({ name: server?.name, instructions: server?.instructions }),
    clientKeys: (auth?.value.keys ?? []).flatMap(clientKey),
    logging: {
      requests: logging?.requests ?? true,
      responses: logging?.responses ?? false,
      performance: logging?.performance ?? true,
    },
    listen: { host: reader.value(SETTINGS.host, '127.0.0.1'), port: reader.value(SETTINGS.port, 8000) },
  };
}

function pluginsOf({ entry, reading }: Said): readonly string[] {
  return (entry.plugins ?? []).flatMap(({ value, spot }) => reading.beside(value, spot) ?? []);
}

/** Those of the file if it has any, else those of the environment; the file may still say which is the main one. */
function providersOf(reader: Reader, { entry, reading, path }: Said, hasPlugIns: boolean): Providers {
  const parseType = hasPlugIns ? parseTypeOrName : parseProviderType;
  const main = entry.routing?.defaultProvider?.value;
  if (path !== undefined && (entry.providers ?? []).length > 0) {
    const all = fileProviders({ path, entry, reading }, parseType);
    return { ...withMain(all, all.find(({ id }) => id === main) ?? all[0]), bareNames: 'every' };
  }
  const { provider, others } = readProviders(reader, { parseType, ...present({ main }) });
  const all = provider === undefined ? others : [provider, ...others];
  return { ...withMain(all, all.find(({ id }) => id === main) ?? provider), bareNames: 'main' };
}

function withMain(all: readonly ProviderConfig[], provider?: ProviderConfig): Omit<Providers, 'bareNames'> {
  return { ...present({ provider }), others: all.filter((one) => one !== provider) };
}

function mockOf(reader: Reader, { provider, others, bareNames }: Providers): boolean {
  const mock = reader.value(SETTINGS.mock, false);
  const all = provider === undefined ? others : [provider, ...others];
  if (mock && all.some(({ id, type }) => id === 'mock' && type !== 'mock')) {
    const where = bareNames === 'main' ? ' in PROVIDER_CONFIG' : '';
    reader.problem(`A provider is called mock, as the one that MOCK=1 adds. Accepted: another id${where}.`);
  }
  return mock || all.some(({ type, baseUrl }) => type === 'mock' && baseUrl === '');
}

/** Every id there is, those of providers with problems too: what is wrong with one is told once. */
function knownOf(entry: FileEntry, { provider, others }: Providers, mock: boolean): Known {
  const providers = provider === undefined ? others : [provider, ...others];
  const written = (entry.providers ?? []).flatMap(({ value }) => value.id?.value ?? []);
  return { providers, ids: new Set([...written, ...providers.map(({ id }) => id), ...(mock ? ['mock'] : [])]) };
}

function clientKey(key: Partial<ClientKey>): readonly ClientKey[] {
  const { name, sha256 } = key;
  return name === undefined || sha256 === undefined ? [] : [{ ...key, name, sha256 }];
}

function noteUnserved({ entry: { auth, telemetry }, reading }: Said): void {
  const { notes } = reading.reader;
  if (auth !== undefined) notes.push('auth has no effect on stdio, where the client is whoever started this program.');
  if (telemetry !== undefined) notes.push('telemetry has no effect: this version exports none.');
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
