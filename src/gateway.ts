// Builds every object from one Config and wires the rooms together; the only file that knows them all. It holds
// no logic of its own: what it decides is who is handed what.

import { createCatalog } from './catalog/catalog.ts';
import { createModelMethods } from './catalog/model-methods.ts';
import type { Terms } from './catalog/tools/terms.ts';
import type { Config, ProviderConfig } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import { Fault } from './core/fault.ts';
import { present } from './core/json.ts';
import type { Log } from './core/log.ts';
import type { Random } from './core/random.ts';
import type { Secrets } from './core/secrets.ts';
import { createMock } from './mock/server.ts';
import type { Mock } from './mock/server.ts';
import { NEWEST_WITH_HANDSHAKE } from './protocol/revisions.ts';
import type { Dialect } from './providers/dialect.ts';
import { DIALECTS } from './providers/dialects/table.ts';
import type { Models } from './providers/chat.ts';
import type { Fetch } from './providers/fetch.ts';
import { loadPlugIns } from './providers/plugins.ts';
import { globalFetch } from './providers/http/global-fetch.ts';
import { pooledFetch } from './providers/http/pooled-fetch.ts';
import type { Route } from './providers/http/way/route.ts';
import { examine } from './routing/examination/examine.ts';
import type { ExamineOptions, Examination, Subject } from './routing/examination/subject.ts';
import { wantedOf } from './routing/examination/wanted.ts';
import type { Explanation } from './routing/explain.ts';
import type { Need } from './routing/needs.ts';
import { checkProvider } from './routing/default-model.ts';
import { createRouter } from './routing/router.ts';
import type { Router } from './routing/router.ts';
import type { ProviderParts } from './routing/settings.ts';
import { Connection } from './rpc/connection.ts';
import { logged } from './rpc/dispatcher.ts';
import type { Link } from './rpc/link.ts';
import { memoryPair } from './rpc/memory-link.ts';
import type { MemoryPeer } from './rpc/memory-link.ts';
import { mcpHandlers } from './server/serve.ts';
import type { McpOptions } from './server/context.ts';
import { stdioLink } from './transports/stdio.ts';

const NAME = 'anymodel-mcp';
const TITLE = 'Any model';
const INSTRUCTIONS =
  'Asks language models of the configured API. Use chat for conversations, generate for one prompt, ' +
  'list_models to see the model names, embed for vectors.';

/** More tools than this on one page would be missed by the clients that read the first page only. */
const PAGE_SIZE = 100;

/** The embedded mock's own name in `mock/echo`; its port is not known before it listens. */
const MOCK_ID = 'mock';
const MOCK_URL = 'http://mock.invalid/v1';

const MOCK_PROVIDER: ProviderConfig = {
  id: MOCK_ID,
  type: 'mock',
  baseUrl: '',
  apiKeys: () => [],
  headers: {},
  query: {},
  capabilities: {},
  timeout: { connectMs: 10_000, idleMs: 30_000, totalMs: 600_000 },
  priority: 1,
  weight: 1,
  rateLimits: {},
};

export interface GatewayParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
  readonly log: Log;
  /** Our release. */
  readonly version: string;
  /** By the provider type that speaks each; absent: our own. */
  readonly dialects?: Dialects;
}

export type Dialects = Readonly<Record<string, Dialect>>;

/** Our dialects and those of the configured plug-ins, which are loaded now. Rejects with `CONFIG` when one cannot be used. */
export async function openDialects({ plugins }: Config): Promise<Dialects> {
  return { ...DIALECTS, ...(await loadPlugIns(plugins, new Set(Object.keys(DIALECTS)))) };
}

/** A conversation under way. */
export interface Serving {
  /** Settles when the peer has gone, or after `stop`; never rejects. */
  readonly done: Promise<void>;
  /** Cancels what runs and closes. */
  stop(why: Fault): void;
}

export interface Gateway {
  /** The newest revision that opens with a handshake: what our own commands speak. */
  readonly revision: string;
  /** Serves the client that started this process. */
  serveStdio(streams: { stdin: NodeJS.ReadableStream; stdout: NodeJS.WritableStream }): Serving;
  /** A client inside the process; closing it ends its conversation. */
  connect(): MemoryPeer;
  /** The ids of the providers, the main one first. */
  readonly providers: readonly string[];
  /** Which targets a request for the model would try, and why; sends nothing. */
  explain(model: string, need?: Need): Explanation;
  /** What of one of the providers works, step by step, as calls meet it. */
  examine(provider: string, options: ExamineOptions): Promise<Examination>;
  /** Ends the upstream connections and the mock. Stop what is served first. */
  close(): Promise<void>;
}

export function createGateway(config: Config, parts: GatewayParts): Gateway {
  const upstream = openUpstream(config, parts);
  const router = routerOf(config, parts, upstream.fetch);
  const mcp = mcpOptions(config, parts, router.models);
  router.probes.start();
  const serve = (link: Link): Serving => {
    const { clock, log } = parts;
    const handlers = mcpHandlers(mcp);
    const request = logged(log, clock)((message, ctx) => handlers.request(message, ctx));
    const connection = new Connection({ link, handlers: { ...handlers, request }, clock, log });
    return { done: connection.run(), stop: (why) => connection.stop(why) };
  };
  return {
    revision: NEWEST_WITH_HANDSHAKE.date,
    serveStdio: (streams) =>
      serve(stdioLink({ ...streams, clock: parts.clock, maxLineBytes: config.maxLineBytes, scrubber: parts.secrets })),
    connect() {
      const { link, peer } = memoryPair();
      void serve(link).done;
      return peer;
    },
    providers: providersOf(config).map(({ id }) => id),
    explain: (model, need) => router.explain(model, need),
    examine: async (id, options) =>
      examine(subjectOf(id, { config, parts, router, fetch: upstream.fetch }), parts, options),
    close() {
      router.probes.stop();
      return upstream.close();
    },
  };
}

function mcpOptions(config: Config, parts: GatewayParts, models: Models): McpOptions {
  const { clock, random, log, secrets, version } = parts;
  const terms: Terms = {
    models,
    providers: providersOf(config).map(({ id }) => id),
    mainProvider: defaultProviderOf(config),
    allowedRoots: config.allowedRoots,
    maxOutputChars: config.maxOutputChars,
    generateTemperature: config.generateTemperature,
  };
  const catalog = createCatalog({ ...terms, tools: config.tools });
  return {
    catalog: () => catalog,
    methods: createModelMethods(terms, clock),
    info: { name: NAME, version, title: TITLE },
    instructions: INSTRUCTIONS,
    progress: config.progress,
    clock,
    random,
    log,
    totalMs: Math.max(...[MOCK_PROVIDER, ...providersOf(config)].map(({ timeout }) => timeout.totalMs)),
    pageSize: PAGE_SIZE,
    scrub: (text) => secrets.scrub(text),
  };
}

/** The embedded mock is the main provider only when it is the only one. */
function mainOf({ provider, others, mock }: Config): ProviderConfig | undefined {
  return provider ?? (mock && others.length === 0 ? MOCK_PROVIDER : undefined);
}

function othersOf(config: Config): readonly ProviderConfig[] {
  const { others, mock } = config;
  return mock && mainOf(config)?.type !== 'mock' ? [...others, MOCK_PROVIDER] : others;
}

/** The main provider first. */
function providersOf(config: Config): readonly ProviderConfig[] {
  const main = mainOf(config);
  return main === undefined ? othersOf(config) : [main, ...othersOf(config)];
}

/** The provider whose models go by their own name. */
function defaultProviderOf(config: Config): string | undefined {
  return config.routing.defaultProvider ?? mainOf(config)?.id;
}

function routerOf(config: Config, parts: GatewayParts, fetch: Fetch): Router {
  const { clock, random, secrets, log } = parts;
  const { aliases, bareNames, prices, maxRetries, defaultModel, routing } = config;
  return createRouter({
    clock,
    random,
    secrets,
    log,
    providers: providersOf(config).map((provider) => providerParts(provider, parts, fetch)),
    bareNames,
    aliases,
    prices,
    maxRetries,
    routing: { ...routing, ...present({ defaultProvider: defaultProviderOf(config) }) },
    ...present({ defaultModel }),
  });
}

function providerParts(provider: ProviderConfig, { dialects = DIALECTS }: GatewayParts, fetch: Fetch): ProviderParts {
  const dialect = dialects[provider.type];
  if (dialect === undefined) throw unknownType(provider, dialects);
  const isEmbedded = provider.type === 'mock' && provider.baseUrl === '';
  const settings = isEmbedded ? { ...provider, baseUrl: MOCK_URL, defaultModel: 'echo' } : provider;
  return { settings, dialect, fetch };
}

interface Examined {
  readonly config: Config;
  readonly parts: GatewayParts;
  readonly router: Router;
  readonly fetch: Fetch;
}

function subjectOf(id: string, { config, parts, router, fetch }: Examined): Subject {
  const all = providersOf(config);
  checkProvider(
    id,
    all.map((one) => one.id),
  );
  const provider = all.find((one) => one.id === id) ?? MOCK_PROVIDER;
  const isEmbedded = provider.baseUrl === '';
  return {
    parts: providerParts(provider, parts, fetch),
    models: router.models,
    wanted: wantedOf(id, { router, aliases: config.aliases }),
    isEmbedded,
    ...present({ route: isEmbedded || config.upstreamClient === 'fetch' ? undefined : routeOf(provider, config) }),
  };
}

function routeOf({ proxy, tls, socketPath }: ProviderConfig, { proxies, authorities }: Config): Route {
  return { proxies, ...present({ proxy, tls, socketPath, authorities }) };
}

/** Only possible with plug-ins: without them the configuration has checked the type. */
function unknownType({ id, type }: ProviderConfig, dialects: Dialects): Fault {
  const known = Object.keys(dialects).join(', ');
  return new Fault('CONFIG', `The type "${type}" of the provider ${id} is that of no plug-in. Known are ${known}.`);
}

interface Upstream {
  readonly fetch: Fetch;
  close(): Promise<void>;
}

/** The client to the network; the embedded mock starts with the first request to it. */
function openUpstream(config: Config, { clock }: GatewayParts): Upstream {
  const pooled = config.upstreamClient === 'pooled' ? pooledFetch({ clock }) : undefined;
  const fetch = pooled ?? globalFetch();
  let mock: Promise<Mock> | undefined;
  let isClosed = false;
  const reach: Fetch = async (url, request) => {
    if (isClosed) throw new Fault('cancelled', 'The server was stopped.');
    mock ??= createMock({ clock });
    return fetch(url.replace(MOCK_URL, (await mock).url), request);
  };
  return {
    fetch: (url, request) => (config.mock && url.startsWith(MOCK_URL) ? reach : fetch)(url, request),
    async close() {
      isClosed = true;
      pooled?.close();
      await (await mock)?.close();
    },
  };
}
