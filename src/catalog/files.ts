// Files from the disk: the only file of this room that touches it, and only inside the folders that are allowed (those of
// the operator, ALLOWED_ROOTS, and of a client on this machine). A path that is not written as lying in one of them is
// refused before the disk is asked, and one that leads out of them is refused in the same words, so nothing is learnt
// about files elsewhere. What is opened is a plain file, never a pipe or a device; where it lies is checked once more
// when it is open. What is in it is for others to tell.

import { builtin } from '../core/builtin.ts';
import type { ByteRoom } from '../providers/images/fetch-image.ts';

/** A file and what it is called below its folder, with slashes: nothing is said of the folders above. */
export interface AllowedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The file; or what is wrong with the path, as a clause that can follow "names". */
export type FoundFile = AllowedFile | NoFile;

export interface NoFile {
  readonly problem: string;
  /** It is in no folder that is allowed; it may be in one that would have to be. */
  readonly isOutside?: boolean;
}

const MB = 1024 ** 2;
const MOST_BYTES = 20 * MB;
/** All files of one call, in bytes. */
export const MOST_TOGETHER: number = 50 * MB;

const NONE_ALLOWED: FoundFile = {
  problem: 'a file, and this server may read none: ALLOWED_ROOTS is not set',
  isOutside: true,
};
/** Whatever is the reason, as long as it could be a fact about a place that is not allowed. */
const NOT_THERE: FoundFile = {
  problem: "no file in the folders of ALLOWED_ROOTS or the client's roots",
  isOutside: true,
};
const TOO_MUCH: FoundFile = { problem: 'more than there is room for' };
const NOT_PLAIN: FoundFile = { problem: 'something other than a plain file' };

/** Whether a text is a path as we take them. On Windows it begins with its drive; one without, and every relative one, could mean anything. */
export function isPath(text: string): boolean {
  return /^(?:file:|\/|[a-z]:[\\/])/i.test(text);
}

/** Reads the file at an absolute path or a `file:` URL. */
export async function readAllowedFile(reference: string, roots: readonly string[], room: ByteRoom): Promise<FoundFile> {
  if (roots.length === 0) return NONE_ALLOWED;
  try {
    const { realpath, lstat, open } = builtin('node:fs').promises;
    const folders = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
    const path = pathOf(reference);
    const name = path === undefined ? undefined : nameIn([...roots, ...folders], path);
    if (path === undefined || name === undefined) return NOT_THERE;
    const real = await realpath(path);
    if (!folders.some((folder) => isIn(folder, real))) return NOT_THERE;
    // Before it is opened: opening alone makes some devices act.
    if (!(await lstat(real)).isFile()) return NOT_PLAIN;
    const handle = await open(real, flags());
    try {
      return (await isStillIn(folders, handle.fd, real)) ? await load(name, handle, room) : NOT_THERE;
    } finally {
      await handle.close();
    }
  } catch {
    return NOT_THERE;
  }
}

/** The path, if it can be trusted to be read here as the system reads it. */
function pathOf(reference: string): string | undefined {
  let path = reference;
  if (/^file:/i.test(reference)) {
    const { hostname, pathname } = new URL(reference);
    if (hostname !== '' || /%2f|%5c/i.test(pathname)) return undefined;
    path = decodeURIComponent(pathname).replace(/^\/(?=[a-z]:)/i, '');
  }
  if (path.includes('\0') || path.split(/[\\/]/).includes('..')) return undefined;
  return path.startsWith('/') ? path : path.replaceAll('/', '\\');
}

/** Whether the absolute path is below the folder; a folder of which only the name begins alike is another one. */
function isIn(folder: string, path: string): boolean {
  return path.startsWith(withSeparator(folder));
}

function withSeparator(folder: string): string {
  const separator = separatorOf(folder);
  return folder.endsWith(separator) ? folder : folder + separator;
}

function separatorOf(path: string): string {
  return path.startsWith('/') ? '/' : '\\';
}

/** The path below the innermost of the folders that it is written as lying in; undefined: in none. */
function nameIn(folders: readonly string[], path: string): string | undefined {
  const above = folders.filter((folder) => isIn(folder, path)).map((folder) => withSeparator(folder).length);
  if (above.length === 0) return undefined;
  const steps = path.slice(Math.max(...above)).split(separatorOf(path));
  return steps.filter((step) => step !== '' && step !== '.').join('/');
}

/** No link is followed any more, and nothing that was put in the file's place is waited for. */
function flags(): number {
  // Where a system has no such flag, it is undefined, which adds nothing.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = builtin('node:fs').constants;
  return O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
}

/** A folder on the way may have been swapped for a link since: Linux knows where an open file is, others are asked the path again. */
async function isStillIn(folders: readonly string[], fd: number, path: string): Promise<boolean> {
  const { readlink, realpath } = builtin('node:fs').promises;
  const place = await readlink(`/proc/self/fd/${fd}`).catch(() => realpath(path));
  return folders.some((folder) => isIn(folder, place));
}

type Handle = Awaited<ReturnType<typeof import('node:fs').promises.open>>;

/** As many bytes as the file had when it was opened, or fewer: one that grows meanwhile is not followed. */
async function load(name: string, handle: Handle, room: ByteRoom): Promise<FoundFile> {
  const found = await handle.stat();
  if (!found.isFile()) return NOT_PLAIN;
  if (found.size > MOST_BYTES) return { problem: `a file of more than ${MOST_BYTES / MB} MB` };
  if (found.size > room.left) {
    return { problem: `one file too many: those of one call may have ${MOST_TOGETHER / MB} MB together` };
  }
  if (!room.take(found.size)) return TOO_MUCH;
  const bytes = Buffer.alloc(found.size);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return { name, bytes: bytes.subarray(0, filled) };
}
