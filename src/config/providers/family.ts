// The main provider by its family of variables, API_*, OPENAI_* or GATEWAY_*: where it is, and the key that may go
// there. The first family with a URL wins, else the first with a key; a key goes to its own family's URL only.

import { present } from '../../core/json.ts';
import type { Given, Reader } from '../reader.ts';
import { registerUrl } from '../secrecy.ts';
import { SETTINGS } from '../settings/shape.ts';
import type { Asked } from './asked.ts';
import type { Parts } from './assemble.ts';
import { limitsSaid, modelsSaid } from './find-named.ts';
import { keysFrom } from './keys.ts';
import { NAMED } from './named.ts';
import { defaultId, typeOfGateway, typeOfUrl, usualUrl } from './provider-type.ts';

export interface Address {
  readonly url: string;
  /** `API`, `OPENAI` or `GATEWAY`. */
  readonly family: string;
  /** Where the URL was said, or what stands for it, for messages. */
  readonly name: string;
  /** The variable or flag that changes it. */
  readonly variable: string;
}

/** Where somebody said the main provider is: `undefined` when nobody did, `unfit` when that is no address. */
export function saidAddress(reader: Reader, { entry }: Asked): Address | 'unfit' | undefined {
  const [given] = reader.given(SETTINGS.baseUrl);
  if (entry.baseUrl !== undefined) {
    // The URL of PROVIDER_CONFIG is the API family's: two different ones would leave open where its key goes.
    const isSameFamily = given !== undefined && (given.name !== given.env || familyOf(given) === 'API');
    if (isSameFamily && given.text !== entry.baseUrl) {
      reader.problem(`${given.name} and the baseUrl in PROVIDER_CONFIG differ. Accepted: one of them.`);
    }
    return { url: entry.baseUrl, family: 'API', name: 'PROVIDER_CONFIG', variable: 'PROVIDER_CONFIG' };
  }
  if (given === undefined) return undefined;
  const url = reader.parse(SETTINGS.baseUrl, given, SETTINGS.baseUrl.parse);
  return url === undefined ? 'unfit' : { url, family: familyOf(given), name: given.name, variable: given.name };
}

/** A key without an address is for OpenAI, unless a type says otherwise. */
export function addressByKey({ entry, type }: Asked, keys: readonly Given[]): Address | undefined {
  const [key] = keys;
  const isForOpenAi = type === undefined || type === 'openai';
  if (!isForOpenAi || (key === undefined && entry.apiKeys === undefined)) return undefined;
  const family = entry.apiKeys === undefined && key !== undefined ? familyOf(key) : 'API';
  const url = usualUrl('openai') ?? '';
  return { url, family, name: 'the default, api.openai.com', variable: urlVariable(family) };
}

/** Where the type is usually found; its key is the API family's. */
export function addressByType(reader: Reader, type: string): Address | undefined {
  const url = usualUrl(type);
  if (url !== undefined) return { url, family: 'API', name: `PROVIDER_TYPE=${type}`, variable: urlVariable('API') };
  reader.problem(`PROVIDER_TYPE=${type} has no usual address. Accepted: it together with API_BASE_URL.`);
  return undefined;
}

export function familyParts(reader: Reader, { entry, type: asked }: Asked, address: Address): Parts {
  const { url, family } = address;
  if (url !== '') registerUrl(url, reader.secrets);
  const own = keyOf(reader, family);
  if (own !== undefined && entry.apiKeys !== undefined) {
    reader.problem(`${own.name} and a key in PROVIDER_CONFIG are both set. Accepted: one of them.`);
  }
  const type = asked ?? (family === 'GATEWAY' ? typeOfGateway(url) : typeOfUrl(url));
  const row = NAMED.find(({ prefix }) => prefix === family);
  return {
    id: entry.id ?? defaultId(type, url),
    type,
    url,
    apiKeys: entry.apiKeys ?? keysFrom(reader, own),
    names: {
      key: entry.apiKeys === undefined ? (own?.name ?? keyVariable(family)) : 'PROVIDER_CONFIG',
      baseUrl: address.variable,
    },
    ...(row === undefined ? {} : present({ models: modelsSaid(reader, row), rateLimits: limitsSaid(reader, row) })),
  };
}

/** A key of another family that may have been meant for this address. */
export function noteIdleKey(reader: Reader, { entry }: Asked, address: Address, others: readonly Parts[]): void {
  if (entry.apiKeys !== undefined || address.url === '' || keyOf(reader, address.family) !== undefined) return;
  const [other] = reader.given(SETTINGS.apiKey);
  if (other === undefined) return;
  const added = others.find(({ names }) => names.key === other.name);
  reader.notes.push(
    `${other.name} is ${added === undefined ? 'not used' : `for the provider ${added.id} only`}: ` +
      `the address comes from ${address.name}, and a key is sent only to the address of its own family. ` +
      `If it belongs there, set ${keyVariable(address.family)}.`,
  );
}

function keyOf(reader: Reader, family: string): Given | undefined {
  return reader.given(SETTINGS.apiKey).find((key) => familyOf(key) === family);
}

function familyOf({ env }: Given): string {
  return env.slice(0, env.indexOf('_'));
}

function keyVariable(family: string): string {
  return family === 'API' ? 'API_KEY' : `${family}_API_KEY`;
}

function urlVariable(family: string): string {
  return family === 'GATEWAY' ? 'GATEWAY_URL' : `${family}_BASE_URL`;
}
