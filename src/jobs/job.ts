// A call that outlives its request: what it is at, what it waits for, what came of it. Its states and what leads from one
// to another; nothing here runs anything, and nothing knows how a job is told of.
//
//   state           | park           | answer (all)  | finish    | fail   | cancel
//   working         | input_required | working       | completed | failed | cancelled
//   input_required  | input_required | working       | completed | failed | cancelled
//   any other       | rejected       | –             | –         | –      | –
//
// Follows MCP 2025-11-25 basic/utilities/tasks and the extension io.modelcontextprotocol/tasks (SEP-2663).

import type { CancelSource } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import type { JsonObject } from '../core/json.ts';

export type JobState = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** What came of a job: a result in whatever form its maker gave it, or why there is none. */
export type Outcome = { readonly result: unknown } | { readonly fault: Fault };

export type Questions = Readonly<Record<string, unknown>>;
export type JobAnswers = Readonly<Record<string, JsonObject>>;

export interface JobSetup {
  /** Unguessable. */
  readonly id: string;
  /** Whose it is; nobody else finds it. */
  readonly owner: string;
  /** Ends what runs. */
  readonly cancel: CancelSource;
  /** The time of day, in ms since 1970. */
  readonly now: () => number;
  /** How long it is kept after it has ended. */
  readonly ttlMs: number;
  /** Told after every change of state. */
  readonly changed: (job: Job) => void;
}

interface Parked {
  readonly open: Record<string, unknown>;
  readonly answers: Record<string, JsonObject>;
  resolve(answers: JobAnswers): void;
  reject(why: Fault): void;
}

export class Job {
  readonly id: string;
  readonly owner: string;
  readonly ttlMs: number;
  readonly createdAt: number;
  readonly #setup: JobSetup;
  readonly #watchers = new Set<() => void>();
  #state: JobState = 'working';
  #updatedAt: number;
  #outcome: Outcome | undefined;
  /** What waits for the client, the oldest first. */
  readonly #parked = new Set<Parked>();

  constructor(setup: JobSetup) {
    this.#setup = setup;
    this.id = setup.id;
    this.owner = setup.owner;
    this.ttlMs = setup.ttlMs;
    this.createdAt = setup.now();
    this.#updatedAt = this.createdAt;
  }

  get state(): JobState {
    return this.#state;
  }

  /** When its state changed last, in ms since 1970. */
  get updatedAt(): number {
    return this.#updatedAt;
  }

  /** There once it has completed or failed. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  get isOver(): boolean {
    return this.#state !== 'working' && this.#state !== 'input_required';
  }

  /** What the client is to answer, each under its key. */
  get questions(): Questions {
    return Object.assign({}, ...[...this.#parked].map(({ open }) => open));
  }

  /** Waits for the client's answers to all of it. Rejects when the job ends first. */
  park(questions: Questions): Promise<JobAnswers> {
    if (this.isOver) return Promise.reject(new Fault('cancelled', 'The job is over.'));
    const answers = new Promise<JobAnswers>((resolve, reject) => {
      this.#parked.add({ open: { ...questions }, answers: {}, resolve, reject });
    });
    this.#enter('input_required');
    return answers;
  }

  /** Takes the answers to what is open; others are ignored. */
  answer(given: JobAnswers): void {
    for (const parked of this.#parked) {
      for (const key of Object.keys(parked.open)) {
        const answer = Object.hasOwn(given, key) ? given[key] : undefined;
        if (answer === undefined) continue;
        parked.answers[key] = answer;
        delete parked.open[key];
      }
      if (Object.keys(parked.open).length > 0) continue;
      this.#parked.delete(parked);
      parked.resolve(parked.answers);
    }
    if (!this.isOver && this.#state === 'input_required' && this.#parked.size === 0) this.#enter('working');
  }

  finish(result: unknown): void {
    this.#end('completed', { result });
  }

  fail(fault: Fault): void {
    this.#end(fault.kind === 'cancelled' ? 'cancelled' : 'failed', { fault });
  }

  /** Stays cancelled, whatever still comes of it. Nothing for one that is over. */
  cancel(why: Fault): void {
    if (this.isOver) return;
    this.#end('cancelled', { fault: why });
    this.#setup.cancel.cancel(why);
  }

  /** Settles with the next change of state. */
  next(onStop: (stop: () => void) => void = () => {}): Promise<void> {
    return new Promise((resolve) => {
      const watcher = (): void => {
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
      onStop(watcher);
    });
  }

  #end(state: JobState, outcome: Outcome): void {
    if (this.isOver) return;
    this.#outcome = outcome;
    const parked = [...this.#parked];
    this.#parked.clear();
    this.#enter(state);
    for (const one of parked) one.reject(new Fault('cancelled', 'The job is over.'));
  }

  #enter(state: JobState): void {
    this.#state = state;
    this.#updatedAt = Math.max(this.#setup.now(), this.#updatedAt);
    for (const watcher of this.#watchers) watcher();
    this.#setup.changed(this);
  }
}
