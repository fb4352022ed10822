// The folders that a client works in and whose files it may therefore name, where it runs on this machine and says them:
// what it could read itself. A client elsewhere would name folders of its own machine, and be given ours.
// Follows MCP client/roots.

import { Fault } from '../../core/fault.ts';
import { isObject } from '../../core/json.ts';
import type { ToolContext } from '../tool.ts';

/** More than any client has. */
const MOST_ROOTS = 100;

export interface ClientFolders {
  /** Absolute paths, not resolved. */
  readonly folders: readonly string[];
  /** There where the client was asked and there are none. */
  readonly none?: NoFolders;
}

/** What is told of a file that might be in a folder of the client. */
export interface NoFolders {
  /** A clause that can follow "and". */
  readonly why: string;
  readonly next: string;
  /** The client did answer: where files may be read from other folders, there is nothing to tell. */
  readonly isAnswer: boolean;
}

const NO_FOLDER: NoFolders = {
  why: "none of the client's roots is a folder",
  next: "Add the folder of the file to the client's roots, or to ALLOWED_ROOTS.",
  isAnswer: true,
};
const LATE: NoFolders = {
  why: 'the client did not answer in time when it was asked for its roots',
  next: 'Call again when the client has answered roots/list, or add the folder of the file to ALLOWED_ROOTS.',
  isAnswer: false,
};
const REFUSED: NoFolders = {
  why: 'the client did not say its roots when it was asked',
  next: 'See why the client fails roots/list, or add the folder of the file to ALLOWED_ROOTS.',
  isAnswer: false,
};

export const NOT_ASKED: ClientFolders = { folders: [] };

export async function clientRoots({ isLocal, asking, log }: Asking): Promise<ClientFolders> {
  if (isLocal !== true || asking?.can('roots/list') !== true) return NOT_ASKED;
  try {
    const { roots } = await asking.ask({ roots: { method: 'roots/list', params: {} } });
    const { roots: said } = roots ?? {};
    const folders = Array.isArray(said) ? said.slice(0, MOST_ROOTS).flatMap((root) => pathOf(root)) : [];
    return folders.length === 0 ? { folders, none: NO_FOLDER } : { folders };
  } catch (thrown) {
    // Anything else is how the question travels.
    if (!(thrown instanceof Fault) || thrown.kind === 'cancelled') throw thrown;
    log.debug('the client did not say its roots', { code: thrown.kind });
    return { folders: [], none: thrown.kind === 'TIMEOUT' ? LATE : REFUSED };
  }
}

export type Asking = Pick<ToolContext, 'isLocal' | 'asking' | 'log'>;

function pathOf(root: unknown): readonly string[] {
  const uri = isObject(root) ? root['uri'] : undefined;
  if (typeof uri !== 'string' || !/^file:\/\/\/./i.test(uri)) return [];
  try {
    const path = decodeURIComponent(new URL(uri).pathname).replace(/^\/(?=[a-z]:)/i, '');
    const isPlain = !path.includes('\0') && !path.split(/[\\/]/).includes('..');
    return isPlain ? [path.startsWith('/') ? path : path.replaceAll('/', '\\')] : [];
  } catch {
    return [];
  }
}
