// One provider's desk: where questions to it are made ready, with its endpoints, keys and list of models. What it
// remembers is in its memory, which outlives it when the configuration is read again.

import { canonical } from '../../core/canonical.ts';
import { sha256Hex } from '../../core/digest.ts';
import { present } from '../../core/json.ts';
import type { Send, Upstream } from '../../providers/attempt/attempt.ts';
import { isOpenAiUrl } from '../../providers/base-url.ts';
import { wholeReply } from '../../providers/attempt/whole-reply.ts';
import type { ModelContext, ModelInfo, ModelListing, ModelQuery } from '../../providers/chat.ts';
import type { Ask, Endpoint, ModelAsk, ModelPage } from '../../providers/dialect.ts';
import { aside } from './aside.ts';
import { checkConfigured, onlyModel, ownName, settledDefault } from '../names/default-model.ts';
import { KeyRing } from '../targets/keys.ts';
import { ModelList, allPages } from '../lists/model-list.ts';
import type { ProviderMemory } from '../targets/provider-memory.ts';
import { route } from './route.ts';
import type { ProviderParts, ProviderSettings, Shared } from '../targets/settings.ts';
import { TargetHealth } from '../targets/target-health.ts';
import { Target } from '../targets/target.ts';
import type { RouteOptions } from './turn.ts';

/** A list is short: who does not give it in this time, all attempts and pages together, will not be waited for. */
const MOST_LIST_MS = 30_000;

export interface DeskOptions {
  readonly parts: ProviderParts;
  readonly shared: Shared;
  readonly route: RouteOptions;
  readonly memory: ProviderMemory;
  /** Of the router's default model, where that is this provider's: without the provider's name in front. */
  readonly defaultModel?: string;
}

export class Desk {
  readonly settings: ProviderSettings;
  readonly upstream: Upstream;
  readonly keys: KeyRing;
  readonly memory: ProviderMemory;
  readonly #route: RouteOptions;
  readonly #list: ModelList;
  #openAi: boolean | undefined;
  readonly #defaultModel: string | undefined;
  #credentials: { readonly keys: readonly string[]; readonly digest: string } | undefined;
  readonly #endpoints = new Map<string, Endpoint>();

  constructor({ parts, shared, route: options, memory, defaultModel }: DeskOptions) {
    const { settings, dialect, fetch } = parts;
    const { clock, secrets } = shared;
    this.settings = settings;
    this.upstream = { dialect, fetch, clock, secrets };
    this.keys = new KeyRing(settings.apiKeys, memory.outUntil);
    this.memory = memory;
    this.#route = options;
    this.#list = new ModelList(clock, (ctx) => this.#askForList(ctx), memory.known);
    this.#defaultModel = defaultModel ?? settings.defaultModel;
  }

  /** Asked for every call, and an address does not change. Not before: a bad one is the call's to tell. */
  get #isOpenAi(): boolean {
    return (this.#openAi ??= isOpenAiUrl(this.settings.baseUrl));
  }

  /** Throws `NOT_CONFIGURED` where we know that nothing is answered without what is missing. */
  checkConfigured(): void {
    if (this.#isOpenAi) checkConfigured(this.settings);
  }

  /** A digest of what decides whose answers it gives: address, headers and keys. Never these themselves. */
  credentials(): string {
    const { type, baseUrl, headers, query, apiKeys } = this.settings;
    const keys = apiKeys();
    const known = this.#credentials;
    if (known !== undefined && known.keys.length === keys.length && keys.every((key, i) => key === known.keys[i])) {
      return known.digest;
    }
    const digest = sha256Hex(canonical({ type, baseUrl, headers, query, keys }));
    this.#credentials = { keys, digest };
    return digest;
  }

  /** The model's name without this provider's in front, unless it is listed with it. */
  ownName(model: string): string {
    return ownName(model, this.settings.id, this.knownIds);
  }

  /** Configured, or last heard of; empty when nothing is known. */
  get knownIds(): readonly string[] {
    return this.settings.models ?? this.#list.knownIds ?? [];
  }

  /** Whether it has a model of that name; undefined while its models are not known. */
  has(model: string): boolean | undefined {
    if (this.settings.models !== undefined) return this.settings.models.includes(model);
    return this.#list.knownIds === undefined ? undefined : this.#list.has(model);
  }

  /** Settles when its first list is there or has failed; never rejects. Undefined: there is one, or none is asked for. */
  get firstList(): Promise<unknown> | undefined {
    return this.settings.models === undefined && this.#list.knownIds === undefined ? this.#list.underWay : undefined;
  }

  /** What the list says of one model. */
  infoOf(model: string): ModelInfo | undefined {
    return this.#list.find(model);
  }

  /** Sees to it, in the background, that what is known of its models is not old. */
  freshen(ctx: ModelContext): void {
    if (this.settings.models === undefined) this.#list.freshen(ctx);
  }

  /** The model that is meant where none is named, if that needs no question upstream. */
  settledDefault(op: ModelAsk['op']): string | undefined {
    const model = settledDefault({ defaultModel: this.#defaultModel, isOpenAi: this.#isOpenAi }, op);
    return model === undefined ? undefined : this.ownName(model);
  }

  /** The only model it lists; the list is asked for on behalf of this call, but is none of its attempts. */
  async onlyModel(ctx: ModelContext): Promise<string> {
    const { models } = await this.list({}, aside(ctx));
    return this.ownName(onlyModel(models, this.settings.id));
  }

  async list(query: ModelQuery, ctx: ModelContext): Promise<ModelListing> {
    const { id, models } = this.settings;
    if (models !== undefined) return { models: models.map((model) => ({ id: model, provider: id })), failed: [] };
    const listed = await this.#list.get(ctx, query.refresh === true);
    return { models: query.detail === true ? await this.#described(listed, ctx) : listed, failed: [] };
  }

  /** One object for each key, the same for every call: dialects remember what they worked out for it. */
  endpointOf(apiKey: string): Endpoint {
    const known = this.#endpoints.get(apiKey);
    if (known !== undefined) return known;
    const { id, type, baseUrl, headers, query, apiVersion } = this.settings;
    const endpoint = { provider: id, type, baseUrl, apiKey, headers, query, ...present({ apiVersion }) };
    this.#endpoints.set(apiKey, endpoint);
    return endpoint;
  }

  async #askForList(ctx: ModelContext): Promise<readonly ModelInfo[]> {
    this.checkConfigured();
    const { clock, dialect } = this.upstream;
    const mostMs = Math.max(MOST_LIST_MS, this.settings.timeout.firstTokenMs ?? 0);
    const brief = { ...ctx, deadline: Math.min(ctx.deadline, clock.now() + mostMs) };
    const ask = (page: string | undefined): Promise<ModelPage> =>
      this.#single({ op: 'models', ...present({ page }) }, brief, (body) =>
        dialect.decodeModels(body, this.settings.id),
      );
    return allPages(ask);
  }

  /** The same models, with what takes a question for each of them; one that is not answered is left as it is. */
  async #described(models: readonly ModelInfo[], ctx: ModelContext): Promise<readonly ModelInfo[]> {
    const { dialect } = this.upstream;
    if (dialect.decodeModel === undefined) return models;
    const describe = (model: ModelInfo): Promise<ModelInfo> =>
      this.#single(
        { op: 'describe', model: model.id },
        aside(ctx),
        (body) => dialect.decodeModel?.(body, model) ?? model,
      );
    return this.#list.described(models, describe);
  }

  /** A question about models and not to one, through the same loop. */
  #single<T>(ask: Ask, ctx: ModelContext, decode: (body: string) => T): Promise<T> {
    // How a list is answered says nothing of how a model answers.
    const target = new Target(this, ask.op === 'describe' ? ask.model : '', new TargetHealth());
    const work = {
      ask,
      send: (send: Send): Promise<T> => wholeReply(this.upstream, send, decode),
      failed: () => 0,
      restart: () => {},
      used: () => ({}),
    };
    return route(this.#route, { order: [{ target }], work }, ctx);
  }
}
