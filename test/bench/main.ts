// `make bench`: measures the built bundle against Node itself, the least code that does the job, and the
// official SDK, and prints the ratios beside the floors and goals they are held to. Never a gate: it ends
// with 0 whatever it finds, and with 2 only when it could not begin.
//
//   node test/bench/run.mjs [--rounds 7] [--only start,calls,streaming,requests,routing,configuration,gateway,http,sessions,memory]
//                           [--node PATH] [--bundle FILE] [--json FILE]

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { report } from './report.ts';
import type { Bench } from './rounds.ts';
import { ROWS } from './rows.ts';
import { calls } from './stages/calls.ts';
import { coldStart } from './stages/cold-start.ts';
import { configuration } from './stages/configuration.ts';
import { gateway } from './stages/gateway.ts';
import { http } from './stages/http.ts';
import { memory } from './stages/memory.ts';
import { requests } from './stages/requests.ts';
import { routing } from './stages/routing.ts';
import { sessions } from './stages/sessions.ts';
import { streaming } from './stages/streaming.ts';
import { Samples } from './stats.ts';
import { makeSubjects } from './subjects.ts';
import { startUpstream } from './upstream.ts';

type Stage = (bench: Bench) => Promise<void>;

const STAGES: Readonly<Record<string, Stage>> = {
  start: coldStart,
  calls,
  streaming,
  requests,
  routing,
  configuration,
  gateway,
  http,
  sessions,
  memory,
};
const TELL_EVERY_MS = 10_000;

interface Options {
  readonly rounds: number;
  readonly stages: readonly (readonly [string, Stage])[];
  /** The Node that runs the servers. */
  readonly node: string;
  readonly bundle: string | undefined;
  readonly json: string | undefined;
}

function options(): Options {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      only: { type: 'string', default: Object.keys(STAGES).join(',') },
      node: { type: 'string', default: process.execPath },
      bundle: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds wants a whole number, not ${values.rounds}.`);
  const stages = values.only.split(',').map((name): [string, Stage] => {
    const stage = STAGES[name];
    if (stage === undefined) throw new Error(`--only knows ${Object.keys(STAGES).join(', ')}; not ${name}.`);
    return [name, stage];
  });
  return { rounds, stages, node: values.node, bundle: values.bundle, json: values.json };
}

/** On a terminal one line that changes; elsewhere a line now and then. */
function teller(): (text: string) => void {
  let toldAt = -TELL_EVERY_MS;
  return (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
    else if (text !== '' && performance.now() - toldAt > TELL_EVERY_MS) {
      toldAt = performance.now();
      process.stderr.write(`${text}\n`);
    }
  };
}

async function measure({ rounds, stages, node, bundle, json }: Options, scratch: string): Promise<void> {
  const version = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim();
  const subjects = await makeSubjects({ node, bundle, scratch });
  const upstream = await startUpstream();
  const samples = new Samples();
  const failures: string[] = [];
  const bench: Bench = { subjects, upstream, rounds, samples, failures, tell: teller() };
  for (const [name, stage] of stages) {
    await stage(bench).catch((error: unknown) => failures.push(`${name}: ${String(error)}`));
  }
  bench.tell('');
  await upstream.stop();

  const place = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${process.platform}-${process.arch}`;
  console.log(report(ROWS, samples, Number.parseInt(version, 10)));
  console.log(`\n${place}; servers on Node ${version}, client and upstream on ${process.version}.`);
  console.log(
    `Medians of ${rounds} rounds (${rounds * 3} of start, fewer of what is slow); ratio = ours / other within a round.`,
  );
  console.log(
    'Calls are counted after 2,000 that warm up; a process that has just started takes several times the CPU for each.',
  );
  console.log(
    'Calls are like for like unless "as shipped" is said, where ours asks the upstream for a stream, the others not.',
  );
  if (subjects.sdk === undefined) console.log('The SDK is not installed: npm ci in test/peers fills its rows.');
  for (const failure of failures) console.log(`FAILED ${failure}`);
  if (json !== undefined) {
    writeFileSync(json, `${JSON.stringify({ version, measured: samples.entries(), failures }, null, 1)}\n`);
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'anymodel-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
try {
  await measure(options(), scratch);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
process.exit();
