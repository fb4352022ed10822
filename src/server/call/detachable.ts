// A call that may outlive its request: it runs the same either way, and from the moment it is detached its request is
// answered with a handle, what it asks the client waits in the job, and what comes of it goes there. Besides, it may leave
// behind what is too long for its result.
// Follows MCP 2025-11-25 basic/utilities/tasks; the extension io.modelcontextprotocol/tasks (SEP-2663); promise 2 of the
// product sheet.

import type { AskClient } from '../../catalog/asking.ts';
import type { Progress, ToolContext } from '../../catalog/tool.ts';
import { CancelSource, derive } from '../../core/context.ts';
import type { Phase, Whole } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { wholeDraft } from '../../jobs/draft.ts';
import type { Draft } from '../../jobs/draft.ts';
import type { Ending, Job } from '../../jobs/job.ts';
import type { Body } from '../../protocol/shape.ts';
import { Gate } from '../../rpc/gate.ts';
import type { McpContext } from '../context.ts';
import type { CallAsking } from './ask.ts';

/** What a call came to: as its request is answered, and as a reader of its job is told. */
export interface Ran {
  readonly body: Body;
  readonly ending: () => Ending;
}

/** How a call may outlive its request. */
export interface DetachTerms {
  /** What runs, in a word. */
  readonly about: string;
  /** Whether it is detached before it begins. */
  readonly atOnce: boolean;
  /** Whether its client is told of a task. */
  readonly isTask: boolean;
  /** How long its client wants the task kept; undefined: for the usual time. */
  readonly ttlMs: number | undefined;
  /** After how long it is detached; undefined: when it says so itself, or never. */
  readonly softMs: number | undefined;
  /** Whether what is too long for a result may be kept. */
  readonly keeps: boolean;
}

interface Detaching {
  readonly terms: DetachTerms;
  readonly run: (context: ToolContext) => Promise<Ran>;
  readonly asking: CallAsking;
  /** The answer to the request when it is detached; `ending` settles when nothing of the call runs any more. */
  handle(job: Job, ending: Promise<void>): Body;
  /** What a failure of a detached call comes to. Throws it where it comes to nothing. */
  failed(fault: Fault): Ran;
}

/** Runs a call to its end, or to the moment it is detached; the answer to its request. */
export function runDetachable(ctx: McpContext, context: Whole<ToolContext>, detaching: Detaching): Promise<Body> {
  return new Promise((resolve, reject) => {
    new DetachableCall(ctx, { context, detaching, request: { resolve, reject } }).begin();
  });
}

/** How its request is answered. */
interface Answering {
  resolve(answer: Body): void;
  reject(thrown: unknown): void;
}

interface Parts {
  readonly context: Whole<ToolContext>;
  readonly detaching: Detaching;
  readonly request: Answering;
}

type Questions = Parameters<AskClient['ask']>[0];
type Answers = Awaited<ReturnType<AskClient['ask']>>;

const nothing = (): void => {};

class DetachableCall {
  readonly #site: McpContext['site'];
  readonly #context: Whole<ToolContext>;
  readonly #detaching: Detaching;
  readonly #request: Answering;
  readonly #cancel = new CancelSource();
  /** There once it is detached: opens when nothing of it runs any more. */
  #ended: Gate | undefined;
  /** Lets the request go without the call. */
  readonly #release: () => void;
  #stopTimer = nothing;
  /** There once it is detached. */
  #job: Job | undefined;
  /** There once something was kept of a call that is not. */
  #kept: Job | undefined;
  #draft: Draft | undefined;
  #phase: readonly [Phase, number] = ['queued', 1];

  constructor({ site, rpc }: McpContext, { context, detaching, request }: Parts) {
    this.#site = site;
    this.#context = context;
    this.#detaching = detaching;
    this.#request = request;
    this.#release = rpc.cancel.onCancel((reason) => this.#cancel.cancel(reason));
  }

  begin(): void {
    this.#run().then(
      (ran) => this.#settle(() => ran),
      (thrown: unknown) =>
        this.#settle(() => {
          if (this.#job === undefined) throw thrown;
          return this.#failed(this.#job, Fault.from(thrown));
        }),
    );
  }

  async #run(): Promise<Ran> {
    const { terms, run } = this.#detaching;
    const { atOnce, softMs } = terms;
    if (atOnce) this.#detach();
    else if (softMs !== undefined) this.#stopTimer = this.#site.clock.after(softMs, () => this.#detachIfThereIsRoom());
    return run(this.#ownContext());
  }

  /** Member by member: a spread with more behind it takes several times as long, and this is done for every call. */
  #ownContext(): Whole<ToolContext> {
    const context = this.#context;
    return {
      cancel: this.#cancel,
      deadline: context.deadline,
      log: context.log,
      requestId: context.requestId,
      client: context.client,
      owner: context.owner,
      isLocal: context.isLocal,
      about: context.about,
      via: context.via,
      phase: (phase, attempt) => this.#enter(phase, attempt),
      progress: this.#ownProgress(),
      closeStream: context.closeStream,
      patienceMs: context.patienceMs,
      resultChars: context.resultChars,
      countsBytes: context.countsBytes,
      imageChars: context.imageChars,
      asking: this.#ownAsking(),
      detach: () => this.#detach(),
      draft: (draft) => this.#hold(draft),
      keep: this.#detaching.terms.keeps
        ? { most: this.#site.jobs.limits.characters, text: (draft, offset) => this.#keep(draft, offset) }
        : undefined,
      jobs: context.jobs,
      structured: context.structured,
    };
  }

  #ownProgress(): Progress {
    const { progress } = this.#context;
    return {
      text: (delta, counted) => (this.#job === undefined ? progress.text(delta, counted) : this.#job.tell(delta)),
      count: (characters) => progress.count(characters),
      step: (done, total, message) => progress.step(done, total, message),
    };
  }

  #ownAsking(): AskClient {
    const { asking } = this.#detaching;
    return {
      can: (method) => asking.can(method),
      ask: (requests) => this.#ask(requests),
    };
  }

  /** A client that never answers must not keep a call for ever, least of all one that nobody waits for. */
  async #ask(requests: Questions): Promise<Answers> {
    const { clock } = this.#site;
    const own = derive(this.#cancel);
    const until = own.source;
    const stop = clock.after(this.#context.deadline - clock.now(), () => until.cancel(unanswered()));
    try {
      return await this.#detaching.asking.ask(requests, { job: this.#job, until });
    } finally {
      stop();
      own.dispose();
      // Of several questions the others may still wait.
      until.cancel(unanswered());
    }
  }

  #enter(phase: Phase, attempt: number): void {
    this.#phase = [phase, attempt];
    if (this.#job === undefined) this.#context.phase(phase, attempt);
    else this.#job.enter(phase, attempt);
  }

  #hold(draft: Draft): () => void {
    this.#draft = draft;
    this.#job?.hold(draft);
    return () => {
      if (this.#job !== undefined) this.#site.jobs.grown(this.#job);
    };
  }

  /** Where there are too many jobs, the call goes on as it is: its client may still wait for it. */
  #detachIfThereIsRoom(): void {
    try {
      this.#detach();
    } catch (thrown) {
      this.#context.log.warn('a call cannot become a job', { why: Fault.from(thrown).message });
    }
  }

  #detach(): void {
    if (this.#job !== undefined || this.#cancel.reason !== undefined) return;
    this.#job = this.#open(this.#cancel, this.#detaching.terms.isTask);
    this.#ended = new Gate();
    this.#stopTimer();
    this.#release();
    const [phase, attempt] = this.#phase;
    this.#job.enter(phase, attempt);
    if (this.#draft !== undefined) this.#job.hold(this.#draft);
    try {
      this.#request.resolve(this.#detaching.handle(this.#job, this.#ended.opened));
    } catch (thrown) {
      // Nobody would ever read it, and its request must be answered.
      this.#request.reject(thrown);
      this.#job.cancel(new Fault('cancelled', 'The job could not be handed over.'));
    }
  }

  #open(cancel: CancelSource, isTask: boolean): Job {
    const { about, ttlMs } = this.#detaching.terms;
    return this.#site.jobs.open({ owner: this.#site.owner, about, isTask, cancel, ttlMs });
  }

  #keep(draft: Draft, offset: number): string | undefined {
    if (this.#job !== undefined) {
      this.#job.places.give(offset);
      return this.#job.id;
    }
    try {
      this.#kept ??= this.#open(new CancelSource(), false);
    } catch {
      return undefined;
    }
    this.#kept.hold(draft);
    return this.#kept.id;
  }

  #failed(job: Job, fault: Fault): Ran {
    const ran = this.#detaching.failed(fault);
    const { partial = '' } = fault.data;
    // Of several attempts, the one that came furthest.
    if (partial.length > (job.draft?.length ?? 0)) {
      job.hold(wholeDraft(this.#site.scrub(partial)));
      job.enter('restart', this.#phase[1]);
    }
    return ran;
  }

  /** What came of it goes to the job where there is one, else it answers the request. */
  #settle(outcome: () => Ran): void {
    this.#stopTimer();
    this.#release();
    try {
      const { body, ending } = outcome();
      if (this.#job === undefined) this.#request.resolve(body);
      (this.#job ?? this.#kept)?.finish(body, ending());
    } catch (thrown) {
      if (this.#job === undefined) this.#request.reject(thrown);
      (this.#job ?? this.#kept)?.fail(Fault.from(thrown));
    }
    this.#ended?.open();
  }
}

function unanswered(): Fault {
  return new Fault('TIMEOUT', 'The client did not answer what it was asked before the call ran out of time.');
}
