// Which providers there are, and which of them is the main one (product sheet, section 3): the one a family of
// variables speaks of, else the only other one there is, else the one that DEFAULT_MODEL names. All others are
// reached by their names alone.

import { present } from '../../core/json.ts';
import type { ProviderConfig } from '../config.ts';
import type { Parse } from '../settings/parse.ts';
import type { Reader } from '../reader.ts';
import { SETTINGS } from '../settings/shape.ts';
import { readAsked } from './asked.ts';
import type { Asked } from './asked.ts';
import { assemble } from './assemble.ts';
import type { Parts } from './assemble.ts';
import { addressByKey, addressByType, familyParts, noteIdleKey, saidAddress } from './family.ts';
import type { Address } from './family.ts';
import { findNamed } from './find-named.ts';
import { keysFrom, registerKeys } from './keys.ts';
import { NAMED } from './named.ts';

export interface Providers {
  readonly provider?: ProviderConfig;
  /** In the order of the table of named providers. */
  readonly others: readonly ProviderConfig[];
}

/** What is known before the variables are read. */
interface Beforehand {
  /** Which types there are. */
  readonly parseType: Parse<string>;
  /** The id that the file chooses as the main one. */
  readonly main?: string;
}

export function readProviders(reader: Reader, { parseType, main: chosen }: Beforehand): Providers {
  const asked = readAsked(reader, parseType);
  const keys = reader.given(SETTINGS.apiKey);
  for (const { text } of keys) registerKeys(reader, text);
  const said = saidAddress(reader, asked) ?? addressByKey(asked, keys);
  if (said === 'unfit') {
    // Nothing is built, and the first key and the other providers are still looked at for problems of their own.
    keysFrom(reader, keys[0]);
    findAll(reader, undefined);
    return { others: [] };
  }
  const named = findAll(reader, said?.family);
  const address = said ?? addressOfType(reader, asked, named);
  if (address === undefined) {
    const main = named.find(({ id }) => id === chosen) ?? pick(reader, asked, named);
    return assembled(
      reader,
      asked,
      main,
      named.filter(({ id }) => id !== main?.id),
    );
  }
  const family = familyParts(reader, asked, address);
  const main = asked.entry.id === undefined ? unlike(family, named, reader) : family;
  const others = without(main.id, named, reader);
  noteIdleKey(reader, asked, address, others);
  return assembled(reader, asked, main, others);
}

function assembled(reader: Reader, { entry }: Asked, main: Parts | undefined, others: readonly Parts[]): Providers {
  return {
    ...present({ provider: main === undefined ? undefined : assemble(reader, main, entry) }),
    others: others.map((parts) => assemble(reader, parts, {})),
  };
}

/** All that variables of their own add, but for the family that is the main provider's. */
function findAll(reader: Reader, family: string | undefined): readonly Parts[] {
  return NAMED.filter(({ prefix }) => prefix !== family).flatMap((row) => findNamed(reader, row) ?? []);
}

/** For a type and no URL: where it is usually found, unless a provider of that type has its own variables. */
function addressOfType(reader: Reader, { entry, type }: Asked, named: readonly Parts[]): Address | undefined {
  if (type === undefined || type === 'openai') return undefined;
  const hasKey = entry.apiKeys !== undefined || reader.given(SETTINGS.apiKey).some(({ env }) => env === 'API_KEY');
  if (!hasKey && named.some((one) => one.type === type)) return undefined;
  return addressByType(reader, type);
}

/** The main one where no family is: the one of the type asked for, the only one, or the one of the default model. */
function pick(reader: Reader, { entry, type }: Asked, named: readonly Parts[]): Parts | undefined {
  const model = reader.value(SETTINGS.defaultModel) ?? '';
  const [first, second] = named;
  const only = second === undefined ? first : undefined;
  const main = named.find((one) => one.type === type) ?? only ?? named.find(({ id }) => model.startsWith(`${id}/`));
  if (main === undefined) {
    if (first !== undefined) {
      const ids = named.map(({ id }) => id).join(', ');
      reader.notes.push(
        `None of the providers ${ids} is the main one: a call names its model as provider/model, ` +
          'or DEFAULT_MODEL=provider/model chooses one.',
      );
    }
    return undefined;
  }
  if (entry.id !== undefined && entry.id !== main.id) {
    reader.problem(`PROVIDER_CONFIG: id cannot rename the provider ${main.id}; leave it out.`);
  }
  return { ...main, type: type ?? main.type };
}

/** Who names a provider by a variable of its own means that one by the name, so a main one of that type has another. */
function unlike(main: Parts, named: readonly Parts[], reader: Reader): Parts {
  if (!named.some(({ id }) => id === main.id)) return main;
  reader.notes.push(
    `The main provider is called "main", because ${main.id} is another one. To choose its name: PROVIDER_CONFIG={"id":"corp"}.`,
  );
  return { ...main, id: 'main' };
}

/** Two providers never share an id: one that was chosen stays, and another one of that name is left out. */
function without(id: string, named: readonly Parts[], reader: Reader): readonly Parts[] {
  const row = NAMED.find((one) => one.id === id && named.some((parts) => parts.id === id));
  if (row === undefined) return named;
  reader.notes.push(
    `${row.sign} adds no provider: the main one is called ${id} already. To have both, give the main one another name, ` +
      'such as PROVIDER_CONFIG={"id":"main"}.',
  );
  return named.filter((parts) => parts.id !== id);
}
