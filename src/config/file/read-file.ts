// Finds the configuration file and reads it: what it says, key by key, and a hold on its places for whoever looks at
// several keys together. Nothing here knows what the keys mean.

import { isAbsolute } from '../settings/paths.ts';
import { show } from '../reader.ts';
import type { Reader } from '../reader.ts';
import { SETTINGS } from '../settings/shape.ts';
import { FILE } from './file-keys.ts';
import type { FileEntry } from './file-keys.ts';
import { parseJsonc } from './jsonc.ts';
import { Reading } from './reading.ts';
import { sayDuplicates } from './rules.ts';

export interface FileRead {
  readonly path: string;
  readonly entry: FileEntry;
  readonly reading: Reading;
}

/** `undefined` where no file is set, or none that can be opened, which has been told then. */
export function readFile(reader: Reader): FileRead | undefined {
  const [given] = reader.given(SETTINGS.config);
  if (given === undefined) return undefined;
  const { text: path, name } = given;
  const read = isAbsolute(path) ? reader.readText(path) : { problem: 'is not an absolute path' };
  if ('problem' in read) {
    reader.problem(`${name}=${show(path)} ${read.problem}. Accepted: ${SETTINGS.config.accepts}.`);
    return undefined;
  }
  const folder = path.replace(/[\\/][^\\/]*$/, '');
  const reading = new Reading({ text: read.value, name: path, folder }, reader);
  return { path, reading, entry: entryIn(read.value, reading) ?? {} };
}

function entryIn(text: string, reading: Reading): FileEntry | undefined {
  const root = parseJsonc(text);
  const whole = { at: root.at, path: '' };
  if ('problem' in root || root.kind !== 'object') {
    reading.say(whole, 'problem' in root ? root.problem : 'the file is no object, {…}');
    return undefined;
  }
  sayDuplicates(root, '', reading);
  return FILE.read(root, whole, reading);
}
