// Memory: at rest, under many streams, while the client does not read a long answer, and at its end.

import { pause, start, stop } from '../children.ts';
import { forgetPeak, memoryMiB } from '../process-facts.ts';
import type { Bench, Measures } from '../rounds.ts';
import { conversing, interleave, isPresent } from '../rounds.ts';
import type { StdioClient } from '../stdio-client.ts';
import type { Subject } from '../subjects.ts';

const SETTLE_MS = 500;
const HOLD_MS = 2500;
const STREAMS = 256;
const LONG_SIZE = 4096;
const LONG_CHUNKS = Math.ceil(100e6 / LONG_SIZE);

export async function memory(bench: Bench): Promise<void> {
  const { ours, sdk, limit, idle } = bench.subjects;
  const rounds = Math.ceil(bench.rounds / 3);
  await interleave(bench, {
    what: 'memory at rest',
    rounds,
    subjects: [ours, idle],
    visit: (subject) => (subject === idle ? ofBareNode(subject) : conversing(subject, bench.upstream, atRest)),
  });
  await interleave(bench, {
    what: `memory under ${STREAMS} streams`,
    rounds,
    subjects: [ours, sdk].filter(isPresent),
    visit: (subject) => conversing(subject, bench.upstream, underStreams),
  });
  await interleave(bench, {
    what: '100 MB answer, client not reading',
    rounds: Math.ceil(rounds / 2),
    subjects: [withLongAnswers(ours), limit],
    visit: (subject) => conversing(subject, bench.upstream, notReading),
  });
}

function withLongAnswers(subject: Subject): Subject {
  return { ...subject, env: { ...subject.env, MAX_OUTPUT_CHARS: '200000000' } };
}

async function ofBareNode(subject: Subject): Promise<Measures> {
  const child = start(subject.command, {});
  await pause(SETTLE_MS);
  const { rss } = memoryMiB(child.pid ?? 0);
  child.kill('SIGKILL');
  await stop(child);
  return { 'idle MiB': rss };
}

async function atRest(client: StdioClient): Promise<Measures> {
  await pause(SETTLE_MS);
  return { 'idle MiB': memoryMiB(client.pid).rss };
}

async function underStreams(client: StdioClient): Promise<Measures> {
  const call = (): Promise<string> => client.chat('m;chunks=100;interval=10', true);
  await Promise.all(Array.from({ length: STREAMS }, call));
  return { 'streams MiB': memoryMiB(client.pid).peak };
}

/** Stops reading at the first notice, watches, reads on, and wants the answer whole. */
async function notReading(client: StdioClient): Promise<Measures> {
  await client.chat('m', true);
  await pause(SETTLE_MS);
  const before = memoryMiB(client.pid).rss;
  forgetPeak(client.pid);
  client.onNotice = () => {
    client.child.stdout.pause();
    client.onNotice = undefined;
  };
  const answer = client.chat(`m;chunks=${LONG_CHUNKS};size=${LONG_SIZE}`, true);
  const held = pause(HOLD_MS).then(() => {
    const { peak } = memoryMiB(client.pid);
    client.child.stdout.resume();
    return peak;
  });
  const [text, peak] = await Promise.all([answer, held]);
  if (text.length !== LONG_CHUNKS * LONG_SIZE) throw new Error(`the answer has ${text.length} characters`);
  return { 'grown MiB': peak - before, 'end MiB': memoryMiB(client.pid).peak };
}
