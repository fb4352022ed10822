// Whether the packages of test/upstreams are there: what cannot be installed is skipped by its tests.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const upstreams = join(dirname(fileURLToPath(import.meta.url)), '..', 'upstreams');

/** Whether that package is there; where it is not, one line says what is skipped. */
export function installed(name) {
  const isThere = existsSync(join(upstreams, 'node_modules', name, 'package.json'));
  if (!isThere) console.log(`${name}: not tried, it is not installed in test/upstreams`);
  return isThere;
}
