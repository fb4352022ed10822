// One provider's list of models, fresh for a minute: what it answers settles the default model, near names, who has a
// model and `list_models`, and none of them should cost a request each time. An older one is given while it is
// asked for again in the background, and kept when that fails. Whoever asks meanwhile waits for the same request.

import type { Clock } from '../../core/clock.ts';
import { CancelSource } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { ModelContext, ModelInfo } from '../../providers/chat.ts';
import type { ModelPage } from '../../providers/dialect.ts';

const FRESH_MS = 60_000;

/** Questions about single models that are under way together. */
const AT_ONCE = 4;

type Describe = (model: ModelInfo) => Promise<ModelInfo>;
type AskForList = (ctx: ModelContext) => Promise<readonly ModelInfo[]>;

/** What is known of the models; it may outlive the list that asks. */
export class KnownModels {
  models: readonly ModelInfo[] | undefined;
  byId: ReadonlyMap<string, ModelInfo> = new Map();
  /** What was asked about single models of this list. */
  descriptions: Map<string, ModelInfo> = new Map();
  freshUntil: number = Number.NEGATIVE_INFINITY;
  /** Told when there is another list, or more is known of a model in it. */
  onChange = (): void => {};
}

/** One request that several may wait for. */
interface Flight {
  readonly ctx: ModelContext;
  readonly cancel: CancelSource;
  readonly waiting: Set<ModelContext>;
  readonly done: Promise<readonly ModelInfo[]>;
}

export class ModelList {
  readonly #clock: Clock;
  readonly #ask: AskForList;
  readonly #known: KnownModels;
  #flight: Flight | undefined;

  constructor(clock: Clock, ask: AskForList, known: KnownModels = new KnownModels()) {
    this.#clock = clock;
    this.#ask = ask;
    this.#known = known;
  }

  /** The list; an old one is given at once, unless `refresh` says to wait for a new one. */
  get(ctx: ModelContext, refresh: boolean): Promise<readonly ModelInfo[]> {
    const { models } = this.#known;
    if (models === undefined || refresh) return this.#join(this.#flight ?? this.#fly(ctx), ctx);
    this.freshen(ctx);
    return Promise.resolve(models);
  }

  /** Asks in the background when the list is old, or was never asked for. `ctx` lends its log and id. */
  freshen(ctx: ModelContext): void {
    if (this.#flight === undefined && this.#clock.now() >= this.#known.freshUntil) this.#fly(ctx);
  }

  /** The models with what `describe` knows of each; one it fails on stays as it is. Kept as long as the list. */
  async described(models: readonly ModelInfo[], describe: Describe): Promise<readonly ModelInfo[]> {
    const known = this.#known.descriptions;
    const waiting = models.filter(({ id }) => !known.has(id)).values();
    const before = known.size;
    const work = async (): Promise<void> => {
      for (const model of waiting) {
        const described = await describe(model).catch(() => undefined);
        if (described !== undefined) known.set(model.id, described);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (known.size > before) this.#known.onChange();
    return models.map((model) => known.get(model.id) ?? model);
  }

  /** The ids last heard of, however old; undefined before the first list. */
  get knownIds(): readonly string[] | undefined {
    return this.#known.models?.map((model) => model.id);
  }

  /** Settles when the list that is being asked for is there or has failed; never rejects. Undefined: none is. */
  get underWay(): Promise<unknown> | undefined {
    return this.#flight?.done.catch(() => undefined);
  }

  /** False before the first list, too: see `knownIds`. */
  has(model: string): boolean {
    return this.#known.byId.has(model);
  }

  /** What is known of one model. */
  find(model: string): ModelInfo | undefined {
    return this.#known.descriptions.get(model) ?? this.#known.byId.get(model);
  }

  #fly({ log, requestId, via }: ModelContext): Flight {
    const cancel = new CancelSource();
    const waiting = new Set<ModelContext>();
    const ctx: ModelContext = {
      cancel,
      deadline: Number.POSITIVE_INFINITY,
      log,
      requestId,
      ...present({ via }),
      served: { provider: '', model: '', attempts: [], changed: [] },
      phase(phase, attempt) {
        for (const one of waiting) one.phase(phase, attempt);
      },
    };
    const done = this.#ask(ctx)
      .then((models) => this.#keep(models))
      .finally(() => {
        this.#flight = undefined;
        this.#known.freshUntil = this.#clock.now() + FRESH_MS;
      });
    // Nobody may be waiting; then a failure changes nothing.
    done.catch(() => {});
    return (this.#flight = { ctx, cancel, waiting, done });
  }

  #keep(models: readonly ModelInfo[]): readonly ModelInfo[] {
    const known = this.#known;
    known.models = models;
    known.byId = new Map(models.map((model) => [model.id, model]));
    known.descriptions = new Map();
    known.onChange();
    return models;
  }

  /** Waits with the others, until this call is over; the request is called off when the last of them is. */
  async #join(flight: Flight, ctx: ModelContext): Promise<readonly ModelInfo[]> {
    const { waiting, done, cancel } = flight;
    waiting.add(ctx);
    const over = callOver(this.#clock, ctx);
    try {
      return await Promise.race([done, over.promise]);
    } catch (thrown) {
      const reason = Fault.from(thrown);
      waiting.delete(ctx);
      if (reason === over.reason && waiting.size === 0) cancel.cancel(reason);
      throw reason;
    } finally {
      over.dispose();
      ctx.served.provider = flight.ctx.served.provider;
      ctx.served.attempts.push(...flight.ctx.served.attempts);
    }
  }
}

interface CallOver {
  readonly promise: Promise<never>;
  /** Set once it has rejected. */
  readonly reason: Fault | undefined;
  dispose(): void;
}

/** Rejects when the call is called off, or at its deadline. */
function callOver(clock: Clock, { cancel, deadline }: ModelContext): CallOver {
  const own = new CancelSource();
  const dispose = cancel.onCancel((reason) => own.cancel(reason));
  const late = new Fault('TIMEOUT', 'The time for the call ran out while the list of models was waited for.', {
    data: { retry: 'never', next: 'Try again: the list may be there by then.' },
  });
  const stop = clock.after(deadline - clock.now(), () => own.cancel(late));
  const promise = new Promise<never>((_, reject) => void own.onCancel(reject));
  promise.catch(() => {});
  return {
    promise,
    get reason() {
      return own.reason;
    },
    dispose() {
      dispose();
      stop();
    },
  };
}

/** Pages asked for at most: an upstream whose pages never end would otherwise hold a call until its deadline. */
const MAX_PAGES = 100;

/** The models of all pages, in order. A page that names one we have had already is the last (WIRE.md 3.3). */
export async function allPages(ask: (page: string | undefined) => Promise<ModelPage>): Promise<readonly ModelInfo[]> {
  const models: ModelInfo[] = [];
  const asked = new Set<string | undefined>();
  for (let page: string | undefined; !asked.has(page) && asked.size < MAX_PAGES;) {
    asked.add(page);
    const { models: found, next } = await ask(page);
    models.push(...found);
    if (next === undefined) break;
    page = next;
  }
  return models;
}
