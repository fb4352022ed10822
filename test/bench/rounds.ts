// How every measurement is made: each subject is visited once a round, in an order that rotates, so that a
// machine whose speed drifts moves all of them. The first round warms up and is not kept. A subject that
// fails is left out of the rest of its stage and named at the end.

import { within } from './children.ts';
import { StdioClient } from './stdio-client.ts';
import type { Samples } from './stats.ts';
import type { Subject, Subjects } from './subjects.ts';
import type { Upstream } from './upstream.ts';

/** No visit takes longer; one that would is a failure. */
const VISIT_LIMIT_MS = 60_000;

export interface Bench {
  readonly subjects: Subjects;
  readonly upstream: Upstream;
  /** How many rounds a quick measurement gets; slow ones take fewer of them. */
  readonly rounds: number;
  readonly samples: Samples;
  readonly failures: string[];
  /** Says how far it is. */
  readonly tell: (text: string) => void;
}

/** What one visit measured, by metric. */
export type Measures = Readonly<Record<string, number>>;

export interface Plan<T> {
  readonly what: string;
  /** Rounds that are kept, after the one that is not. */
  readonly rounds: number;
  readonly subjects: readonly T[];
  readonly visit: (subject: T) => Promise<Measures>;
}

interface Named {
  readonly name: string;
}

export async function interleave<T extends Named>(bench: Bench, plan: Plan<T>): Promise<void> {
  let subjects = plan.subjects;
  for (let round = -1; round < plan.rounds; round++) {
    bench.tell(`${plan.what}, round ${round + 1} of ${plan.rounds}`);
    for (const subject of rotated(subjects, round + 1)) {
      const measures = await attempt(bench, `${plan.what}, ${subject.name}`, plan.visit(subject));
      if (measures === undefined) subjects = subjects.filter((other) => other !== subject);
      else if (round >= 0) keep(bench.samples, subject.name, { round, measures });
    }
  }
}

/** What came of the work, in time; `undefined`, and a line for the end, when nothing did. */
async function attempt<R>(bench: Bench, what: string, work: Promise<R>): Promise<R | undefined> {
  try {
    return await within(VISIT_LIMIT_MS, 'visit', work);
  } catch (error) {
    bench.failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function keep(samples: Samples, subject: string, { round, measures }: { round: number; measures: Measures }): void {
  for (const [metric, value] of Object.entries(measures)) samples.put(metric, subject, round, value);
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const cut = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(cut), ...list.slice(0, cut)];
}

/** A subject with a conversation open. */
export interface Talker extends Named {
  readonly client: StdioClient;
}

export function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** Opens a conversation, and ends it however the work ends. */
export async function conversing<R>(
  subject: Subject,
  upstream: Upstream,
  work: (client: StdioClient) => Promise<R>,
): Promise<R> {
  const client = new StdioClient(subject, upstream.baseUrl);
  try {
    await client.initialize();
    return await work(client);
  } finally {
    await client.close();
  }
}

/** As `interleave`, over conversations that stay open through all rounds. */
export async function interleaveTalkers(bench: Bench, subjects: readonly Subject[], plans: Plans): Promise<void> {
  const opened = subjects.map((subject) => ({
    name: subject.name,
    client: new StdioClient(subject, bench.upstream.baseUrl),
  }));
  try {
    const ready: Talker[] = [];
    for (const talker of opened) {
      const answer = talker.client.initialize().then(() => talker);
      ready.push(...[await attempt(bench, `initialize, ${talker.name}`, answer)].filter(isPresent));
    }
    for (const plan of plans(ready)) await interleave(bench, plan);
  } finally {
    await Promise.all(opened.map(({ client }) => client.close()));
  }
}

type Plans = (talkers: readonly Talker[]) => readonly Plan<Talker>[];
