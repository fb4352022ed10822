// Images from the disk: the only file of this room that touches it, and only inside the folders the operator
// allowed (ALLOWED_ROOTS). A path that is not written as lying in one of them is refused before the disk is asked,
// and one that leads out of them is refused in the same words, so nothing is learnt about files elsewhere.
// What is opened is a plain file, never a pipe or a device; where it lies is checked once more when it is open.

import { builtin } from '../core/builtin.ts';
import { imageTypeOf } from '../core/image-kind.ts';

/** The image as a data URL; or what is wrong with the path, as a clause that can follow "names". */
export type ImageFile = { readonly url: string; readonly bytes: number } | { readonly problem: string };

const MOST_BYTES = 20 * 1024 ** 2;

const NONE_ALLOWED: ImageFile = { problem: 'a file, and this server may read none: ALLOWED_ROOTS is not set' };
/** Whatever is the reason, as long as it could be a fact about a place that is not allowed. */
const NOT_THERE: ImageFile = { problem: 'no file in the folders of ALLOWED_ROOTS' };

/** Reads the image at an absolute path or a `file:` URL; `room` is how many bytes of it there may be at most. */
export async function readImageFile(
  reference: string,
  roots: readonly string[],
  room: number = MOST_BYTES,
): Promise<ImageFile> {
  if (roots.length === 0) return NONE_ALLOWED;
  try {
    const { realpath, lstat, open } = builtin('node:fs').promises;
    const folders = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
    const path = pathOf(reference);
    if (path === undefined || ![...roots, ...folders].some((folder) => isIn(folder, path))) return NOT_THERE;
    const real = await realpath(path);
    if (!folders.some((folder) => isIn(folder, real))) return NOT_THERE;
    // Before it is opened: opening alone makes some devices act.
    if (!(await lstat(real)).isFile()) return { problem: 'something other than a plain file' };
    const handle = await open(real, flags());
    try {
      return (await isStillIn(folders, handle.fd, real)) ? await load(handle, room) : NOT_THERE;
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
  const separator = folder.startsWith('/') ? '/' : '\\';
  return path.startsWith(folder.endsWith(separator) ? folder : folder + separator);
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

async function load(handle: Handle, room: number): Promise<ImageFile> {
  const found = await handle.stat();
  if (!found.isFile()) return { problem: 'something other than a plain file' };
  if (found.size > MOST_BYTES) return { problem: `a file of more than ${MOST_BYTES / 1024 ** 2} MB` };
  if (found.size > room) return { problem: 'one file too many: together they are too large for one call' };
  const bytes = Buffer.alloc(found.size);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  const image = bytes.subarray(0, filled);
  const type = imageTypeOf(image);
  if (type === undefined) return { problem: 'a file that is no PNG, JPEG, GIF or WebP image' };
  return { url: `data:${type};base64,${image.toString('base64')}`, bytes: filled };
}
