// Everything the catalog asks of models, over one provider: it settles the model, sends through the one retry
// loop, and keeps what is remembered between calls (keys that are out, lessons, the list of models).

import { Fault } from '../core/fault.ts';
import { present } from '../core/json.ts';
import { nearest } from '../core/nearest.ts';
import { isOpenAiUrl } from '../providers/base-url.ts';
import { streamAnswer } from '../providers/attempt/stream-answer.ts';
import { wholeReply } from '../providers/attempt/whole-reply.ts';
import type {
  EmbedRequest,
  Embeddings,
  Hear,
  ModelContext,
  ModelInfo,
  ModelListing,
  ModelQuery,
  Models,
} from '../providers/chat.ts';
import type { AnswerAsk, Ask, Endpoint, ModelAsk, ModelPage } from '../providers/dialect.ts';
import { aside } from './aside.ts';
import { checkConfigured, checkProvider, onlyModel, ownName, settledDefault } from './default-model.ts';
import { didYouMean } from './final-fault.ts';
import { KeyRing } from './keys.ts';
import { LessonBook } from './lessons.ts';
import { ModelList, allPages } from './model-list.ts';
import { startLimitMs } from './patience.ts';
import { Relay } from './relay.ts';
import { route } from './route.ts';
import type { Work } from './route.ts';
import type { ModelsOptions } from './settings.ts';
import { structured } from './structured.ts';
import type { Target } from './turn.ts';

/** A list is short: who does not give it in this time, all attempts and pages together, will not be waited for. */
const MOST_LIST_MS = 30_000;

/** How long an error may wait for the name that was meant. */
const FOR_A_HINT_MS = 5000;

/** The models of one provider. Nothing is sent, and no setting is judged, before the first call. */
export function createModels(options: ModelsOptions): Models {
  const desk = new Desk(options);
  const { streaming = true } = options.provider.capabilities;
  return {
    chat: structured((request, ctx, hear) => desk.stream({ op: 'chat', request, stream: streaming }, ctx, hear)),
    complete: (request, ctx, hear) => desk.stream({ op: 'complete', request, stream: streaming }, ctx, hear),
    embed: (request, ctx) => desk.embed(request, ctx),
    list: (query, ctx) => desk.list(query, ctx),
  };
}

/** Where one provider's questions are made ready, and what is remembered of its answers. */
class Desk {
  readonly #options: ModelsOptions;
  readonly #list: ModelList;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #keys: KeyRing;
  readonly #lessons = new LessonBook();

  constructor(options: ModelsOptions) {
    this.#options = options;
    this.#list = new ModelList(options.clock, (ctx) => this.#askForList(ctx));
    this.#keys = new KeyRing(options.provider.apiKeys);
  }

  async stream(ask: AnswerAsk, ctx: ModelContext, hear: Hear): Promise<void> {
    const settled = this.#named(ask) ?? (await this.#byDefault(ask, ctx));
    const upstream = this.#options;
    const relay = new Relay(hear, ctx.served);
    const work: Work<void> = {
      ask: settled,
      send: (send) => streamAnswer(upstream, send, (events) => relay.pass(events)),
      failed: () => relay.fail(),
      restart: (attempt, reason) => relay.restart(attempt, reason),
    };
    await this.#routed(work, ctx);
  }

  async embed(request: EmbedRequest, ctx: ModelContext): Promise<Embeddings> {
    const asked = { op: 'embed', request } as const;
    const ask = this.#named(asked) ?? (await this.#byDefault(asked, ctx));
    const embeddings = await this.#single(ask, ctx, (body) => this.#options.dialect.decodeEmbeddings(body));
    checkCount(embeddings, ask.request.input.length);
    if (embeddings.model === '') return { ...embeddings, model: ask.request.model };
    ctx.served.model = embeddings.model;
    return embeddings;
  }

  async list(query: ModelQuery, ctx: ModelContext): Promise<ModelListing> {
    const { id, models } = this.#options.provider;
    checkProvider(query.provider, id);
    if (models !== undefined) return { models: models.map((model) => ({ id: model, provider: id })), failed: [] };
    const listed = await this.#list.get(ctx, query.refresh === true);
    return { models: query.detail === true ? await this.#described(listed, ctx) : listed, failed: [] };
  }

  async #askForList(ctx: ModelContext): Promise<readonly ModelInfo[]> {
    checkConfigured(this.#options.provider);
    const { clock, dialect, provider } = this.#options;
    const mostMs = Math.max(MOST_LIST_MS, provider.timeout.firstTokenMs ?? 0);
    const brief = { ...ctx, deadline: Math.min(ctx.deadline, clock.now() + mostMs) };
    const ask = (page: string | undefined): Promise<ModelPage> =>
      this.#single({ op: 'models', ...present({ page }) }, brief, (body) => dialect.decodeModels(body, provider.id));
    return allPages(ask);
  }

  /** The same models, with what takes a question for each of them; one that is not answered is left as it is. */
  async #described(models: readonly ModelInfo[], ctx: ModelContext): Promise<readonly ModelInfo[]> {
    const { dialect } = this.#options;
    if (dialect.decodeModel === undefined) return models;
    const describe = (model: ModelInfo): Promise<ModelInfo> =>
      this.#single(
        { op: 'describe', model: model.id },
        aside(ctx),
        (body) => dialect.decodeModel?.(body, model) ?? model,
      );
    return this.#list.described(models, describe);
  }

  /** The question with the model it names, without our own provider's name in front; undefined when it names none. */
  #named<A extends ModelAsk>(ask: A): A | undefined {
    const { provider } = this.#options;
    checkConfigured(provider);
    const asked = ask.request.model;
    const model = ownName(asked, provider.id, this.#knownIds);
    if (model === '') return undefined;
    return model === asked ? ask : withModel(ask, model);
  }

  async #byDefault<A extends ModelAsk>(ask: A, ctx: ModelContext): Promise<A> {
    const model = await this.#default(ask.op, ctx);
    return withModel(ask, ownName(model, this.#options.provider.id, this.#knownIds));
  }

  get #knownIds(): readonly string[] {
    return this.#options.provider.models ?? this.#list.knownIds;
  }

  async #default(op: ModelAsk['op'], ctx: ModelContext): Promise<string> {
    const { provider, defaultModel } = this.#options;
    const settled = settledDefault({ defaultModel, isOpenAi: isOpenAiUrl(provider.baseUrl) }, op);
    // The list is asked for on behalf of this call, but is none of its attempts.
    return settled ?? onlyModel((await this.list({}, aside(ctx))).models, provider.id);
  }

  #target(ask: Ask): Target {
    const { provider, dialect } = this.#options;
    const { connectMs, idleMs, totalMs } = provider.timeout;
    const model = 'request' in ask ? ask.request.model : ask.op === 'describe' ? ask.model : '';
    return {
      provider: provider.id,
      model,
      dialect,
      endpointOf: this.#endpointOf,
      keys: this.#keys,
      lessons: this.#lessons,
      clocks: { connectMs, idleMs, firstTokenMs: startLimitMs(provider, ask) },
      totalMs,
      ...present({ names: provider.names }),
      nearName: () => nearest(model, this.#knownIds),
    };
  }

  /** One object for each key, the same for every call: dialects remember what they worked out for it. */
  readonly #endpointOf = (apiKey: string): Endpoint => {
    const known = this.#endpoints.get(apiKey);
    if (known !== undefined) return known;
    const { id, type, baseUrl, headers, query, apiVersion } = this.#options.provider;
    const endpoint = { provider: id, type, baseUrl, apiKey, headers, query, ...present({ apiVersion }) };
    this.#endpoints.set(apiKey, endpoint);
    return endpoint;
  };

  async #routed<T>(work: Work<T>, ctx: ModelContext): Promise<T> {
    const target = this.#target(work.ask);
    try {
      return await route(this.#options, { target, work }, ctx);
    } catch (thrown) {
      const fault = Fault.from(thrown);
      throw fault.kind === 'MODEL_NOT_FOUND' ? await this.#nearer(fault, target.model, ctx) : fault;
    }
  }

  /** Says which model may have been meant, where the list is not known yet and comes quickly. */
  async #nearer(fault: Fault, model: string, ctx: ModelContext): Promise<Fault> {
    if (model === '' || this.#knownIds.length > 0) return fault;
    const deadline = Math.min(ctx.deadline, this.#options.clock.now() + FOR_A_HINT_MS);
    await this.#list.get({ ...aside(ctx), deadline }, false).catch(() => []);
    const near = nearest(model, this.#knownIds);
    return near === undefined || near === model ? fault : fault.with({ next: didYouMean(near) });
  }

  /** A question that is answered in one piece, through the same loop. */
  #single<T>(ask: Ask, ctx: ModelContext, decode: (body: string) => T): Promise<T> {
    const upstream = this.#options;
    const work: Work<T> = {
      ask,
      send: (send) => wholeReply(upstream, send, decode),
      failed: () => 0,
      restart: () => {},
    };
    return this.#routed(work, ctx);
  }
}

/** Vectors are told from one another by their place, so one too few makes all of them useless. */
function checkCount({ vectors }: Embeddings, asked: number): void {
  if (vectors.length === asked) return;
  throw new Fault('UPSTREAM', `The upstream answered ${vectors.length} embeddings to ${asked} texts.`, {
    data: { retry: 'never', next: 'Ask for fewer texts at once, or another model.' },
  });
}

function withModel<A extends ModelAsk>(ask: A, model: string): A {
  return { ...ask, request: { ...ask.request, model } };
}
