// The engine of the configuration in force, for whoever asks before there is one: it is loaded with the first call. What
// must be wrong at the start and not at that call is checked here.

import type { Config, ProviderConfig } from '../config/config.ts';
import { providersOf } from '../config/providers/served.ts';
import { Fault } from '../core/fault.ts';
import { present } from '../core/json.ts';
import { soonAfter } from '../core/store.ts';
import type { Soon } from '../core/store.ts';
import type { Models } from '../providers/chat.ts';
import { dialectOf } from '../providers/dialect-of.ts';
import { routeFault } from '../providers/http/way/route.ts';
import type { Route } from '../providers/http/way/route.ts';
import type { createEngine, Engine, EngineParts } from './engine.ts';

/** The engine of the configuration in force: loaded when it is first asked for, built anew with each reload from then on. */
export class Engines {
  readonly #parts: Omit<EngineParts, 'routes'>;
  #create: typeof createEngine | undefined;
  #config: Config;
  #routes: Pick<EngineParts, 'routes'>;
  #engine: Engine | undefined;
  #isClosed = false;

  /** Throws `CONFIG` when a call could not work. */
  constructor(config: Config, parts: Omit<EngineParts, 'routes'>) {
    this.#parts = parts;
    this.#config = config;
    this.#routes = checked(config, parts);
    this.#startChecks();
  }

  /** The one there is already. */
  get opened(): Engine | undefined {
    return this.#engine;
  }

  /** How the providers are, as far as calls have told. */
  health(): ReturnType<Engine['health']> {
    return this.#engine?.health() ?? providersOf(this.#config).map(({ id }) => ({ id, well: true, open: [] }));
  }

  /** What was asked since the start; nothing before the first call. */
  usage(client: string): ReturnType<Engine['usage']> {
    return this.#engine?.usage(client) ?? { total: UNUSED, models: [], client: UNUSED };
  }

  get(): Soon<Engine> {
    return this.#engine ?? this.#open();
  }

  /** Throws `CONFIG` when a call could not work, and then nothing has changed. */
  reload(config: Config): void {
    const routes = checked(config, this.#parts);
    const before = this.#engine;
    const next = before === undefined ? undefined : this.#create?.(config, { ...this.#parts, ...routes }, before);
    this.#config = config;
    this.#routes = routes;
    if (before === undefined || next === undefined) return this.#startChecks();
    this.#engine = next;
    before.retire(next);
    next.start();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#engine?.close();
  }

  /** Health checks do not wait for a call, and what fails here is told by the first one. */
  #startChecks(): void {
    const isChecked = providersOf(this.#config).some(({ healthCheck }) => healthCheck !== undefined);
    if (isChecked) this.#open().catch(() => {});
  }

  async #open(): Promise<Engine> {
    const { createEngine: create } = await import('./engine.ts');
    if (this.#isClosed) throw new Fault('cancelled', 'The server was stopped.');
    if (this.#engine !== undefined) return this.#engine;
    this.#create = create;
    this.#engine = create(this.#config, { ...this.#parts, ...this.#routes });
    this.#engine.start();
    return this.#engine;
  }
}

const UNUSED = { requests: 0, failed: 0, cached: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };

/** What could otherwise only fail with the first call: throws `CONFIG` for it. Gives the ways out. */
function checked(config: Config, { dialects }: Pick<EngineParts, 'dialects'>): Pick<EngineParts, 'routes'> {
  const providers = providersOf(config);
  if (dialects !== undefined) for (const provider of providers) dialectOf(provider, dialects);
  if (config.upstreamClient === 'fetch') return {};
  return { routes: new Map(providers.map((provider) => [provider.id, routeOf(provider, config)])) };
}

/** Throws `CONFIG` for a way out that cannot work. */
function routeOf(provider: ProviderConfig, { proxies, authorities }: Config): Route {
  const { proxy, tls, socketPath, baseUrl } = provider;
  const route: Route = { proxies, ...present({ authorities, proxy, tls, socketPath }) };
  const fault = baseUrl === '' ? undefined : routeFault(route, baseUrl, 'pooled');
  if (fault !== undefined) throw fault.with({ provider: provider.id });
  return route;
}

/** The models of one configuration: of the engine there is, or of the one that the first call loads; and no other's from then on. */
export function lateModels(engines: Engines): Models {
  let own = engines.opened?.models;
  const models = (): Soon<Models> => own ?? soonAfter(engines.get(), (engine) => (own ??= engine.models));
  const ask = <R>(go: (one: Models) => Promise<R>): Promise<R> => {
    const one = models();
    return one instanceof Promise ? one.then(go) : go(one);
  };
  return {
    chat: (request, ctx, hear) => ask((one) => one.chat(request, ctx, hear)),
    complete: (request, ctx, hear) => ask((one) => one.complete(request, ctx, hear)),
    embed: (request, ctx) => ask((one) => one.embed(request, ctx)),
    list: (request, ctx) => ask((one) => one.list(request, ctx)),
  };
}
