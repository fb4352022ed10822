// What a large configuration takes: the time of a reload and the longest that anything else waits for it, and the memory
// of keys and targets that are only there.

import { renameSync, writeFileSync } from 'node:fs';
import { pause } from '../children.ts';
import { providers } from '../configurations.ts';
import { memoryTold } from '../memory-told.ts';
import type { Held } from '../memory-told.ts';
import type { Bench, Measures, Talker } from '../rounds.ts';
import { conversing, interleave, interleaveTalkers } from '../rounds.ts';
import type { StdioClient } from '../stdio-client.ts';
import type { Subject } from '../subjects.ts';
import { median } from '../stats.ts';

const RELOADS = 5;
/** The watch of the folder sees the change too, and has the file read once more. */
const SETTLE_MS = 500;
const DONE = 'the configuration was read again';

export async function configuration(bench: Bench): Promise<void> {
  const { fifty, one, manyKeys, manyTargets } = bench.subjects;
  const path = fifty.env['CONFIG_PATH'] ?? '';
  let generation = 0;
  const visit = async ({ client }: Talker): Promise<Measures> => {
    const reloads: Reload[] = [];
    for (let i = 0; i < RELOADS; i++) {
      writeFileSync(`${path}.new`, JSON.stringify(providers(50, ++generation)));
      reloads.push(await reload(client, () => renameSync(`${path}.new`, path)));
    }
    return {
      'reload ms': median(reloads.map(({ ms }) => ms)),
      'reload stall ms': Math.max(...reloads.map(({ stallMs }) => stallMs)),
    };
  };
  await interleaveTalkers(bench, [fifty], (subjects) => [
    { what: 'first call', rounds: 0, subjects, visit: async ({ client }) => client.chat('m', false).then(() => ({})) },
    { what: 'reloads', rounds: bench.rounds, subjects, visit },
  ]);
  await idleMemory(bench, one, [manyKeys, manyTargets]);
}

interface Reload {
  readonly ms: number;
  readonly stallMs: number;
}

/** The file changes, and the process is told to read it; pings go on, one after the other, until it says that it has. */
async function reload(client: StdioClient, change: () => void): Promise<Reload> {
  change();
  const begun = performance.now();
  const outcome = { ms: Number.NaN, stallMs: 0 };
  const done = client.toldOnStderr(DONE).then(() => (outcome.ms = performance.now() - begun));
  client.child.kill('SIGHUP');
  while (Number.isNaN(outcome.ms)) {
    const sent = performance.now();
    await client.request('ping', {});
    outcome.stallMs = Math.max(outcome.stallMs, performance.now() - sent);
  }
  await done;
  await pause(SETTLE_MS);
  return outcome;
}

/** After one call, so that everything a call needs is there; beside a configuration with one of each. */
async function idleMemory(bench: Bench, one: Subject, many: readonly Subject[]): Promise<void> {
  const measured = async (subject: Subject): Promise<Held> =>
    conversing(subject, bench.upstream, async (client) => {
      await client.chat('m', false);
      return memoryTold(client.child);
    });
  await interleave(bench, {
    what: 'memory of what is idle',
    rounds: Math.ceil(bench.rounds / 3),
    subjects: many,
    async visit(subject) {
      const [less, more] = [await measured(one), await measured(subject)];
      return { 'idle heap MB': (more.heap - less.heap) / 1e6, 'idle rss MB': (more.rss - less.rss) / 1e6 };
    },
  });
}
