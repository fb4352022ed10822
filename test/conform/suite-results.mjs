// Runs the official suite against a server, and reads what it wrote: not its exit code, which knows neither warnings nor
// what was skipped, but every check of every scenario.

import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { node } from '../peers/peers.mjs';
import { EXCUSED } from './suite-runs.mjs';

const packages = join(dirname(fileURLToPath(import.meta.url)), '..', 'peers', 'node_modules');

/** Its command line uses what Node 20 does not have. */
export const SUITE_NODE = node(22);

/** How a run is called in the table. */
export function titleOf({ suite, args }) {
  return `${suite.name} \`${args.join(' ')}\``;
}

/** The totals of one run, and its problems as sentences. */
export async function runSuite(run, url) {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    const main = join(packages, run.suite.package, 'dist', 'index.js');
    const ended = await ending([main, 'server', '--url', url, ...run.args, '-o', folder]);
    const scenarios = scenariosIn(folder);
    const totals = totalsOf(scenarios);
    const problems = scenarios.flatMap(problemsOf);
    if (ended !== undefined) problems.push(`the suite ended with ${ended}`);
    return { totals, problems };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function ending(args) {
  try {
    await promisify(execFile)(SUITE_NODE, args, { timeout: 300_000, maxBuffer: 64 * 1024 * 1024 });
    return undefined;
  } catch ({ code, signal, stderr }) {
    return `${code ?? signal}: ${String(stderr).slice(-500)}`;
  }
}

/** A folder for each, named after it and the time. */
function scenariosIn(folder) {
  return readdirSync(folder).map((name) => ({
    name: name.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, ''),
    checks: JSON.parse(readFileSync(join(folder, name, 'checks.json'), 'utf8')),
  }));
}

function totalsOf(scenarios) {
  const checks = scenarios.flatMap((scenario) => scenario.checks);
  const count = (status) => checks.filter((check) => check.status === status).length;
  return {
    scenarios: scenarios.length,
    passed: count('SUCCESS'),
    failed: count('FAILURE'),
    warnings: count('WARNING'),
    skipped: count('SKIPPED'),
  };
}

/** What failed, only warns or was left out without an excuse; and a scenario in which nothing was looked at. */
function problemsOf({ name, checks }) {
  const bad = checks.filter(({ status, id }) => !['SUCCESS', 'INFO'].includes(status) && !isExcused(status, id));
  const problems = bad.map(({ id, status, errorMessage }) => `${name}: ${id}: ${status}: ${errorMessage ?? ''}`);
  const isVoid = checks.every(({ status, id }) => status !== 'SUCCESS' && !isExcused(status, id));
  return isVoid && problems.length === 0 ? [`${name}: nothing of it was tried`] : problems;
}

function isExcused(status, id) {
  return status === 'SKIPPED' && EXCUSED.some(({ checks }) => checks.test(id));
}
