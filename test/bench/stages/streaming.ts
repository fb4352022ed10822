// Relaying a streamed answer as progress notices: chunks a second, and how soon the first is passed on.

import type { Bench, Measures, Talker } from '../rounds.ts';
import { interleaveTalkers, isPresent } from '../rounds.ts';
import type { StdioClient } from '../stdio-client.ts';
import { median } from '../stats.ts';

const SIZE = 16;
const SHORT = 2000;
const LONG = 200_000;
const FIRST_TRIES = 5;

export async function streaming(bench: Bench): Promise<void> {
  const { ours, limit, sdk } = bench.subjects;
  const longRounds = Math.ceil(bench.rounds / 3);
  await interleaveTalkers(bench, [ours, limit, sdk].filter(isPresent), (subjects) => [
    { what: 'first progress', rounds: bench.rounds, subjects, visit: firstProgress },
    { what: `stream of ${SHORT} chunks`, rounds: bench.rounds, subjects, visit: (talker) => relay(talker, SHORT) },
    { what: `stream of ${LONG} chunks`, rounds: longRounds, subjects, visit: (talker) => relay(talker, LONG) },
  ]);
}

async function relay({ client }: Talker, chunks: number): Promise<Measures> {
  client.noticeBytes = 0;
  const begun = performance.now();
  const text = await client.chat(`m;chunks=${chunks};size=${SIZE}`, true);
  const seconds = (performance.now() - begun) / 1000;
  // A ratio between unequal work would be worth nothing.
  if (text.length !== chunks * SIZE) throw new Error(`the answer has ${text.length} characters`);
  if (client.noticeBytes < text.length) throw new Error('the progress notices do not carry the answer');
  return { [`chunks/s ${chunks}`]: chunks / seconds };
}

/** The first chunk's text is the moment it left the upstream; all processes share that clock. */
async function firstProgress({ client }: Talker): Promise<Measures> {
  const delays: number[] = [];
  for (let i = 0; i < FIRST_TRIES; i++) delays.push(await firstDelayMs(client));
  return { 'first progress ms': median(delays) };
}

async function firstDelayMs(client: StdioClient): Promise<number> {
  let delayMs = Number.NaN;
  client.onNotice = (line) => {
    const seen = process.hrtime.bigint();
    const left = /"message":"(\d+)/.exec(line)?.[1];
    if (left !== undefined) delayMs = Number(seen - BigInt(left)) / 1e6;
  };
  await client.chat('m;chunks=3;interval=4;stamp=1', true);
  client.onNotice = undefined;
  return delayMs;
}
