// Requests that touch no upstream: what the JSON-RPC engine itself costs.

import { cpuUs } from '../process-facts.ts';
import type { Bench, Measures, Talker } from '../rounds.ts';
import { interleaveTalkers, isPresent } from '../rounds.ts';

const IN_FLIGHT = 100;
const PINGS = 6000;
const LISTS = 3000;

export async function requests(bench: Bench): Promise<void> {
  const { ours, sdk } = bench.subjects;
  await interleaveTalkers(bench, [ours, sdk].filter(isPresent), (subjects) => [
    { what: 'ping and tools/list', rounds: bench.rounds, subjects, visit },
  ]);
}

async function visit(talker: Talker): Promise<Measures> {
  const ping = await burst(talker, 'ping', PINGS);
  const list = await burst(talker, 'tools/list', LISTS);
  return { 'ping/s': ping.perSecond, 'tools/list CPU µs': list.cpuEach };
}

async function burst(
  { client }: Talker,
  method: string,
  count: number,
): Promise<{ perSecond: number; cpuEach: number }> {
  let sent = 0;
  const begun = performance.now();
  const cpuBefore = cpuUs(client.pid);
  const asker = async (): Promise<void> => {
    while (sent++ < count) await client.request(method, {});
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, asker));
  const seconds = (performance.now() - begun) / 1000;
  return { perSecond: count / seconds, cpuEach: (cpuUs(client.pid) - cpuBefore) / count };
}
