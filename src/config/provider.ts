// Which provider there is, and which key goes to it (product sheet, section 3). Names come in families, API_*,
// OPENAI_* and GATEWAY_*: a key is sent to its own family's URL and nowhere else, so that a key that happens to
// lie in the environment never reaches an address it was not meant for.

import { present } from '../core/json.ts';
import type { KeySource, ProviderConfig, Timeouts } from './config.ts';
import { readEntry } from './entry.ts';
import type { Entry } from './entry.ts';
import { PROVIDER_TYPES, defaultId, typeOfUrl } from './provider-type.ts';
import type { ProviderType } from './provider-type.ts';
import type { Given, Reader } from './reader.ts';
import { show } from './reader.ts';
import { registerUrl, registerValues } from './secrecy.ts';
import { SETTINGS, parseKeys } from './shape.ts';

const CONNECT_MS = 10_000;
const IDLE_MS = 30_000;
const TOTAL_MS = 600_000;
/** The first token of a server that may have to load its model. */
const LOADING_MS = 300_000;

interface Address {
  readonly url: string;
  /** `API`, `OPENAI` or `GATEWAY`. */
  readonly family: string;
  /** Where the URL was said, for messages. */
  readonly name: string;
}

/** The main provider, or `undefined` when nothing names one. */
export function readProvider(reader: Reader): ProviderConfig | undefined {
  const entry = entryOf(reader);
  const asked = typeAsked(reader, entry);
  const keys = reader.given(SETTINGS.apiKey);
  const address = addressOf(reader, entry, asked, keys);
  const apiKeys = keysOf(reader, entry, keys, address);
  registerValues({ ...entry.headers, ...entry.query }, reader.secrets);
  if (address === undefined) return undefined;
  if (address.url !== '') registerUrl(address.url, reader.secrets);
  const type = asked ?? typeFromUrl(reader, address);
  return {
    id: entry.id ?? defaultId(type, address.url),
    type,
    baseUrl: address.url,
    apiKeys,
    headers: entry.headers ?? {},
    query: entry.query ?? {},
    ...present({ name: entry.name, models: entry.models }),
    capabilities: entry.capabilities ?? {},
    timeout: timeoutsOf(reader, entry, type),
  };
}

function entryOf(reader: Reader): Entry {
  const [given] = reader.given(SETTINGS.providerConfig);
  if (given === undefined) return {};
  return readEntry(given.text, (problem) => reader.problem(`${given.name}: ${problem}.`));
}

function typeAsked(reader: Reader, entry: Entry): ProviderType | undefined {
  const type = reader.value(SETTINGS.providerType);
  if (type !== undefined && entry.type !== undefined && type !== entry.type) {
    reader.problem('PROVIDER_TYPE and the type in PROVIDER_CONFIG differ. Accepted: one of them.');
  }
  return type ?? entry.type;
}

/** The first family with a URL, else the usual place of the type, else OpenAI for the first family with a key. */
function addressOf(
  reader: Reader,
  entry: Entry,
  type: ProviderType | undefined,
  keys: readonly Given[],
): Address | undefined {
  const [given] = reader.given(SETTINGS.baseUrl);
  if (entry.baseUrl !== undefined) {
    // The URL of PROVIDER_CONFIG is the API family's: two different ones would leave open where its key goes.
    if (
      given !== undefined &&
      (given.name !== given.env || given.env === 'API_BASE_URL') &&
      given.text !== entry.baseUrl
    ) {
      reader.problem(`${given.name} and the baseUrl in PROVIDER_CONFIG differ. Accepted: one of them.`);
    }
    return { url: entry.baseUrl, family: 'API', name: 'PROVIDER_CONFIG' };
  }
  if (given !== undefined) {
    const url = reader.parse(SETTINGS.baseUrl, given, SETTINGS.baseUrl.parse);
    return url === undefined ? undefined : { url, family: familyOf(given), name: given.name };
  }
  if (type !== undefined && type !== 'openai') return usualPlace(reader, type);
  const [key] = keys;
  if (entry.apiKeys === undefined && key === undefined) return undefined;
  const family = entry.apiKeys === undefined && key !== undefined ? familyOf(key) : 'API';
  return { url: PROVIDER_TYPES.openai.baseUrl ?? '', family, name: 'the default, api.openai.com' };
}

function usualPlace(reader: Reader, type: ProviderType): Address | undefined {
  const { baseUrl } = PROVIDER_TYPES[type];
  if (baseUrl !== undefined) return { url: baseUrl, family: 'API', name: `PROVIDER_TYPE=${type}` };
  reader.problem(`PROVIDER_TYPE=${type} has no usual address. Accepted: it together with API_BASE_URL.`);
  return undefined;
}

function typeFromUrl(reader: Reader, address: Address): ProviderType {
  const told = typeOfUrl(address.url);
  if ('value' in told) return told.value;
  reader.problem(`${address.name}=${show(address.url)} ${told.problem}.`);
  return 'openai';
}

/** The keys of the address's own family; all that were found are registered, used or not. */
function keysOf(reader: Reader, entry: Entry, keys: readonly Given[], address: Address | undefined): KeySource {
  for (const key of entry.apiKeys ?? []) reader.secrets.add(key);
  for (const { text } of keys) registerKeys(reader, text);
  // Without an address (a bad one, most likely) the first key is still looked at for its own problems.
  const own = keys.find((key) => address === undefined || familyOf(key) === address.family);
  if (own !== undefined && entry.apiKeys !== undefined) {
    reader.problem(`${own.name} and a key in PROVIDER_CONFIG are both set. Accepted: one of them.`);
  }
  if (entry.apiKeys !== undefined) return fixed(entry.apiKeys);
  if (own !== undefined) return sourceOf(reader, own);
  const [other] = keys;
  if (other !== undefined && address !== undefined && address.url !== '') {
    reader.notes.push(
      `${other.name} is not used: the address comes from ${address.name}, and a key is sent only to the address of its own family. ` +
        `If it belongs there, set ${address.family === 'API' ? 'API_KEY' : `${address.family}_API_KEY`}.`,
    );
  }
  return fixed([]);
}

function sourceOf(reader: Reader, given: Given): KeySource {
  const { file } = given;
  let last = reader.parse(SETTINGS.apiKey, given, parseKeys) ?? [];
  if (file === undefined) return fixed(last);
  let text = given.text;
  return (refused) => {
    const now = file.read(refused);
    if (now === text) return last;
    text = now;
    registerKeys(reader, now);
    const keys = parseKeys(now);
    // A file caught half-written or emptied: the keys that worked are the better guess.
    if ('value' in keys) last = keys.value;
    return last;
  };
}

function fixed(keys: readonly string[]): KeySource {
  return () => keys;
}

function registerKeys(reader: Reader, text: string): void {
  reader.secrets.add(text.trim());
  for (const key of text.split(',')) reader.secrets.add(key.trim());
}

function timeoutsOf(reader: Reader, entry: Entry, type: ProviderType): Timeouts {
  const silence = reader.value(SETTINGS.timeoutMs);
  const own = entry.timeoutMs ?? {};
  const firstTokenMs = own.firstToken ?? silence ?? (PROVIDER_TYPES[type].loads ? LOADING_MS : undefined);
  const idleMs = own.idle ?? silence ?? IDLE_MS;
  return {
    connectMs: own.connect ?? CONNECT_MS,
    ...present({ firstTokenMs }),
    idleMs,
    totalMs: own.total ?? Math.max(TOTAL_MS, idleMs, firstTokenMs ?? 0),
  };
}

function familyOf(given: Given): string {
  return given.env.slice(0, given.env.indexOf('_'));
}
