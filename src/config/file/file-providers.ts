// The providers of a configuration file: each put together from its entry, no two of one id. Where a file has any,
// variables add none, and those that are set in vain are told.

import type { ProviderConfig } from '../config.ts';
import type { Parse } from '../settings/parse.ts';
import { assembleEntry } from '../providers/assemble.ts';
import { entryOf } from '../providers/entry.ts';
import type { Entry } from '../providers/entry.ts';
import { fixedKeys, registerKeys } from '../providers/keys.ts';
import { NAMED, companions } from '../providers/named.ts';
import { typeOfUrl, usualUrl } from '../providers/provider-type.ts';
import { SETTINGS } from '../settings/shape.ts';
import type { ProviderEntry } from './provider-keys.ts';
import type { FileRead } from './read-file.ts';
import type { Placed } from './rules.ts';

/** All of them that are right, in the order they are written; the file has at least one. */
export function fileProviders(file: FileRead, parseType: Parse<string>): readonly ProviderConfig[] {
  const { entry, reading } = file;
  const places = new Map<string, number>();
  noteVariables(file);
  return (entry.providers ?? []).flatMap(({ value, spot }) => {
    sayTwice(value, places, file);
    return build({ value, spot }, entryOf(value, { spot, reading, parseType }), file) ?? [];
  });
}

function sayTwice({ id }: ProviderEntry, places: Map<string, number>, { reading }: FileRead): void {
  if (id === undefined) return;
  const before = places.get(id.value);
  if (before === undefined) places.set(id.value, id.spot.at);
  else {
    const line = reading.lineOf(before);
    reading.say(id.spot, `=${id.value} is the id of the provider in line ${line} as well`, 'an id of its own');
  }
}

function build(
  { value, spot }: Placed<ProviderEntry>,
  entry: Entry,
  { reading }: FileRead,
): ProviderConfig | undefined {
  // A type or an address that is there and unfit has been told.
  const isUnfit = (key: string): boolean => reading.isTold(`${spot.path}.${key}`);
  if (value.id === undefined || isUnfit('type') || isUnfit('baseUrl')) return undefined;
  const type = entry.type ?? (entry.baseUrl === undefined ? undefined : typeOfUrl(entry.baseUrl));
  const url = entry.baseUrl ?? (type === undefined ? undefined : usualUrl(type));
  if (type === undefined || url === undefined) {
    if (type === undefined) reading.say(spot, 'has neither type nor baseUrl', 'one of them, or both');
    else reading.say(spot, `has no baseUrl, and the type ${type} no usual address`, 'an address in baseUrl');
    return undefined;
  }
  const names = {
    key: reading.settingName(`${spot.path}.${value.apiKeyCommand === undefined ? 'apiKey' : 'apiKeyCommand'}`),
    baseUrl: reading.settingName(`${spot.path}.baseUrl`),
  };
  const parts = { id: value.id.value, type, url, apiKeys: entry.apiKeys ?? fixedKeys([]), names };
  return assembleEntry(reading.reader, parts, entry);
}

/** Variables that would add a provider, or say more of one. */
function noteVariables({ path, reading: { reader, referred } }: FileRead): void {
  const keys = [...SETTINGS.apiKey.env, ...NAMED.map(({ prefix }) => `${prefix}_API_KEY`)];
  for (const name of keys) registerKeys(reader, reader.inputs.env[name] ?? '');
  const { baseUrl, apiKey, providerType, providerConfig } = SETTINGS;
  const flags = [baseUrl, providerType].flatMap((setting) => Object.keys(setting.flags));
  const families = [baseUrl, apiKey, providerType, providerConfig].flatMap(({ env }) => env);
  const named = NAMED.flatMap((row) => companions(row).concat(row.sign));
  const vain = [...new Set([...families, ...named].flatMap((name) => [name, `${name}_FILE`]))].filter(
    (name) => (reader.inputs.env[name] ?? '') !== '' && !referred.has(name),
  );
  vain.push(...flags.filter((flag) => (reader.inputs.flags.get(flag) ?? '') !== ''));
  if (vain.length === 0) return;
  const have = vain.length === 1 ? 'has' : 'have';
  reader.notes.push(`${vain.join(', ')} ${have} no effect: the providers are those of ${path}.`);
}
