// From spawn to the answer to `initialize`; for the empty file, from spawn to its end.

import { once } from 'node:events';
import { start, within } from '../children.ts';
import type { Bench, Measures } from '../rounds.ts';
import { interleave, isPresent } from '../rounds.ts';
import { StdioClient } from '../stdio-client.ts';
import type { Subject } from '../subjects.ts';

/** A start is short and its noise large. */
const MORE_ROUNDS = 3;

export async function coldStart(bench: Bench): Promise<void> {
  const { ours, sdk, empty } = bench.subjects;
  const visit = (subject: Subject): Promise<Measures> =>
    subject === empty ? whole(subject) : answered(bench, subject);
  const subjects = [ours, sdk, empty].filter(isPresent);
  await interleave(bench, { what: 'cold start', rounds: bench.rounds * MORE_ROUNDS, subjects, visit });
}

async function whole(subject: Subject): Promise<Measures> {
  const begun = performance.now();
  const child = start(subject.command, {});
  child.stdin.end();
  await within(10_000, subject.name, once(child, 'exit'));
  return { 'start ms': performance.now() - begun };
}

async function answered(bench: Bench, subject: Subject): Promise<Measures> {
  const begun = performance.now();
  const client = new StdioClient(subject, bench.upstream.baseUrl);
  try {
    await client.initialize();
    return { 'start ms': performance.now() - begun };
  } finally {
    await client.close();
  }
}
