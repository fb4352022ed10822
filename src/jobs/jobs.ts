// The jobs there are: bounded in number for all and for each owner, in what they hold, and for how long they are kept after
// they have ended. One store behind everything that outlives its request.

import type { Clock } from '../core/clock.ts';
import type { CancelSource } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import type { Random } from '../core/random.ts';
import { Job } from './job.ts';
import type { JobSetup } from './job.ts';

export interface JobsSetup {
  readonly clock: Clock;
  readonly random: Random;
  /** Told after every change of a job. */
  readonly changed: (job: Job) => void;
  readonly limits?: Partial<JobLimits>;
}

export interface JobLimits {
  /** Most jobs that are kept, for all owners together. */
  readonly total: number;
  /** Most that one owner has under way. */
  readonly underWay: number;
  /** How long one is kept after it has ended, where nobody asked for a time. */
  readonly ttlMs: number;
  /** The least time from its beginning that can be asked for, and what one is kept for after its end whatever was asked. */
  readonly leastTtlMs: number;
  readonly mostTtlMs: number;
  /** Most characters of text that one holds, images apart. */
  readonly characters: number;
  /** Most that all of them hold together. */
  readonly allCharacters: number;
}

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;
const LIMITS: JobLimits = {
  total: 1000,
  underWay: 100,
  ttlMs: 60 * MINUTE_MS,
  leastTtlMs: MINUTE_MS,
  mostTtlMs: 24 * 60 * MINUTE_MS,
  characters: 16 * MIB,
  allCharacters: 128 * MIB,
};

/** Whose a job is, and what. */
export interface Opening extends Pick<JobSetup, 'owner' | 'about' | 'isTask'> {
  readonly cancel: CancelSource;
  /** How long its client wants it kept from now on; absent: for the usual time after its end. */
  readonly ttlMs?: number | undefined;
}

interface Kept {
  readonly job: Job;
  /** How long it stays after its end, however long it took. */
  readonly leastMs: number;
  /** Calls off its being forgotten. */
  stay: () => void;
}

export class Jobs {
  readonly limits: JobLimits;
  readonly #setup: JobsSetup;
  /** The oldest first. */
  readonly #jobs = new Map<string, Kept>();

  constructor(setup: JobsSetup) {
    this.#setup = setup;
    this.limits = { ...LIMITS, ...setup.limits };
  }

  get size(): number {
    return this.#jobs.size;
  }

  /** A new job, found from now on. Throws `OVERLOADED` when there are too many under way. */
  open(opening: Opening): Job {
    const { clock, random } = this.#setup;
    const { ttlMs, leastTtlMs, mostTtlMs } = this.limits;
    this.#makeRoom(opening.owner);
    const wanted = opening.ttlMs;
    const job = new Job({
      ...opening,
      id: random.id(),
      now: () => clock.wall(),
      ttlMs: wanted === undefined ? ttlMs : Math.floor(Math.min(mostTtlMs, Math.max(leastTtlMs, wanted))),
      changed: (one) => this.#changed(one),
    });
    this.#jobs.set(job.id, { job, leastMs: wanted === undefined ? ttlMs : leastTtlMs, stay: () => {} });
    return job;
  }

  /** The job, if it is there and the owner's. */
  find(id: string, owner: string): Job | undefined {
    const job = this.#jobs.get(id)?.job;
    return job?.owner === owner ? job : undefined;
  }

  /** The owner's jobs, the newest first. */
  of(owner: string): readonly Job[] {
    return [...this.#jobs.values()].flatMap(({ job }) => (job.owner === owner ? [job] : [])).toReversed();
  }

  /**
   * The job holds more text than before. Those that are over make room for it; when that is not enough, one that is under way
   * ends as a failure: this one, unless somebody else holds more than its owner.
   */
  grown(grown: Job): void {
    let sum = 0;
    for (const { job } of this.#jobs.values()) sum += job.size;
    while (sum > this.limits.allCharacters) {
      const spare = this.#spare((job) => (job === grown && job.isOver ? 0 : job.size));
      if (spare === undefined) {
        if (!grown.isOver) this.#largest(grown).abort(tooMuch());
        return;
      }
      sum -= spare.size;
      this.#forget(spare.id);
    }
  }

  /** Ends every job of the owner, and forgets it. */
  end(owner: string, why: Fault): void {
    this.#drop(this.of(owner), why);
  }

  /** Ends every job, and forgets it: a timer would keep the process. */
  stop(why: Fault): void {
    this.#drop(
      [...this.#jobs.values()].map(({ job }) => job),
      why,
    );
  }

  #drop(jobs: readonly Job[], why: Fault): void {
    for (const job of jobs) job.cancel(why);
    for (const { id } of jobs) this.#forget(id);
  }

  #changed(job: Job): void {
    const kept = this.#jobs.get(job.id);
    if (job.isOver && kept !== undefined) {
      const restMs = job.createdAt + job.ttlMs - job.updatedAt;
      kept.stay = this.#setup.clock.after(Math.max(kept.leastMs, restMs), () => this.#jobs.delete(job.id));
      this.grown(job);
    }
    this.#setup.changed(job);
  }

  #forget(id: string): void {
    this.#jobs.get(id)?.stay();
    this.#jobs.delete(id);
  }

  #makeRoom(owner: string): void {
    const { total, underWay } = this.limits;
    const running = this.of(owner).filter((job) => !job.isOver);
    if (running.length >= underWay) throw tooMany(underWay);
    if (this.#jobs.size < total) return;
    const spare = this.#spare(() => 1);
    if (spare === undefined) throw tooMany(total);
    this.#forget(spare.id);
  }

  /**
   * Of those that are over and weigh something, the oldest of whoever holds the most: what an owner has yet to read is not
   * lost to the many jobs of another.
   */
  #spare(weightOf: (job: Job) => number): Job | undefined {
    const held = this.#held(weightOf);
    const holds = ({ owner }: Job): number => held.get(owner) ?? 0;
    let spare: Job | undefined;
    for (const { job } of this.#jobs.values()) {
      if (!job.isOver || weightOf(job) === 0) continue;
      if (spare === undefined || holds(job) > holds(spare)) spare = job;
    }
    return spare;
  }

  /** Of those under way the largest of whoever holds the most; of those that hold as much, the one that has grown. */
  #largest(grown: Job): Job {
    const held = this.#held(({ size }) => size);
    const most = Math.max(...held.values());
    if (held.get(grown.owner) === most) return grown;
    let largest: Job | undefined;
    for (const { job } of this.#jobs.values()) {
      if (!job.isOver && held.get(job.owner) === most && job.size > (largest?.size ?? 0)) largest = job;
    }
    return largest ?? grown;
  }

  /** What the jobs of each owner weigh together. */
  #held(weightOf: (job: Job) => number): ReadonlyMap<string, number> {
    const held = new Map<string, number>();
    for (const { job } of this.#jobs.values()) held.set(job.owner, (held.get(job.owner) ?? 0) + weightOf(job));
    return held;
  }
}

function tooMany(most: number): Fault {
  return new Fault('OVERLOADED', `${most} jobs are under way already.`, {
    data: { next: 'Wait until one of them has ended, or cancel one.' },
  });
}

function tooMuch(): Fault {
  return new Fault('OVERLOADED', 'The jobs of this server hold as much as they may.', {
    data: { next: 'Cancel a job that is not needed, or ask for a shorter answer.' },
  });
}
