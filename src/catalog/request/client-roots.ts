// The folders that a client works in and whose files it may therefore name, where it runs on this machine and says them:
// what it could read itself. A client elsewhere would name folders of its own machine, and be given ours.
// Follows MCP client/roots.

import { Fault } from '../../core/fault.ts';
import { isObject } from '../../core/json.ts';
import type { ToolContext } from '../tool.ts';

/** More than any client has. */
const MOST_ROOTS = 100;

/** Absolute paths, not resolved; none where they are not said. */
export async function clientRoots({ isLocal, asking, log }: Asking): Promise<readonly string[]> {
  if (isLocal !== true || asking?.can('roots/list') !== true) return [];
  try {
    const { roots } = await asking.ask({ roots: { method: 'roots/list', params: {} } });
    const { roots: said } = roots ?? {};
    return Array.isArray(said) ? said.slice(0, MOST_ROOTS).flatMap((root) => pathOf(root)) : [];
  } catch (thrown) {
    // Anything else is how the question travels.
    if (!(thrown instanceof Fault) || thrown.kind === 'cancelled') throw thrown;
    log.debug('the client did not say its roots', { code: thrown.kind });
    return [];
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
