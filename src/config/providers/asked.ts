// What a person says of the main provider besides its family's variables: PROVIDER_CONFIG and PROVIDER_TYPE.

import { present } from '../../core/json.ts';
import type { Reader } from '../reader.ts';
import { registerValues } from '../secrecy.ts';
import { SETTINGS } from '../shape.ts';
import { readEntry } from './entry.ts';
import type { Entry } from './entry.ts';
import { parseProviderType, parseTypeOrName } from './provider-type.ts';

export interface Asked {
  readonly entry: Entry;
  readonly type?: string;
}

export function readAsked(reader: Reader): Asked {
  const parseType = reader.given(SETTINGS.plugins).length > 0 ? parseTypeOrName : parseProviderType;
  const [config] = reader.given(SETTINGS.providerConfig);
  const say = (problem: string): void => reader.problem(`${config?.name}: ${problem}.`);
  const entry = config === undefined ? {} : readEntry(config.text, { parseType, say });
  registerValues({ ...entry.headers, ...entry.query }, reader.secrets);
  for (const key of entry.apiKeys ?? []) reader.secrets.add(key);
  const type = reader.value({ ...SETTINGS.providerType, parse: parseType });
  if (type !== undefined && entry.type !== undefined && type !== entry.type) {
    reader.problem('PROVIDER_TYPE and the type in PROVIDER_CONFIG differ. Accepted: one of them.');
  }
  return { entry, ...present({ type: type ?? entry.type }) };
}
