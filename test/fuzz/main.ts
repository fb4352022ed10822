// `make fuzz`: random and broken lines through the running bundle. It must not crash, write nothing but messages
// to stdout, and answer every request that has an id exactly once. `--lines N`, `--seed N`.

import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { bundle, startNode } from '../support/bundle.ts';
import { eachLine } from '../support/lines.ts';
import { seeded } from '../support/property.ts';
import { Ledger } from './ledger.ts';
import { lineAt } from './lines.ts';

const { values } = parseArgs({ options: { lines: { type: 'string' }, seed: { type: 'string' } } });
const count = Number(values.lines ?? 20_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
/** Lines written at once. */
const BATCH = 500;
/** Answers waited for before more is asked: one who asks and does not read is, rightly, let go. */
const MOST_OPEN = 2000;
const LAST_ID = 'the last one';

function fail(why: string): never {
  console.error(`fuzz: ${why}\nTo see it again: make fuzz FUZZ_SEED=${seed} FUZZ_LINES=${count}`);
  child.kill('SIGKILL');
  process.exit(1);
}

console.log(`fuzz: ${count} lines, seed ${seed}`);
const began = performance.now();
const draw = seeded(seed);
const ledger = new Ledger();
const child = startNode([bundle], { PROVIDER_TYPE: 'mock', LOG_LEVEL: 'error' });
const { stdin, stdout, stderr } = child;
if (stdin === null || stdout === null || stderr === null) throw new Error('the program was started without pipes');

let complaints = '';
stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
const exited = once(child, 'close');
let reachedEnd = (): void => {};
const ended = new Promise<void>((resolve) => (reachedEnd = resolve));
eachLine(stdout, (line) => {
  if (line.includes(LAST_ID)) reachedEnd();
  const problem = ledger.heard(line);
  if (problem !== undefined) fail(problem);
});
stdin.on('error', () => {});
// An end before its time; the one in order comes after this is taken off.
const early = (code: number | null, signal: string | null): never =>
  fail(`the program ended early with ${code ?? signal}; it said:\n${complaints.slice(-3000)}`);
child.once('close', early);

async function send(lines: readonly Buffer[]): Promise<void> {
  for (const line of lines) ledger.sent(line);
  const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  // A pipe that breaks is the program ending, which is told by itself.
  if (!stdin?.write(bytes)) await once(stdin ?? child, 'drain').catch(() => exited);
}

for (let n = 0; n < count; n += BATCH) {
  while (ledger.size > MOST_OPEN) await once(stdout, 'data');
  await send(Array.from({ length: Math.min(BATCH, count - n) }, (_, i) => lineAt(n + i, draw)));
}
const last = { jsonrpc: '2.0', id: LAST_ID, method: 'server/discover', params: {} };
await send([Buffer.from(JSON.stringify(last))]);

const patience = setTimeout(
  () => fail(`no answer for ${ledger.open.length}: ${ledger.open.slice(0, 10).join(' ')}`),
  60_000,
);
await ended;
while (ledger.size > 0) await once(stdout, 'data');
child.off('close', early);
stdin.end();
const [code] = await exited;
clearTimeout(patience);
if (code !== 0) fail(`the program ended with ${code}; it said:\n${complaints.slice(-3000)}`);
if (complaints !== '') fail(`the program complained:\n${complaints.slice(0, 3000)}`);
console.log(
  `fuzz: ${ledger.answers} answers in ${((performance.now() - began) / 1000).toFixed(1)} s\n1 passed, 0 failed`,
);
