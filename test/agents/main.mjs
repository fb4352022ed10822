// `make agents`: runs the tests of agents in a network of their own that has loopback only, and in a tree of processes
// that ends with them, both by bubblewrap. Where that cannot be had they run all the same: what agents do of their own
// accord is switched off, and their proxies lead nowhere.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const ALONE = [
  'bwrap',
  '--dev-bind',
  '/',
  '/',
  '--unshare-net',
  '--unshare-pid',
  '--proc',
  '/proc',
  '--die-with-parent',
];

const canBeAlone = spawnSync(ALONE[0], [...ALONE.slice(1), process.execPath, '--version']).status === 0;
if (!canBeAlone)
  console.log('No bubblewrap here: the agents are not cut off from the network, only told to keep to loopback.');

const tests = readdirSync(here).filter((name) => name.endsWith('.test.mjs'));
const [program, ...args] = (canBeAlone ? ALONE : []).concat(
  [process.execPath, '--test', '--test-reporter=./test/support/reporter.mjs'],
  process.argv.slice(2),
  tests.map((name) => relative(root, join(here, name))),
);
const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
