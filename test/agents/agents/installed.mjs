// Where the programs of agents are: those made for one platform lie in a package of that platform's, the others are run by
// a Node that is new enough for them.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node } from '../../peers/peers.mjs';

const modules = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules');
const OLDEST = 22;

/** The command line of a program made for this platform; undefined where there is none. */
export function native(prefix, path) {
  const program = join(modules, `${prefix}-${process.platform}-${process.arch}`, path);
  return existsSync(program) ? [program] : undefined;
}

/** The command line of a program in JavaScript; undefined where it is not installed, or no Node here is new enough. */
export function script(path) {
  const program = join(modules, path);
  const runner = node(24);
  const isNew = runner !== process.execPath || Number(process.versions.node.split('.')[0]) >= OLDEST;
  return existsSync(program) && isNew ? [runner, program] : undefined;
}

/** Writes a file of an agent's configuration, as JSON where it is no text; answers where. */
export function configured(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
  return path;
}
