// The target of a request -> a path that means one thing, and the query. Pure. What another server on the way could
// read in another way is refused and not mended: dot segments, backslashes, control characters. An encoded slash is
// reported: it belongs to a name or to nothing, and only whoever serves the path knows.
// RFC 9112, 3.2; RFC 3986, 3.3 and 6.2.2.3.

import { present } from '../../core/json.ts';

export interface Target {
  /** Percent-decoded, without a slash at its end; `*` for a question about the whole server. */
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  /** The path before its first encoded slash; absent: it has none. */
  readonly literal?: string;
  /** The host and port of a target in absolute form, which count instead of the Host header. */
  readonly authority?: string;
}

/** Nothing in it to decode, to cut off or to refuse: nearly every target there is. */
const PLAIN = /^(?:\/[\w~-][\w.~-]*)+$/;
const ABSOLUTE = /^https?:\/\/([\w.:[\]-]+)(\/[^?#]*)?(\?[^#]*)?$/i;
const ORIGIN = /^(\/[^?#]*)(\?[^#]*)?$/;
/** Bytes that no target has in it unencoded. */
const ODD = /[^\x21-\x7e]|[\\<>"^`{|}]/;

/** Nothing for a target that is refused. */
export function readTarget(raw: string): Target | undefined {
  if (PLAIN.test(raw)) return { path: raw, query: '' };
  if (raw === '*') return { path: '*', query: '' };
  if (ODD.test(raw)) return undefined;
  const [, authority, absolutePath = '/', absoluteQuery = ''] = ABSOLUTE.exec(raw) ?? [];
  const [, originPath, originQuery = ''] = ORIGIN.exec(raw) ?? [];
  if (authority === undefined && originPath === undefined) return undefined;
  const written = originPath ?? absolutePath;
  const path = decodedPath(written);
  if (path === undefined) return undefined;
  const query = (originPath === undefined ? absoluteQuery : originQuery).slice(1);
  const slash = written.search(/%2f/i);
  return { path, query, ...present({ authority, literal: slash < 0 ? undefined : written.slice(0, slash) }) };
}

function decodedPath(path: string): string | undefined {
  if (/%5c/i.test(path)) return undefined;
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\0-\x1f\x7f]/.test(decoded)) return undefined;
  if (/\/\.\.?(?:\/|$)/.test(decoded)) return undefined;
  return decoded.length > 1 && decoded.endsWith('/') ? decoded.slice(0, -1) : decoded;
}
