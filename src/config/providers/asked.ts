// What a person says of the main provider besides its family's variables: PROVIDER_CONFIG and PROVIDER_TYPE.

import { present } from '../../core/json.ts';
import { parseJsonc } from '../file/jsonc.ts';
import { PROVIDER_CONFIG } from '../file/provider-keys.ts';
import type { ProviderEntry } from '../file/provider-keys.ts';
import { Reading } from '../file/reading.ts';
import { sayDuplicates } from '../file/rules.ts';
import type { Parse } from '../settings/parse.ts';
import type { Given, Reader } from '../reader.ts';
import { SETTINGS } from '../settings/shape.ts';
import { entryOf } from './entry.ts';
import type { Entry } from './entry.ts';

const WHOLE = { at: 0, path: '' };

export interface Asked {
  readonly entry: Entry;
  readonly type?: string;
}

export function readAsked(reader: Reader, parseType: Parse<string>): Asked {
  const [config] = reader.given(SETTINGS.providerConfig);
  const entry = config === undefined ? {} : readEntry(config, reader, parseType);
  const type = reader.value({ ...SETTINGS.providerType, parse: parseType });
  if (type !== undefined && entry.type !== undefined && type !== entry.type) {
    reader.problem('PROVIDER_TYPE and the type in PROVIDER_CONFIG differ. Accepted: one of them.');
  }
  return { entry, ...present({ type: type ?? entry.type }) };
}

function readEntry({ name, text }: Given, reader: Reader, parseType: Parse<string>): Entry {
  const reading = new Reading({ name, text }, reader);
  const said = readObject(text, reading) ?? {};
  const entry = entryOf(said, { spot: WHOLE, reading, parseType });
  reading.tell();
  return entry;
}

function readObject(text: string, reading: Reading): ProviderEntry | undefined {
  const root = parseJsonc(text);
  if ('problem' in root) {
    reading.say(WHOLE, `is not valid JSON (mind the quotes of the shell): character ${root.at + 1}, ${root.problem}`);
    return undefined;
  }
  if (root.kind !== 'object') {
    reading.say(WHOLE, 'is not a JSON object');
    return undefined;
  }
  sayDuplicates(root, '', reading);
  return PROVIDER_CONFIG.read(root, WHOLE, reading);
}
