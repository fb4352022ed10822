// Everything the catalog asks of models, over one provider: it settles the model, sends through the one retry
// loop, and keeps what is remembered between calls (keys that are out, lessons, the list of models).

import { Fault } from '../core/fault.ts';
import { nearest } from '../core/nearest.ts';
import { streamAnswer } from '../providers/attempt/stream-answer.ts';
import { wholeReply } from '../providers/attempt/whole-reply.ts';
import type {
  ChatEvent,
  EmbedRequest,
  Embeddings,
  ModelContext,
  ModelInfo,
  ModelQuery,
  Models,
} from '../providers/chat.ts';
import type { Ask, Endpoint } from '../providers/dialect.ts';
import { checkConfigured, checkProvider, onlyModel, ownName, settledDefault } from './default-model.ts';
import { KeyRing } from './keys.ts';
import { LessonBook } from './lessons.ts';
import { ModelList } from './model-list.ts';
import { Received } from './received.ts';
import { isOpenAi, startLimitMs } from './patience.ts';
import { route } from './route.ts';
import type { Work } from './route.ts';
import type { ModelsOptions } from './settings.ts';
import type { Target } from './turn.ts';

type Batch = readonly ChatEvent[];
type ModelAsk = Exclude<Ask, { op: 'models' }>;

/** The models of one provider. Nothing is sent, and no setting is judged, before the first call. */
export function createModels(options: ModelsOptions): Models {
  const desk = new Desk(options);
  const { streaming = true } = options.provider.capabilities;
  return {
    chat: (request, ctx) => desk.stream({ op: 'chat', request, stream: streaming }, ctx),
    complete: (request, ctx) => desk.stream({ op: 'complete', request, stream: streaming }, ctx),
    embed: (request, ctx) => desk.embed(request, ctx),
    list: (query, ctx) => desk.list(query, ctx),
  };
}

/** Where one provider's questions are made ready, and what is remembered of its answers. */
class Desk {
  readonly #options: ModelsOptions;
  readonly #list: ModelList;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #common: Pick<Target, 'provider' | 'dialect' | 'endpointOf' | 'keys' | 'lessons' | 'totalMs'>;

  constructor(options: ModelsOptions) {
    const { provider, dialect, clock } = options;
    this.#options = options;
    this.#list = new ModelList(clock, (ctx) => this.#askForList(ctx));
    this.#common = {
      provider: provider.id,
      dialect,
      endpointOf: (key) => this.#endpointOf(key),
      keys: new KeyRing(provider.apiKeys),
      lessons: new LessonBook(),
      totalMs: provider.timeout.totalMs,
    };
  }

  stream(ask: Extract<Ask, { stream: boolean }>, ctx: ModelContext): AsyncIterable<Batch> {
    const plan = async () => {
      const settled = await this.#settle(ask, ctx);
      return { target: this.#target(settled), work: this.#streamWork(settled, ctx) };
    };
    return route(this.#options, plan, ctx);
  }

  async embed(request: EmbedRequest, ctx: ModelContext): Promise<Embeddings> {
    const ask = await this.#settle({ op: 'embed', request } as const, ctx);
    const embeddings = await this.#single(ask, ctx, (body) => this.#options.dialect.decodeEmbeddings(body));
    if (embeddings.model === '') return { ...embeddings, model: ask.request.model };
    ctx.served.model = embeddings.model;
    return embeddings;
  }

  async list(query: ModelQuery, ctx: ModelContext): Promise<readonly ModelInfo[]> {
    const { id, models } = this.#options.provider;
    checkProvider(query.provider, id);
    if (models !== undefined) return models.map((model) => ({ id: model, provider: id }));
    return this.#list.get(ctx, query.refresh === true);
  }

  async #askForList(ctx: ModelContext): Promise<readonly ModelInfo[]> {
    checkConfigured(this.#options.provider);
    const { dialect, provider } = this.#options;
    return this.#single({ op: 'models' }, ctx, (body) => dialect.decodeModels(body, provider.id));
  }

  /** The question with the model it means. */
  async #settle<A extends ModelAsk>(ask: A, ctx: ModelContext): Promise<A> {
    const { provider } = this.#options;
    checkConfigured(provider);
    const known = provider.models ?? this.#list.knownIds;
    const asked = ownName(ask.request.model, provider.id, known);
    const model = asked === '' ? ownName(await this.#default(ask.op, ctx), provider.id, known) : asked;
    return model === ask.request.model ? ask : { ...ask, request: { ...ask.request, model } };
  }

  async #default(op: ModelAsk['op'], ctx: ModelContext): Promise<string> {
    const { provider, defaultModel } = this.#options;
    const settled = settledDefault({ defaultModel, isOpenAi: isOpenAi(provider.baseUrl) }, op);
    // The list is asked for on behalf of this call, but is none of its attempts.
    return settled ?? onlyModel(await this.list({}, aside(ctx)), provider.id);
  }

  #target(ask: Ask): Target {
    const { provider } = this.#options;
    const model = ask.op === 'models' ? '' : ask.request.model;
    const { connectMs, idleMs } = provider.timeout;
    const known = provider.models ?? this.#list.knownIds;
    return {
      ...this.#common,
      model,
      clocks: { connectMs, idleMs, firstTokenMs: startLimitMs(provider, ask) },
      nearName: () => nearest(model, known),
    };
  }

  /** One object for each key, the same for every call: dialects remember what they worked out for it. */
  #endpointOf(apiKey: string): Endpoint {
    const known = this.#endpoints.get(apiKey);
    if (known !== undefined) return known;
    const { id, baseUrl, headers, query } = this.#options.provider;
    const endpoint = { provider: id, baseUrl, apiKey, headers, query };
    this.#endpoints.set(apiKey, endpoint);
    return endpoint;
  }

  #streamWork(ask: Ask, ctx: ModelContext): Work<Batch> {
    const received = new Received();
    return {
      ask,
      send: (send) => streamAnswer(this.#options, send, ctx),
      restart: (attempt, reason) => [{ type: 'restart', attempt, reason }],
      note(events) {
        received.note(events);
        const [first] = events;
        if (first?.type === 'start' && first.model !== undefined) ctx.served.model = first.model;
      },
      failed() {
        received.startAgain();
        return received.characters;
      },
    };
  }

  /** A question that is answered in one piece, through the same loop. */
  async #single<T>(ask: Ask, ctx: ModelContext, decode: (body: string) => T): Promise<T> {
    const upstream = this.#options;
    const work: Work<T> = {
      ask,
      async *send(send) {
        yield await wholeReply(upstream, send, ctx, decode);
      },
      restart: () => undefined,
      note: () => {},
      failed: () => 0,
    };
    const plan = () => Promise.resolve({ target: this.#target(ask), work });
    const answers: T[] = [];
    for await (const answer of route(this.#options, plan, ctx)) answers.push(answer);
    const [answer] = answers;
    if (answer === undefined) throw new Fault('internal', 'The route ended without an answer.');
    return answer;
  }
}

/** The same call, with a record of its own. */
function aside(ctx: ModelContext): ModelContext {
  const { cancel, deadline, log, requestId } = ctx;
  const served = { provider: '', model: '', attempts: [], changed: [] };
  return { cancel, deadline, log, requestId, served, phase: (phase, attempt) => ctx.phase(phase, attempt) };
}
