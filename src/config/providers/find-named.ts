// Reads one row of named.ts: the provider that its variables add, or nothing and a word about variables that would
// only mean something if it were added.

import { present } from '../../core/json.ts';
import type { RateLimits } from '../config.ts';
import { isAbsolute } from '../settings/paths.ts';
import { apiVersion, httpUrl, integer, names as namesOf } from '../settings/parse.ts';
import type { Given, Reader, Source } from '../reader.ts';
import { registerUrl } from '../secrecy.ts';
import { SETTINGS } from '../settings/shape.ts';
import type { Parts } from './assemble.ts';
import { keysFrom, registerKeys } from './keys.ts';
import { companions } from './named.ts';
import type { NamedRow } from './named.ts';
import { typeOfUrl, usualUrl } from './provider-type.ts';

export function findNamed(reader: Reader, row: NamedRow): Parts | undefined {
  const { id, prefix, sign, addresses } = row;
  const [key] = reader.given({ ...SETTINGS.apiKey, env: [`${prefix}_API_KEY`] });
  const [place] = reader.given(variables(Object.keys(addresses)));
  const isAdded = sign in addresses ? place !== undefined : key !== undefined;
  if (!isAdded) {
    if (key !== undefined) registerKeys(reader, key.text);
    noteStray(reader, row, key);
    return undefined;
  }
  // All of it is read before anything is given up: every problem is told at once.
  const apiKeys = keysFrom(reader, key);
  const said = present({
    models: modelsSaid(reader, row),
    apiVersion: versionSaid(reader, row),
    rateLimits: limitsSaid(reader, row),
  });
  const url = place === undefined ? usualUrl(id) : urlAt(reader, row, place);
  if (url === undefined) return undefined;
  registerUrl(url, reader.secrets);
  if (key === undefined && row.wantsKey === true) {
    reader.notes.push(`${sign} is set without ${prefix}_API_KEY (an Entra token goes there too): no key will be sent.`);
  }
  const names = { key: key?.name ?? `${prefix}_API_KEY`, baseUrl: place?.name ?? `${prefix}_BASE_URL` };
  return { id, type: row.isAnyType === true ? typeOfUrl(url) : id, url, apiKeys, names, ...said };
}

/** What `…_MODELS` lists. */
export function modelsSaid(reader: Reader, { prefix, hasFolder }: NamedRow): readonly string[] | undefined {
  const env = `${prefix}_MODELS`;
  const source = { ...variables([env]), parse: namesOf, accepts: 'names of models separated by commas' };
  const [given] = reader.given(source);
  if (given === undefined || (hasFolder === true && isFolder(given.text))) return undefined;
  return reader.value(source);
}

function versionSaid(reader: Reader, { versions = [] }: NamedRow): string | undefined {
  return reader.value({
    ...variables(versions),
    parse: apiVersion,
    accepts: 'a version such as 2024-10-21 or preview',
  });
}

function urlAt(reader: Reader, { addresses }: NamedRow, place: Given): string | undefined {
  return reader.parse(SETTINGS.baseUrl, place, addresses[place.env] ?? httpUrl);
}

/** `key` is the row's own, if there is one: it may stand in a file. */
function noteStray(reader: Reader, row: NamedRow, key: Given | undefined): void {
  const isStray = ({ env, text }: Given): boolean =>
    env !== key?.env && !(row.hasFolder === true && env.endsWith('_MODELS') && isFolder(text));
  const own = companions(row).filter((name) => name.startsWith(row.prefix));
  const stray = [...(key === undefined ? [] : [key]), ...reader.given(variables(own)).filter(isStray)];
  if (stray.length === 0) return;
  reader.notes.push(`${namesIn(stray)} no effect: ${row.sign} is what adds the provider ${row.id}.`);
}

/** What `…_RPM` and `…_TPM` allow. */
export function limitsSaid(reader: Reader, { prefix }: NamedRow): RateLimits | undefined {
  const limit = (env: string): number | undefined =>
    reader.value({ ...variables([env]), parse: integer(1, 1e12), accepts: 'a whole number from 1' });
  const limits = present({ requestsPerMinute: limit(`${prefix}_RPM`), tokensPerMinute: limit(`${prefix}_TPM`) });
  return Object.keys(limits).length === 0 ? undefined : limits;
}

function namesIn(given: readonly Given[]): string {
  return `${given.map(({ name }) => name).join(', ')} ${given.length === 1 ? 'has' : 'have'}`;
}

function variables(env: readonly string[]): Pick<Source, 'env' | 'flags' | 'secret'> {
  return { env, flags: {}, secret: false };
}

function isFolder(text: string): boolean {
  return isAbsolute(text) || /^[~.]/.test(text);
}
