// `make matrix`: the unit, property and conversation tests under every Node we support, with the binaries of
// test/nodes. Where they cannot be had (they are for Linux on x64), only the Node at hand is tried, and that is said.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const tools = ['--import', 'tsx', '--test-reporter=./test/support/reporter.mjs'];
const SUITES = [
  [...tools, 'scripts/unit-tests.mjs'],
  [...tools, '--test', 'test/conversations.test.ts'],
];

const installed = ['20', '22', '24', '26']
  .map((major) => resolve(root, `test/nodes/node_modules/node-${major}/bin/node`))
  .filter((path) => existsSync(path));
if (installed.length === 0) console.log('No other Node could be installed here: only the one at hand is tried.');

const failed = [];
for (const node of installed.length > 0 ? installed : [process.execPath]) {
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  for (const suite of SUITES) {
    console.log(`== ${version} ${suite.at(-1)}`);
    const { status } = spawnSync(node, suite, { cwd: root, stdio: 'inherit' });
    if (status !== 0) failed.push(`${version} ${suite.at(-1)}`);
  }
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join('; ')}`);
  process.exit(1);
}
