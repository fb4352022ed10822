// Everything that a call needs, built from one Config: clients, router and the layers around it. The gateway loads it
// with the first call, so that a start compiles none of it. Holds no logic of its own, as the gateway does not.

import type { Config, ProviderConfig } from '../config/config.ts';
import { defaultProviderOf, longestCallMs, providersOf } from '../config/providers/served.ts';
import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import { present } from '../core/json.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { Secrets } from '../core/secrets.ts';
import type { Store } from '../core/store.ts';
import { openMock } from '../mock/embedded.ts';
import type { EmbeddedMock } from '../mock/embedded.ts';
import type { Models } from '../providers/chat.ts';
import type { CommandKeys } from '../providers/command.ts';
import type { Dialects } from '../providers/dialect-of.ts';
import { dialectOf } from '../providers/dialect-of.ts';
import { DIALECTS } from '../providers/dialects/table.ts';
import type { Fetch } from '../providers/fetch.ts';
import { globalFetch } from '../providers/http/global-fetch.ts';
import { pooledFetch } from '../providers/http/pooled-fetch.ts';
import type { PooledFetch } from '../providers/http/pooled-fetch.ts';
import type { Route } from '../providers/http/way/route.ts';
import { Kept } from '../resilience/kept.ts';
import type { MemoryStore } from '../resilience/memory-store.ts';
import { checkProvider } from '../routing/names/default-model.ts';
import type { ExamineOptions, Examination, Subject } from '../routing/examination/subject.ts';
import { wantedOf } from '../routing/examination/wanted.ts';
import type { Explanation } from '../routing/names/explain.ts';
import type { Need } from '../routing/targets/needs.ts';
import { sightOf } from '../routing/limits/allowed.ts';
import type { Sight } from '../routing/limits/allowed.ts';
import { createRouter } from '../routing/router.ts';
import type { Router } from '../routing/router.ts';
import type { ProviderParts } from '../routing/targets/settings.ts';
import { UsageBook } from '../routing/usage/book.ts';
import type { UsageNews } from '../routing/usage/counted.ts';
import { ListsSeen } from '../routing/usage/lists-seen.ts';
import { clientTerms } from './client-terms.ts';
import { allowance, layered } from './layers.ts';

/** Stands for the address of the embedded mock, whose port is not known before it listens. */
const MOCK_URL = 'http://mock.invalid/v1';

/** What is remembered whatever the configuration is: texts and counts apart, so that a rush of one keeps the other. */
export interface Memory {
  readonly texts: MemoryStore;
  readonly counts: Store;
}

/** What the engine says as it happens, to whoever tells clients. */
export interface EngineNews extends UsageNews {
  /** A provider's health check did not end as the one before. */
  probed(): void;
}

export interface EngineParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly memory: Memory;
  readonly news: EngineNews;
  /** The way out of each provider, by its id; absent: connections are not ours. */
  readonly routes?: ReadonlyMap<string, Route>;
  /** By the provider type that speaks each; absent: our own. */
  readonly dialects?: Dialects;
  /** The key commands, by the provider they are for; absent: there are none. */
  readonly commands?: ReadonlyMap<string, CommandKeys>;
}

/** Everything that one configuration decides about calls, built whole before it takes the place of another. Opens nothing. */
export interface Engine {
  readonly models: Models;
  /** Which targets a request for the model would try, and why; sends nothing. */
  explain(model: string, need?: Need): Explanation;
  /** How each provider is, as far as probes and calls have told. */
  health(): ReturnType<Router['health']>;
  /** What of one of the providers works, step by step, as calls meet it. */
  examine(provider: string, options: ExamineOptions): Promise<Examination>;
  /** What was asked since the start, with what that client asked. */
  usage(client: string): ReturnType<UsageBook['of']>;
  /** What a client may see that may not ask for every model; nothing for the others. */
  sightOf(client: string): Sight | undefined;
  /** What the next one goes on with. */
  readonly kept: KeptParts;
  /** Begins the health checks. */
  start(): void;
  /** Ends the health checks and, once the longest call may have ended, the connections that the next one has no use for. */
  retire(next: Engine): void;
  /** Ends the health checks, the upstream connections and the mock. */
  close(): Promise<void>;
}

interface KeptParts {
  readonly router: Router;
  readonly clients: Kept<PooledFetch>;
  readonly mock: EmbeddedMock;
  readonly counts: { readonly book: UsageBook; readonly lists: ListsSeen };
  /** The client of a provider, where it has one of ours. */
  uses(provider: string): PooledFetch | undefined;
}

/** `before` is the one whose place it takes: what is remembered of unchanged providers stays. */
export function createEngine(config: Config, parts: EngineParts, before?: Engine): Engine {
  const { clock, routes } = parts;
  const mock = before?.kept.mock ?? openMock(clock);
  const clients = new Kept(before?.kept.clients);
  const used = new Map<string, PooledFetch>();
  const fetchOf = ({ id }: ProviderConfig): Fetch => {
    if (routes === undefined) return globalFetch();
    const route = routes.get(id) ?? {};
    const client = clients.of(id, route, () => pooledFetch({ clock, route }));
    used.set(id, client);
    return client;
  };
  const providers = providerParts(config, parts, { fetchOf, mock });
  const router = routerOf(config, parts, providers, before?.kept.router);
  const counts = before?.kept.counts ?? { book: new UsageBook(), lists: new ListsSeen() };
  const asking = { limitsOf: clientTerms(config), ...present({ defaultProvider: defaultProviderOf(config) }) };
  return {
    models: layered(router, config, { ...parts, ...asking, counting: { ...counts, news: parts.news } }),
    usage: (client) => counts.book.of(client),
    sightOf: (client) => sightOf(allowance(config, asking), client),
    explain: (model, need) => router.explain(model, need),
    health: () => router.health(),
    async examine(id, options) {
      const { examine } = await import('../routing/examination/examine.ts');
      return examine(subjectOf(id, { config, router, providers, parts }), parts, options);
    },
    kept: { router, clients, mock, counts, uses: (id) => used.get(id) },
    start: () => router.probes.start(),
    retire(next) {
      router.probes.stop();
      const idle = [...used].filter(([id, client]) => next.kept.uses(id) !== client);
      if (idle.length > 0) clock.after(longestCallMs(config), () => idle.forEach(([, client]) => client.close()));
    },
    async close() {
      router.probes.stop();
      for (const client of used.values()) client.close();
      await mock.close();
    },
  };
}

interface RouterParts {
  readonly fetchOf: (provider: ProviderConfig) => Fetch;
  readonly mock: EmbeddedMock;
}

function providerParts(config: Config, parts: EngineParts, { fetchOf, mock }: RouterParts): readonly ProviderParts[] {
  const { dialects = DIALECTS } = parts;
  const partsOf = (provider: ProviderConfig): ProviderParts => {
    const dialect = dialectOf(provider, dialects);
    const isEmbedded = provider.type === 'mock' && provider.baseUrl === '';
    const command = provider.apiKeyCommand === undefined ? undefined : parts.commands?.get(provider.id);
    const living = present({ apiKeys: command?.keys, keysUnderWay: command?.underWay });
    if (!isEmbedded) return { settings: { ...provider, ...living }, dialect, fetch: fetchOf(provider) };
    const settings = { ...provider, baseUrl: MOCK_URL, defaultModel: 'echo' };
    return { settings, dialect, fetch: reaching(mock, fetchOf(provider)) };
  };
  return providersOf(config).map(partsOf);
}

/** A client that finds the mock under the address that stands for it. */
function reaching(mock: EmbeddedMock, fetch: Fetch): Fetch {
  return async (url, request) => fetch(url.replace(MOCK_URL, await mock.url()), request);
}

function routerOf(config: Config, parts: EngineParts, providers: readonly ProviderParts[], previous?: Router): Router {
  const { clock, random, secrets, log } = parts;
  const { aliases, bareNames, prices, maxRetries, defaultModel } = config;
  const routing = { ...config.routing, ...present({ defaultProvider: defaultProviderOf(config) }) };
  const shared = { clock, random, secrets, log };
  const probed = (): void => parts.news.probed();
  const options = { ...shared, providers, bareNames, aliases, prices, maxRetries, routing, probed };
  return createRouter({ ...options, ...present({ defaultModel }) }, previous);
}

interface Examined {
  readonly config: Config;
  readonly router: Router;
  readonly providers: readonly ProviderParts[];
  readonly parts: EngineParts;
}

/** What an examination of the provider is about. Throws `INVALID_INPUT` when there is none of that name. */
function subjectOf(id: string, { config, router, providers, parts }: Examined): Subject {
  checkProvider(
    id,
    providers.map(({ settings }) => settings.id),
  );
  const [first] = providers;
  const own = providers.find(({ settings }) => settings.id === id) ?? first;
  if (own === undefined) throw new Fault('NOT_CONFIGURED', 'No model API is configured.');
  const provider = providersOf(config).find((one) => one.id === id);
  const isEmbedded = provider?.baseUrl === '';
  const route = isEmbedded ? undefined : parts.routes?.get(id);
  const commands = parts.commands?.get(id);
  return {
    parts: own,
    models: router.models,
    wanted: wantedOf(id, { router, aliases: config.aliases }),
    isEmbedded,
    ...present({ route, prepareKeys: commands?.prepare.bind(commands) }),
  };
}
