// What this room reads from the disk: the configuration and certificates, once; whether folders are there; and secrets that are kept in files, as
// Docker and Kubernetes hand them out. A changed secret is noticed by its stat, which costs a few microseconds, so a
// rotated key is used at the next call without watching anything. (Watching is watch.ts.)

import { builtin } from '../core/builtin.ts';
import { isObject } from '../core/json.ts';
import type { Parsed } from './parse.ts';
import { isAbsolute } from './paths.ts';
import type { SecretFile } from './reader.ts';

/** More than this is not a key, and may be a device without an end. */
const MOST_BYTES = 1024 ** 2;

/** More than this is not a configuration of people, not even of ten thousand targets. */
const MOST_TEXT_BYTES = 4 * 1024 ** 2;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a directory',
};

/** Opens the file at an absolute path; the problem is a clause that can follow the path. */
export function openSecretFile(path: string): Parsed<SecretFile> {
  let last: { readonly mark: string; readonly text: string };
  try {
    last = load(path);
  } catch (thrown) {
    return { problem: reason(thrown) };
  }
  if (last.text === '') return { problem: 'is empty' };
  return {
    value: {
      read(fresh = false) {
        try {
          if (fresh || markOf(path) !== last.mark) last = load(path);
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
    markOf(path, MOST_TEXT_BYTES);
    return { value: builtin('node:fs').readFileSync(path, 'utf8') };
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

function load(path: string): { readonly mark: string; readonly text: string } {
  // The mark is taken first: a change between the two lines is then seen by the next look.
  const mark = markOf(path);
  return {
    mark,
    text: builtin('node:fs')
      .readFileSync(path, 'utf8')
      .replace(/[\r\n]+$/, ''),
  };
}

/** Follows symbolic links, so that a Kubernetes secret swapped by its link is a change too. */
function markOf(path: string, mostBytes: number = MOST_BYTES): string {
  const stat = builtin('node:fs').statSync(path);
  if (stat.size > mostBytes) throw new TooLarge();
  return `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
}

class TooLarge extends Error {}

function reason(thrown: unknown, tooLarge = 'is too large to be a secret'): string {
  if (thrown instanceof TooLarge) return tooLarge;
  const code = isObject(thrown) && typeof thrown['code'] === 'string' ? thrown['code'] : '';
  return REASONS[code] ?? 'cannot be read';
}
