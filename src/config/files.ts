// The only file of this room that touches the disk: secrets that are kept in files, as Docker and Kubernetes
// hand them out. A changed file is noticed by its stat, which costs a few microseconds, so a rotated key is
// used at the next call without watching anything.

import { builtin } from '../core/builtin.ts';
import { isObject } from '../core/json.ts';
import type { Parsed } from './parse.ts';
import type { SecretFile } from './reader.ts';

/** More than this is not a key, and may be a device without an end. */
const MOST_BYTES = 1024 ** 2;

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
function markOf(path: string): string {
  const stat = builtin('node:fs').statSync(path);
  if (stat.size > MOST_BYTES) throw new TooLarge();
  return `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
}

class TooLarge extends Error {}

function reason(thrown: unknown): string {
  if (thrown instanceof TooLarge) return 'is too large to be a secret';
  const code = isObject(thrown) && typeof thrown['code'] === 'string' ? thrown['code'] : '';
  return REASONS[code] ?? 'cannot be read';
}
