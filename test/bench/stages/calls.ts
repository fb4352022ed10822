// Plain tool calls: how many a second with 1, 16 and 64 in flight, the CPU each costs, and what one adds to
// the HTTP call beneath it. Ours is measured as shipped (it asks the upstream for a stream) and plain.

import { cpuUs } from '../process-facts.ts';
import type { Bench, Measures, Talker } from '../rounds.ts';
import { interleaveTalkers, isPresent } from '../rounds.ts';
import { median, quantile } from '../stats.ts';

const WIDTHS = [1, 16, 64];
const BLOCK_MS = 400;
const PAIRS = 150;
/** Calls before the first that counts: what is compared is compiled code, not the compiler. */
const WARM_UP = 2000;

export async function calls(bench: Bench): Promise<void> {
  const { ours, oursPlain, limit, sdk } = bench.subjects;
  await interleaveTalkers(bench, [ours, oursPlain, limit, sdk].filter(isPresent), (subjects) => [
    { what: 'warming up', rounds: 0, subjects, visit: warmUp },
    { what: 'latency', rounds: bench.rounds, subjects, visit: (talker) => latency(bench, talker) },
    ...WIDTHS.map((width) => ({
      what: `${width} calls in flight`,
      rounds: bench.rounds,
      subjects,
      visit: (talker: Talker) => closedLoop(talker, width),
    })),
  ]);
}

export async function warmUp({ client }: Talker): Promise<Measures> {
  let sent = 0;
  const caller = async (): Promise<void> => {
    while (sent++ < WARM_UP) await client.chat('m', false);
  };
  await Promise.all(Array.from({ length: 16 }, caller));
  return {};
}

/** One call at a time, each beside one direct HTTP call: the difference of a pair is what we add. */
async function latency(bench: Bench, { client }: Talker): Promise<Measures> {
  const added: number[] = [];
  for (let i = 0; i < PAIRS; i++) {
    const begun = performance.now();
    await bench.upstream.callDirectly();
    const between = performance.now();
    await client.chat('m', false);
    added.push(performance.now() - between - (between - begun));
  }
  return { 'added p50 ms': median(added), 'added p99 ms': quantile(added, 0.99) };
}

/** `width` callers, each asking again as soon as it is answered. */
export async function closedLoop({ client }: Talker, width: number): Promise<Measures> {
  let done = 0;
  const begun = performance.now();
  const cpuBefore = cpuUs(client.pid);
  const caller = async (): Promise<void> => {
    while (performance.now() - begun < BLOCK_MS) {
      await client.chat('m', false);
      done++;
    }
  };
  await Promise.all(Array.from({ length: width }, caller));
  const seconds = (performance.now() - begun) / 1000;
  return { [`calls/s ${width}`]: done / seconds, [`call CPU µs ${width}`]: (cpuUs(client.pid) - cpuBefore) / done };
}
