// What this room does with the disk. It reads the configuration and certificates, once; whether folders are there; and secrets that are kept in files, as
// Docker and Kubernetes hand them out. A changed secret is noticed by its stat, which costs a few microseconds, so a
// rotated key is used at the next call without watching anything. (Watching is watch.ts.)

import type { Stats } from 'node:fs';
import { builtin } from '../core/builtin.ts';
import { isObject } from '../core/json.ts';
import type { Parsed } from './settings/parse.ts';
import { isAbsolute } from './settings/paths.ts';
import type { SecretFile } from './reader.ts';

/** More than this is not a key, and may be a device without an end. */
const MOST_BYTES = 1024 ** 2;

/** More than this is not a configuration of people, not even of ten thousand targets. */
const MOST_TEXT_BYTES = 4 * 1024 ** 2;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  // A socket.
  ENXIO: 'is a pipe or a device, and no plain file',
};

interface Loaded {
  readonly mark: string;
  readonly text: string;
}

/** Opens the file at an absolute path; the problem is a clause that can follow the path. */
export function openSecretFile(path: string): Parsed<SecretFile> {
  let last: Loaded;
  try {
    last = secretIn(path);
  } catch (thrown) {
    return { problem: reason(thrown) };
  }
  if (last.text === '') return { problem: 'is empty' };
  return {
    value: {
      read(fresh = false) {
        try {
          if (fresh || markOf(path) !== last.mark) last = secretIn(path);
        } catch {
          // Being replaced, or gone: what was read last still stands.
        }
        return last.text;
      },
    },
  };
}

/** The text of a file, whole. */
export function readTextFile(path: string): Parsed<string> {
  try {
    return { value: load(path, MOST_TEXT_BYTES).text };
  } catch (thrown) {
    return { problem: reason(thrown, 'is larger than 4 MB') };
  }
}

/** Whether a folder is there that this user may look into. */
export function isFolder(path: string): boolean {
  const { accessSync, constants, statSync } = builtin('node:fs');
  try {
    accessSync(path, constants.R_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A path as a person at a shell gives it, made absolute. */
export function absolutePath(path: string): string {
  return isAbsolute(path) ? path : `${builtin('node:fs').realpathSync('.')}/${path}`;
}

/**
 * Writes a file that only its owner may read, whole or not at all, in place of what has the name. `name` makes that of
 * the file in between. Gives why it could not, as a clause that can follow the path.
 */
export function writePrivateFile(path: string, text: string, name: string): string | undefined {
  const fs = builtin('node:fs');
  const draft = `${path}.${name}`;
  try {
    fs.writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
    fs.renameSync(draft, path);
    return undefined;
  } catch (thrown) {
    fs.rmSync(draft, { force: true });
    const code = isObject(thrown) ? thrown['code'] : undefined;
    return code === 'ENOENT' ? 'is in a folder that does not exist' : 'cannot be written by this user';
  }
}

function secretIn(path: string): Loaded {
  const { mark, text } = load(path, MOST_BYTES);
  return { mark, text: text.replace(/[\r\n]+$/, '') };
}

/**
 * A plain file and nothing else: a pipe would hold up the whole program until somebody writes into it, and some
 * devices never end. The mark is taken first: a change while it is read is then seen by the next look.
 */
function load(path: string, mostBytes: number): Loaded {
  const { closeSync, constants, fstatSync, openSync, readFileSync } = builtin('node:fs');
  // Where a system has no such flag, it is undefined, which adds nothing.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (stat.isDirectory()) throw new Unfit('is a directory');
    if (!stat.isFile()) throw new Unfit('is a pipe or a device, and no plain file');
    if (stat.size > mostBytes) throw new TooLarge();
    return { mark: markFrom(stat), text: readFileSync(file, 'utf8') };
  } finally {
    closeSync(file);
  }
}

/** Follows symbolic links, so that a Kubernetes secret swapped by its link is a change too. */
function markOf(path: string): string {
  return markFrom(builtin('node:fs').statSync(path));
}

function markFrom({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}

class TooLarge extends Error {}

/** The message is a clause that can follow the path. */
class Unfit extends Error {}

function reason(thrown: unknown, tooLarge = 'is too large to be a secret'): string {
  if (thrown instanceof TooLarge) return tooLarge;
  if (thrown instanceof Unfit) return thrown.message;
  const code = isObject(thrown) && typeof thrown['code'] === 'string' ? thrown['code'] : '';
  return REASONS[code] ?? 'cannot be read';
}
