// The jobs there are: bounded in number for all and for each owner, and for how long they are kept after they have
// ended. One store behind everything that outlives its request.

import type { Clock } from '../core/clock.ts';
import type { CancelSource } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import type { Random } from '../core/random.ts';
import { Job } from './job.ts';

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
  /** How long one is kept after it has ended. */
  readonly ttlMs: number;
}

const LIMITS: JobLimits = { total: 1000, underWay: 100, ttlMs: 60 * 60 * 1000 };

export class Jobs {
  readonly #setup: JobsSetup;
  readonly #limits: JobLimits;
  /** The oldest first. */
  readonly #jobs = new Map<string, Job>();
  /** How to call off the forgetting of each that is over. */
  readonly #forgetting = new Map<string, () => void>();

  constructor(setup: JobsSetup) {
    this.#setup = setup;
    this.#limits = { ...LIMITS, ...setup.limits };
  }

  get size(): number {
    return this.#jobs.size;
  }

  /** A new job, found from now on. Throws `OVERLOADED` when there are too many under way. */
  open(owner: string, cancel: CancelSource): Job {
    const { clock, random, changed } = this.#setup;
    this.#makeRoom(owner);
    const job = new Job({
      id: random.id(),
      owner,
      cancel,
      now: () => clock.wall(),
      ttlMs: this.#limits.ttlMs,
      changed: (one) => {
        if (one.isOver)
          this.#forgetting.set(
            one.id,
            clock.after(one.ttlMs, () => this.#forget(one.id)),
          );
        changed(one);
      },
    });
    this.#jobs.set(job.id, job);
    return job;
  }

  /** The job, if it is there and the owner's. */
  find(id: string, owner: string): Job | undefined {
    const job = this.#jobs.get(id);
    return job?.owner === owner ? job : undefined;
  }

  /** The owner's jobs, the newest first. */
  of(owner: string): readonly Job[] {
    return [...this.#jobs.values()].filter((job) => job.owner === owner).toReversed();
  }

  /** Ends every job, and forgets it: a timer would keep the process. */
  stop(why: Fault): void {
    for (const job of this.#jobs.values()) job.cancel(why);
    for (const id of this.#jobs.keys()) this.#forget(id);
  }

  #forget(id: string): void {
    this.#forgetting.get(id)?.();
    this.#forgetting.delete(id);
    this.#jobs.delete(id);
  }

  #makeRoom(owner: string): void {
    const { total, underWay } = this.#limits;
    const running = this.of(owner).filter((job) => !job.isOver);
    if (running.length >= underWay) throw tooMany(underWay);
    if (this.#jobs.size < total) return;
    const ended = [...this.#jobs.values()].find((job) => job.isOver);
    if (ended === undefined) throw tooMany(total);
    this.#forget(ended.id);
  }
}

function tooMany(most: number): Fault {
  return new Fault('OVERLOADED', `${most} jobs are under way already.`, {
    data: { next: 'Wait until one of them has ended, or cancel one.' },
  });
}
