// `make canary`: secrets in every place a secret can stand, used and repeated by an upstream in every writing and in every
// corner of an answer, at every log level; and a search for them in every byte of stdout and stderr. Ends with 0 only
// when none was found, each had been sent, a public one was found in every writing, and the secrets themselves in what
// the same program says when it scrubs nothing. `--only NAME` runs one scenario;
// `--seed N` draws which writings the quieter levels are tried with (all of them at `debug`).

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { root } from '../support/root.ts';
import { seeded } from '../support/property.ts';
import { runCommands } from './commands.ts';
import { firstOf, found, WRITINGS } from './canaries.ts';
import type { Canary } from './canaries.ts';
import { CHAT_ECHOES, EMBED_ECHOES, LIST_ECHOES } from './echoes.ts';
import { order, Parrot } from './parrot.ts';
import { SCENARIOS } from './scenarios.ts';
import type { Scenario } from './scenarios.ts';
import { Session } from './session.ts';
import { runWalls } from './walls.ts';

/** A secret that was found, what was asked for then, and how often that was so. */
interface Finding {
  readonly canary: Canary;
  readonly what: string;
  readonly where: string;
  readonly text: string;
  times: number;
}

/** What a search in an output has told of one canary. */
interface Line {
  sent: number;
  bytes: number;
  found: number;
}

const { values } = parseArgs({ options: { only: { type: 'string' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const draw = seeded(seed);
console.log(`canary: seed ${seed}`);
const scenarios = SCENARIOS.filter(({ name }) => values.only === undefined || values.only === name);
const lines = new Map<Canary, Line>();
const findings = new Map<string, Finding>();

interface Asked {
  readonly what: string;
  /** The run and the model. */
  readonly where: string;
}

function search(canaries: readonly Canary[], { what, where }: Asked, output: string): void {
  for (const one of canaries) {
    const line = lines.get(one) ?? { sent: 0, bytes: 0, found: 0 };
    lines.set(one, line);
    line.bytes += output.length;
    const count = found(one, output);
    line.found += count;
    if (count === 0) continue;
    const key = `${one.place}: ${what}`;
    const finding = findings.get(key) ?? { canary: one, what, where, text: output, times: 0 };
    finding.times++;
    findings.set(key, finding);
  }
}

const MEANT = { MAX_RETRIES: '0', TIMEOUT: '5', TOOLS: 'all' };
const MOST_TOLD = 100;
const QUIET_WRITINGS = 2;
const TOOLS = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];

function writingsFor(level: string, client: string): readonly string[] {
  const all = Object.keys(WRITINGS);
  if (level === 'debug' && client === 'pooled') return all;
  return Array.from({ length: QUIET_WRITINGS }, () => all[Math.floor(draw() * all.length)] ?? 'plain');
}

async function run(scenario: Scenario, level: string, client: string): Promise<void> {
  const { canaries, models, name } = scenario;
  const parrot = await Parrot.listen(canaries);
  const session = new Session({
    ...MEANT,
    LOG_LEVEL: level,
    UPSTREAM_CLIENT: client,
    ...scenario.env(parrot.address, scratch),
  });
  const where = `${name}, ${level}, ${client}`;
  const call = async (
    tool: string,
    args: { readonly model?: string; readonly [name: string]: unknown },
    what: string,
  ): Promise<void> => {
    const params = { name: tool, arguments: args, _meta: { progressToken: 1 } };
    const asked = { what: `${tool}, ${what}`, where: `${where}, ${args.model ?? ''}` };
    search(canaries, asked, await session.ask('tools/call', params));
  };
  await session.begin();
  for (const writing of writingsFor(level, client)) {
    for (const model of models) {
      for (const echo of Object.keys(CHAT_ECHOES)) {
        const prompt = order(echo, writing);
        await call('chat', { prompt, model, detail: 'full', tools: TOOLS }, `${echo}, ${writing}`);
      }
      await call('generate', { prompt: order('an answer', writing), model }, `an answer, ${writing}`);
      for (const echo of Object.keys(EMBED_ECHOES))
        await call('embed', { input: [order(echo, writing)], model }, `${echo}, ${writing}`);
    }
    for (const echo of Object.keys(LIST_ECHOES)) {
      parrot.standing = order(echo, writing);
      await call('list_models', { refresh: true, detail: 'full' }, `${echo}, ${writing}`);
      search(canaries, { what: `models/list, ${echo}, ${writing}`, where }, await session.ask('models/list', {}));
    }
  }
  search(canaries, { what: 'stderr', where }, await session.end());
  for (const [one, count] of parrot.seen) wasSent(one, count);
  await parrot.close();
}

function wasSent(one: Canary, count: number): void {
  const line = lines.get(one);
  if (line !== undefined) line.sent += count;
}

/** Which secrets are not found in what a program says that scrubs nothing. */
async function unseenInLeaks(): Promise<readonly Canary[]> {
  const file = join(scratch, 'leaky.cjs');
  const options = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'warning' } as const;
  await build({ absWorkingDir: root, entryPoints: ['test/canary/leaky-main.ts'], outfile: file, ...options });
  const seen = new Set<Canary>();
  const leaking = scenarios.filter((scenario) => scenario.isPublic === undefined);
  for (const { canaries, env, models } of leaking) {
    const parrot = await Parrot.listen(canaries);
    const session = new Session({ ...MEANT, LOG_LEVEL: 'debug', ...env(parrot.address, scratch) }, file);
    await session.begin();
    let said = '';
    // Twice, for a provider with two keys.
    for (const model of [...models, ...models]) {
      const args = { prompt: order('the message of a 400', 'plain'), model };
      said += await session.ask('tools/call', { name: 'generate', arguments: args });
    }
    said += await session.end();
    for (const one of canaries) if (found(one, said) > 0) seen.add(one);
    await parrot.close();
  }
  return leaking.flatMap(({ canaries }) => canaries).filter((one) => !seen.has(one));
}

function isPublic(one: Canary): boolean {
  return SCENARIOS.some((scenario) => scenario.isPublic && scenario.canaries.includes(one));
}

function report(): void {
  const rows = [...lines].map(([{ place }, { sent, bytes, found: count }]) => {
    return [place, String(sent), bytes.toLocaleString('en-US'), String(count)];
  });
  const table = [['where the secret stands', 'sent upstream', 'bytes searched', 'found'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0)));
  for (const cells of table) {
    console.log(
      cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    );
  }
  const leaking = [...findings.values()].filter((finding) => !isPublic(finding.canary));
  for (const { canary: one, what, where, text, times } of leaking.slice(0, MOST_TOLD)) {
    const context = JSON.stringify(text.slice(Math.max(0, firstOf(one, text) - 120)).slice(0, 220));
    console.log(`FOUND ${one.place}: ${what} (${times} times, first in ${where}): ${context}`);
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'canary-'));
let failed = '';
let hidden: readonly Canary[] = [];
try {
  for (const scenario of scenarios) {
    for (const level of ['debug', 'info', 'warn', 'error']) await run(scenario, level, 'pooled');
    await run(scenario, 'debug', 'fetch');
    console.log(`canary: ${scenario.name} searched`);
  }
  if (values.only === undefined) await runCommands(scratch, search);
  if (values.only === undefined) await runWalls(scratch, { search, wasSent });
  hidden = await unseenInLeaks();
} catch (thrown) {
  failed = String(thrown);
} finally {
  rmSync(scratch, { recursive: true });
}
report();
// A secret that never reached the upstream was not put to the test.
const idle = [...lines].filter(([{ place }, { sent }]) => sent === 0 && !place.startsWith('settings'));
for (const [{ place }] of idle) console.log(`UNUSED ${place}`);
if (failed !== '') console.log(`FAILED ${failed}`);
// So does a search that finds nothing where something is.
const shown = [...findings.values()].filter((finding) => isPublic(finding.canary)).map(({ what }) => what);
const unseen = scenarios.some((scenario) => scenario.isPublic)
  ? Object.keys(WRITINGS).filter((writing) => !shown.some((what) => what.endsWith(`, ${writing}`)))
  : [];
for (const writing of unseen) console.log(`BLIND: what is public was not found, written ${writing}`);
for (const { place } of hidden) console.log(`BLIND: ${place} was not found where nothing is scrubbed`);
const leaks = findings.size - shown.length;
const problems = leaks + unseen.length + hidden.length + idle.length + (failed === '' ? 0 : 1);
console.log(`${shown.length} kinds of output hold what is public, as they should`);
console.log(`${leaks} kinds of output hold a secret`);
process.exit(problems === 0 ? 0 : 1);
