// The official conformance suite, all of it, in both of its versions that matter, against our engine with the suite's
// fixtures (everything/). Nothing is expected to fail; what may be skipped is a table of two rows with their reasons.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { everything } from './everything.mjs';
import { runSuite, SUITE_NODE, titleOf } from './suite-results.mjs';
import { RUNS } from './suite-runs.mjs';
import { tableInReadme, tableOf, writeTable } from './suite-table.mjs';

const major = Number(execFileSync(SUITE_NODE, ['-p', 'process.versions.node.split(".")[0]']));
const skip = major < 22 && 'the command line of the suite needs Node 22, and test/nodes could not be installed';
const rows = [];
let server;

before(async () => {
  if (!skip) server = await everything();
});

after(() => server?.close());

for (const run of RUNS) {
  const title = titleOf(run);
  test(`nothing fails, warns or is left out of ${title}`, { skip }, async () => {
    const { totals, problems } = await runSuite(run, server.url);
    rows.push({ title, totals });
    assert.deepEqual(problems, []);
    assert.ok(totals.scenarios > 0, 'no scenario was run');
  });
}

test('the README says what the suite says', { skip }, () => {
  const table = tableOf(rows);
  console.log(table);
  if (process.env.GOLDEN === '1') writeTable(table);
  assert.equal(tableInReadme(), table);
});
