// The provider's list of models, kept for a minute: what it answers settles the default model, near names
// and `list_models`, and none of them should cost a request each time.

import type { Clock } from '../core/clock.ts';
import type { ModelContext, ModelInfo } from '../providers/chat.ts';
import type { ModelPage } from '../providers/dialect.ts';

const KEPT_MS = 60_000;

/** Questions about single models that are under way together. */
const AT_ONCE = 4;

type Describe = (model: ModelInfo) => Promise<ModelInfo>;
type AskForList = (ctx: ModelContext) => Promise<readonly ModelInfo[]>;

export class ModelList {
  readonly #clock: Clock;
  readonly #ask: AskForList;
  #models: readonly ModelInfo[] | undefined;
  #keptUntil = 0;
  /** What was asked about single models of the list that is kept. */
  #descriptions = new Map<string, ModelInfo>();

  constructor(clock: Clock, ask: AskForList) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** The list; asked for again when it is old, or when `refresh` says so. */
  async get(ctx: ModelContext, refresh: boolean): Promise<readonly ModelInfo[]> {
    if (!refresh && this.#models !== undefined && this.#clock.now() < this.#keptUntil) return this.#models;
    const models = await this.#ask(ctx);
    this.#models = models;
    this.#descriptions = new Map();
    this.#keptUntil = this.#clock.now() + KEPT_MS;
    return models;
  }

  /** The models with what `describe` knows of each; one it fails on stays as it is. Kept as long as the list. */
  async described(models: readonly ModelInfo[], describe: Describe): Promise<readonly ModelInfo[]> {
    const known = this.#descriptions;
    const waiting = models.filter(({ id }) => !known.has(id)).values();
    const work = async (): Promise<void> => {
      for (const model of waiting) {
        const described = await describe(model).catch(() => undefined);
        if (described !== undefined) known.set(model.id, described);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return models.map((model) => known.get(model.id) ?? model);
  }

  /** The ids last heard of, however old; empty before the first list. */
  get knownIds(): readonly string[] {
    return this.#models?.map((model) => model.id) ?? [];
  }
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
