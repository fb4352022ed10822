// Flags, environment and configuration file -> Config, or every problem there is: flags win over the environment, the
// environment over the file. Pure: what it needs from outside is handed in.

import { present } from '../core/json.ts';
import { accessOf, clientKeysOf, sayUnprotected } from './access.ts';
import type { Config, ProviderConfig } from './config.ts';
import type { FileEntry } from './file/file-keys.ts';
import { fileProviders } from './file/file-providers.ts';
import { checkedPrompts, checkedTools } from './file/offer-keys.ts';
import { readFile } from './file/read-file.ts';
import type { FileRead } from './file/read-file.ts';
import { Reading } from './file/reading.ts';
import { aliasesOf, pricesOf, routingOf } from './file/targets.ts';
import type { Known } from './file/targets.ts';
import { httpOf } from './http.ts';
import { readNetwork } from './network.ts';
import { RESERVED_ID, isOpenAi, parseProviderType, parseTypeOrName } from './providers/provider-type.ts';
import { readProviders } from './providers/providers.ts';
import { Reader, show } from './reader.ts';
import type { Inputs } from './reader.ts';
import { registerVariables } from './secrecy.ts';
import { SETTINGS } from './settings/shape.ts';
import { DEFAULT_TOOLS } from './settings/tools.ts';

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
  const settings = settingsOf(reader, entry, providers.provider);
  const access = accessOf(reader, file);
  if (settings.transport === 'http') sayUnprotected(reader, { ...settings, access });
  noteUnserved(file, settings.transport);
  return {
    ...providers,
    ...settings,
    ...readNetwork(reader),
    clientKeys: clientKeysOf(file),
    access,
    ...present({ file: path }),
    plugins,
    mock,
    aliases: aliasesOf(entry, known, reading),
    routing: routingOf(entry, known, reading),
    prices: pricesOf(entry, known, reading),
    virtualTools: checkedTools(entry.virtualTools ?? [], reading),
    prompts: checkedPrompts(entry.prompts ?? [], reading),
  };
}

/** What is settled setting by setting, without a look at the providers. */
type Settled = Omit<Config, keyof Providers | 'plugins' | 'mock' | keyof Looked | keyof Outside>;
type Looked = Pick<Config, 'aliases' | 'routing' | 'prices' | 'prompts' | 'virtualTools'>;
type Outside = Pick<Config, 'proxies' | 'authorities' | 'file' | 'clientKeys' | 'access'>;

function settingsOf(
  reader: Reader,
  { server, routing, cache, limits, logging, images, conversations }: FileEntry,
  provider: ProviderConfig | undefined,
): Settled {
  const defaultModel = reader.value(SETTINGS.defaultModel) ?? routing?.defaultModel ?? knownDefault(provider);
  // Read whether or not there is a provider to hold it: a bad value is a problem all the same.
  reader.value(SETTINGS.timeoutMs);
  return {
    ...present({ defaultModel }),
    allowedRoots: allowedRootsOf(reader),
    images: imagesOf(reader, images),
    conversations: reader.value(SETTINGS.conversations, conversations?.enabled ?? false),
    generateTemperature: reader.value(SETTINGS.temperature, 0.2),
    tools: reader.value(SETTINGS.tools, server?.tools ?? DEFAULT_TOOLS),
    progress: reader.value(SETTINGS.progress, 'delta'),
    maxRetries: reader.value(SETTINGS.maxRetries, routing?.retryAttempts ?? 3),
    logLevel: reader.value(SETTINGS.logLevel, logging?.level ?? 'info'),
    softDeadlineMs: reader.value(SETTINGS.softDeadlineMs, 50_000),
    maxOutputChars: reader.value(SETTINGS.maxOutputChars, 8 * 1024 ** 2),
    maxLineBytes: reader.value(SETTINGS.maxLineBytes, 64 * 1024 ** 2),
    upstreamClient: reader.value(SETTINGS.upstreamClient, 'pooled'),
    cache: cacheOf(cache),
    limits: { perClient: limits?.perClient ?? {} },
    server: present({ name: server?.name, instructions: server?.instructions }),
    logging: loggingOf(logging),
    transport: reader.value(SETTINGS.transport, 'stdio'),
    http: httpOf(reader),
    listen: { host: reader.value(SETTINGS.host, '127.0.0.1'), port: reader.value(SETTINGS.port, 8000) },
  };
}

function imagesOf(reader: Reader, { fetch = false, private: hosts = [] }: FileEntry['images'] = {}): Config['images'] {
  return {
    fetch: reader.value(SETTINGS.fetchImages, fetch),
    privateHosts: reader.value(SETTINGS.fetchImagesPrivate, hosts),
  };
}

function cacheOf({ enabled, ttl, maxSize, shared }: FileEntry['cache'] = {}): Config['cache'] {
  return {
    enabled: enabled ?? false,
    ttlMs: ttl ?? 300_000,
    maxBytes: maxSize ?? 64 * 1024 ** 2,
    shared: shared ?? false,
  };
}

function loggingOf({ requests, responses, performance }: FileEntry['logging'] = {}): Config['logging'] {
  return { requests: requests ?? false, responses: responses ?? false, performance: performance ?? false };
}

/** A folder that is not there yet may come; until then no image is read from it. */
function allowedRootsOf(reader: Reader): readonly string[] {
  const roots = reader.value(SETTINGS.allowedRoots, []);
  const [given] = reader.given(SETTINGS.allowedRoots);
  for (const root of roots) {
    if (!reader.inputs.isFolder(root))
      reader.notes.push(`${given?.name} names ${show(root)}, which is no folder that can be read.`);
  }
  return roots;
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

/** Whether MOCK adds the embedded mock; where one stands among the providers under its name already, it is there. */
function mockOf(reader: Reader, { provider, others, bareNames }: Providers): boolean {
  const mock = reader.value(SETTINGS.mock, false);
  const all = provider === undefined ? others : [provider, ...others];
  const where = bareNames === 'main' ? ' in PROVIDER_CONFIG' : '';
  const namesake = all.find(({ id }) => id === 'mock');
  if (mock && namesake !== undefined && !isEmbeddedMock(namesake)) {
    reader.problem(`A provider is called mock, as the one that MOCK=1 adds. Accepted: another id${where}.`);
  }
  // In a file, the id's own rule has told it; this one is called as its host.
  if (all.some(({ id }) => id === RESERVED_ID)) {
    reader.problem(
      `A provider is called ${RESERVED_ID}, as what aliases are listed under. Accepted: another id${where}.`,
    );
  }
  return mock && namesake === undefined;
}

function isEmbeddedMock({ type, baseUrl }: ProviderConfig): boolean {
  return type === 'mock' && baseUrl === '';
}

/** Every id there is, those of providers with problems too: what is wrong with one is told once. */
function knownOf(entry: FileEntry, { provider, others }: Providers, mock: boolean): Known {
  const providers = provider === undefined ? others : [provider, ...others];
  const written = (entry.providers ?? []).flatMap(({ value }) => value.id?.value ?? []);
  return { providers, ids: new Set([...written, ...providers.map(({ id }) => id), ...(mock ? ['mock'] : [])]) };
}

function noteUnserved(
  { entry: { auth, telemetry, limits, prices }, reading }: Said,
  transport: Config['transport'],
): void {
  const { notes } = reading.reader;
  if (auth !== undefined && transport === 'stdio')
    notes.push('auth has no effect on stdio, where the client is whoever started this program.');
  if (telemetry !== undefined) notes.push('telemetry has no effect: this version exports none.');
  if (limits?.perClient?.budgetUsdPerDay !== undefined && prices === undefined)
    notes.push('limits.perClient.budgetUsdPerDay counts only what providers say they charge: prices are not set.');
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
