// The jobs of one owner, as a tool or a resource may see them: those of others are not there.

import type { Clock } from '../core/clock.ts';
import type { Cancel } from '../core/context.ts';
import type { Ear, Job } from './job.ts';
import type { Jobs } from './jobs.ts';

export interface Waiting {
  readonly ms: number;
  readonly cancel: Cancel;
  /** Hears how it goes on meanwhile. */
  readonly ear: Ear;
}

export interface OwnJobs {
  find(id: string): Job | undefined;
  /** All of them, the newest first; absent where owners cannot be told from each other. */
  readonly list?: () => readonly Job[];
  /** Settles when the job is over, waits for its client, or the time is up; rejects when the wait is called off. */
  wait(job: Job, waiting: Waiting): Promise<void>;
}

export function ownJobs(jobs: Jobs, clock: Clock, { owner, isListed }: { owner: string; isListed: boolean }): OwnJobs {
  return {
    find: (id) => jobs.find(id, owner),
    ...(isListed ? { list: () => jobs.of(owner) } : {}),
    wait: (job, waiting) => waitFor(job, clock, waiting),
  };
}

async function waitFor(job: Job, clock: Clock, { ms, cancel, ear }: Waiting): Promise<void> {
  if (job.state !== 'working') return;
  const quieten = job.listen(ear);
  let forget = (): void => {};
  let stop = (): void => {};
  let dispose = (): void => {};
  try {
    await new Promise<void>((resolve, reject) => {
      stop = clock.after(ms, resolve);
      dispose = cancel.onCancel(reject);
      void job.next((withdraw) => (forget = withdraw)).then(resolve);
    });
  } finally {
    quieten();
    stop();
    dispose();
    forget();
  }
}
