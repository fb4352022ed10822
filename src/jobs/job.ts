// A call that outlives its request: what it is at, what it waits for, what came of it. Its states and what leads from one
// to another; nothing here runs anything, and nothing knows how a job is told of.
//
//   state           | park           | answer (all), refuse | finish    | fail   | cancel
//   working         | input_required | working              | completed | failed | cancelled
//   input_required  | input_required | working              | completed | failed | cancelled
//   any other       | rejected       | –                    | –         | –      | –
//
// Follows MCP 2025-11-25 basic/utilities/tasks and the extension io.modelcontextprotocol/tasks (SEP-2663).

import type { Cancel, CancelSource, Phase } from '../core/context.ts';
import { Fault } from '../core/fault.ts';
import type { JsonObject } from '../core/json.ts';
import type { Draft } from './draft.ts';
import { Places } from './places.ts';

export type JobState = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** What came of a job: a result in whatever form its maker gave it, or why there is none. */
export type Outcome = { readonly result: unknown } | { readonly fault: Fault };

/** An image in base64, or where it is. */
export type EndingImage =
  | { readonly type: 'image'; readonly data: string; readonly mimeType: string }
  | { readonly type: 'resource_link'; readonly uri: string; readonly name: string };

/** What a reader of the text is told once there is no more of it to come. */
export interface Ending {
  /** The images of the answer, as they are shown; absent: there are none. */
  readonly images?: readonly EndingImage[] | undefined;
  /** What the answer says besides its text; of one that failed, why it did. */
  readonly blocks: readonly string[];
  /** How it came about. */
  readonly meta: JsonObject;
  /** What came of it is a failure, though there is a result to show for it. */
  readonly isError: boolean;
}

const NOTHING_MORE: Ending = { blocks: [], meta: {}, isError: false };

/** Who waits for a job and wants to hear how it goes on. */
export interface Ear {
  text(delta: string): void;
  phase(phase: Phase, attempt: number): void;
}

export type Questions = Readonly<Record<string, unknown>>;
export type JobAnswers = Readonly<Record<string, JsonObject>>;

export interface JobSetup {
  /** Unguessable. */
  readonly id: string;
  /** Whose it is; nobody else finds it. */
  readonly owner: string;
  /** What runs, in a word: the name of a tool. */
  readonly about: string;
  /** Its client was told of it as a task of the protocol. */
  readonly isTask: boolean;
  /** Ends what runs. */
  readonly cancel: CancelSource;
  /** The time of day, in ms since 1970. */
  readonly now: () => number;
  /** How long it is kept from its beginning on, at least. */
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
  readonly about: string;
  readonly isTask: boolean;
  readonly ttlMs: number;
  readonly createdAt: number;
  /** Where its readers were sent to read on. */
  readonly places: Places = new Places();
  readonly #setup: JobSetup;
  readonly #watchers = new Set<() => void>();
  #state: JobState = 'working';
  #updatedAt: number;
  #outcome: Outcome | undefined;
  /** What waits for the client, the oldest first. */
  readonly #parked = new Set<Parked>();
  readonly #ears = new Set<Ear>();
  #ending = NOTHING_MORE;
  #draft: Draft | undefined;
  #phase: Phase = 'queued';
  #attempt = 1;

  constructor(setup: JobSetup) {
    this.#setup = setup;
    this.id = setup.id;
    this.owner = setup.owner;
    this.about = setup.about;
    this.isTask = setup.isTask;
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

  /** What is said once it is over. */
  get ending(): Ending {
    return this.#ending;
  }

  /** What came of it as people see it: a result that is an error has failed. */
  get verdict(): JobState {
    return this.#state === 'completed' && this.#ending.isError ? 'failed' : this.#state;
  }

  /** Characters that it holds. */
  get size(): number {
    const { images = [] } = this.#ending;
    return images.reduce((sum, one) => sum + ('data' in one ? one.data.length : 0), this.#draft?.length ?? 0);
  }

  /** The text of the answer, as far as it is there. */
  get draft(): Draft | undefined {
    return this.#draft;
  }

  /** Where the call is. */
  get phase(): { readonly name: Phase; readonly attempt: number } {
    return { name: this.#phase, attempt: this.#attempt };
  }

  /** From now on this is the text. */
  hold(draft: Draft): void {
    this.#draft = draft;
  }

  /** The text begins anew with the phase `restart`: whoever has read some of it drops that. */
  enter(phase: Phase, attempt: number): void {
    if (phase === 'restart') this.places.beginAnew();
    this.#phase = phase;
    this.#attempt = attempt;
    for (const ear of this.#ears) ear.phase(phase, attempt);
  }

  /** New text, for those who wait. */
  tell(delta: string): void {
    for (const ear of this.#ears) ear.text(delta);
  }

  /** Hears of it until the returned function is called. */
  listen(ear: Ear): () => void {
    this.#ears.add(ear);
    return () => void this.#ears.delete(ear);
  }

  get isOver(): boolean {
    return this.#state !== 'working' && this.#state !== 'input_required';
  }

  /** What the client is to answer, each under its key. */
  get questions(): Questions {
    return Object.assign({}, ...[...this.#parked].map(({ open }) => open));
  }

  /** Waits for the client's answers to all of it. Rejects when the job ends first, or with why it was given up until then. */
  park(questions: Questions, until: Cancel): Promise<JobAnswers> {
    if (this.isOver) return Promise.reject(new Fault('cancelled', 'The job is over.'));
    return new Promise<JobAnswers>((resolve, reject) => {
      const parked: Parked = { open: { ...questions }, answers: {}, resolve, reject };
      this.#parked.add(parked);
      this.#enter('input_required');
      until.onCancel((why) => this.#giveUp(parked, why));
    });
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
    this.#goOn();
  }

  /** The client does not answer the question: whoever asked it is told why. Nothing for one that is not open. */
  refuse(key: string, why: Fault): void {
    for (const parked of this.#parked) if (Object.hasOwn(parked.open, key)) this.#giveUp(parked, why);
  }

  finish(result: unknown, ending: Ending = NOTHING_MORE): void {
    if (this.isOver) return;
    this.#ending = ending;
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

  /** Ends what runs because it may not go on. */
  abort(why: Fault): void {
    if (this.isOver) return;
    this.#end('failed', { fault: why });
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

  #giveUp(parked: Parked, why: Fault): void {
    if (!this.#parked.delete(parked)) return;
    parked.reject(why);
    this.#goOn();
  }

  #goOn(): void {
    if (this.#state === 'input_required' && this.#parked.size === 0) this.#enter('working');
  }

  #end(state: JobState, outcome: Outcome): void {
    if (this.isOver) return;
    this.#outcome = outcome;
    const parked = [...this.#parked];
    this.#parked.clear();
    this.#enter(state);
    this.#ears.clear();
    for (const one of parked) one.reject(new Fault('cancelled', 'The job is over.'));
  }

  #enter(state: JobState): void {
    this.#state = state;
    this.#updatedAt = Math.max(this.#setup.now(), this.#updatedAt);
    for (const watcher of this.#watchers) watcher();
    this.#setup.changed(this);
  }
}
