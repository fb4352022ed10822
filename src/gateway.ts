// Builds every object from one Config and wires the rooms together; the only file that knows them all. It holds
// no logic of its own: what it decides is who is handed what.

import { Budget } from './access/budget.ts';
import { ClientGate } from './access/client-limits.ts';
import { createCatalog } from './catalog/catalog.ts';
import { createModelMethods } from './catalog/model-methods.ts';
import type { Catalog, ModelMethods } from './catalog/tool.ts';
import type { Terms } from './catalog/tools/terms.ts';
import type { Config, ProviderConfig } from './config/config.ts';
import type { Clock } from './core/clock.ts';
import { Fault } from './core/fault.ts';
import { present } from './core/json.ts';
import { stack } from './core/layer.ts';
import type { Layer } from './core/layer.ts';
import type { Log } from './core/log.ts';
import { costUsd, priceOf } from './core/price.ts';
import type { TokenCounts } from './core/price.ts';
import type { Random } from './core/random.ts';
import type { Secrets } from './core/secrets.ts';
import { soonAfter } from './core/store.ts';
import type { Store } from './core/store.ts';
import { createMock } from './mock/server.ts';
import type { Mock } from './mock/server.ts';
import { NEWEST_WITH_HANDSHAKE } from './protocol/revisions.ts';
import type { Dialect } from './providers/dialect.ts';
import { DIALECTS } from './providers/dialects/table.ts';
import type { Models } from './providers/chat.ts';
import type { Fetch } from './providers/fetch.ts';
import { commandKeys } from './providers/command.ts';
import type { CommandKeys } from './providers/command.ts';
import { loadPlugIns } from './providers/plugins.ts';
import type { Loading } from './providers/plugins.ts';
import { globalFetch } from './providers/http/global-fetch.ts';
import { pooledFetch } from './providers/http/pooled-fetch.ts';
import type { PooledFetch } from './providers/http/pooled-fetch.ts';
import { routeFault } from './providers/http/way/route.ts';
import type { Route } from './providers/http/way/route.ts';
import { Kept } from './resilience/kept.ts';
import { MemoryStore } from './resilience/memory-store.ts';
import { batched } from './routing/batch/embed-batches.ts';
import { cached } from './routing/cache/cached.ts';
import type { Explanation } from './routing/explain.ts';
import { charged } from './routing/limits/charged.ts';
import type { Reserve } from './routing/limits/charged.ts';
import { priced } from './routing/priced.ts';
import { examine } from './routing/examination/examine.ts';
import type { ExamineOptions, Examination, Subject } from './routing/examination/subject.ts';
import { wantedOf } from './routing/examination/wanted.ts';
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
  /** The key commands, by the provider they are for; absent: there are none. */
  readonly commands?: KeyCommands;
}

export type KeyCommands = ReadonlyMap<string, CommandKeys>;

export type Dialects = Readonly<Record<string, Dialect>>;

/** Our dialects and those of the configured plug-ins, which are loaded now. Rejects with `CONFIG` when one cannot be used. */
export async function openDialects({ plugins }: Config, loading: Loading): Promise<Dialects> {
  return { ...DIALECTS, ...(await loadPlugIns(plugins, new Set(Object.keys(DIALECTS)), loading)) };
}

/** The key commands of a configuration, run for the first time. Rejects with `CONFIG` when one yields no key. */
export function openKeyCommands(
  config: Config,
  { clock, log, secrets }: GatewayParts,
): KeyCommands | Promise<KeyCommands> {
  const commands = new Map<string, CommandKeys>();
  for (const { id, apiKeyCommand } of providersOf(config)) {
    if (apiKeyCommand !== undefined)
      commands.set(id, commandKeys({ ...apiKeyCommand, provider: id, clock, log, secrets }));
  }
  if (commands.size === 0) return commands;
  return Promise.all([...commands.values()].map((one) => one.prepare())).then(() => commands);
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
  /**
   * Goes by another configuration from the next call on; calls under way end on the one they began with. What is
   * remembered of unchanged providers stays. Throws `CONFIG` when it cannot work, and then nothing has changed.
   */
  reload(config: Config): void;
  /** What of one of the providers works, step by step, as calls meet it. */
  examine(provider: string, options: ExamineOptions): Promise<Examination>;
  /** Ends the upstream connections and the mock. Stop what is served first. */
  close(): Promise<void>;
}

export function createGateway(config: Config, parts: GatewayParts): Gateway {
  const mock = openMock(parts);
  const memory = openMemory(config, parts.clock);
  let graph = buildGraph(config, { parts, mock, memory });
  graph.router.probes.start();
  const mcp = mcpOptions(config, parts, () => graph);
  const told = new Set<() => void>();
  const serve = (link: Link): Serving => serving(link, mcp, parts, told);
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
    explain: (model, need) => graph.router.explain(model, need),
    examine: async (id, options) => examine(graph.subject(id), parts, options),
    reload(next) {
      const before = graph;
      graph = buildGraph(next, { parts, mock, memory }, before);
      before.router.probes.stop();
      graph.router.probes.start();
      before.retire(graph);
      if (toolNames(graph) !== toolNames(before)) for (const tell of told) tell();
    },
    async close() {
      graph.router.probes.stop();
      graph.close();
      for (const command of parts.commands?.values() ?? []) command.stop();
      await mock.close();
    },
  };
}

/** Serves one link; while it does, what is in `told` tells its peer that other tools are listed. */
function serving(link: Link, mcp: McpOptions, { clock, log }: GatewayParts, told: Set<() => void>): Serving {
  const handlers = mcpHandlers(mcp);
  const request = logged(log, clock)((message, ctx) => handlers.request(message, ctx));
  const connection = new Connection({ link, handlers: { ...handlers, request }, clock, log });
  const tell = (): void => {
    const method = handlers.toolsChanged();
    if (method !== undefined) connection.announce(method);
  };
  told.add(tell);
  return { done: connection.run().finally(() => told.delete(tell)), stop: (why) => connection.stop(why) };
}

/** What is remembered whatever the configuration is: texts and counts apart, so that a rush of one keeps the other. */
interface Memory {
  readonly texts: Store;
  readonly counts: Store;
}

const MAX_ENTRIES = 100_000;
const COUNTS_BYTES = 32 * 1024 ** 2;

function openMemory({ cache }: Config, clock: Clock): Memory {
  return {
    texts: new MemoryStore(clock, { maxEntries: MAX_ENTRIES, maxBytes: cache.maxBytes }),
    counts: new MemoryStore(clock, { maxEntries: MAX_ENTRIES, maxBytes: COUNTS_BYTES }),
  };
}

interface GraphParts {
  readonly parts: GatewayParts;
  readonly mock: EmbeddedMock;
  readonly memory: Memory;
}

/** Everything that one configuration decides, built whole before it takes the place of another. Opens nothing. */
interface Graph {
  readonly router: Router;
  readonly clients: Kept<PooledFetch>;
  readonly catalog: Catalog;
  readonly methods: ModelMethods;
  readonly gate: ClientGate;
  readonly totalMs: number;
  /** What an examination of the provider is about. */
  subject(provider: string): Subject;
  /** The client of a provider, where it has one of ours. */
  uses(provider: string): PooledFetch | undefined;
  /** Ends the connections that the next one has no use for, once the longest call may have ended. */
  retire(next: Graph): void;
  close(): void;
}

function buildGraph(config: Config, { parts, mock, memory }: GraphParts, before?: Graph): Graph {
  const { clock } = parts;
  const clients = new Kept(before?.clients);
  const used = new Map<string, PooledFetch>();
  const fetchOf = (provider: ProviderConfig): Fetch => {
    if (config.upstreamClient === 'fetch') return globalFetch();
    const route = routeOf(provider, config);
    const client = clients.of(provider.id, route, () => pooledFetch({ clock, route }));
    used.set(provider.id, client);
    return client;
  };
  const providers = providerParts(config, parts, { fetchOf, mock });
  const router = routerOf(config, parts, providers, before?.router);
  const terms = termsOf(config, layered(router, config, { clock, memory }));
  const totalMs = Math.max(...[MOCK_PROVIDER, ...providersOf(config)].map(({ timeout }) => timeout.totalMs));
  return {
    router,
    clients,
    catalog: createCatalog({ ...terms, tools: config.tools }),
    methods: createModelMethods(terms, clock),
    gate: new ClientGate({ store: memory.counts, clock, limits: config.limits.perClient }),
    totalMs,
    retire(next) {
      const idle = [...used].filter(([id, client]) => next.uses(id) !== client);
      if (idle.length > 0) clock.after(totalMs, () => idle.forEach(([, client]) => client.close()));
    },
    uses: (id) => used.get(id),
    subject: (id) => subjectOf(id, { config, router, providers, commands: parts.commands }),
    close() {
      for (const client of used.values()) client.close();
    },
  };
}

function layered(router: Router, config: Config, { clock, memory }: { clock: Clock; memory: Memory }): Models {
  const { cache, prices, limits } = config;
  const budget = new Budget({ store: memory.counts, clock, limits: limits.perClient });
  const hasBudget = limits.perClient.budgetUsdPerDay !== undefined || limits.perClient.budgetTokensPerDay !== undefined;
  const layers: Layer<Models>[] = [
    cached({ ...cache, store: memory.texts, clock, targetsOf: (model) => router.targetsOf(model) }),
    priced(prices),
  ];
  if (hasBudget) layers.push(charged(reserving(budget, router, prices)));
  layers.push(batched({ clock }));
  return stack(...layers)(router.models);
}

/** What a call may take is that of the dearest target its name leads to. */
function reserving(budget: Budget, router: Router, prices: Config['prices']): Reserve {
  const dearest = (model: string, counts: TokenCounts): number =>
    Math.max(
      0,
      ...(router.targetsOf(model) ?? []).map((target) => {
        const price = priceOf(prices, target.provider, target.model);
        return (price === undefined ? undefined : costUsd(counts, price)) ?? 0;
      }),
    );
  const tokens = ({ inputTokens = 0, outputTokens = 0 }: TokenCounts): number => inputTokens + outputTokens;
  return (model, estimate, ctx) =>
    soonAfter(
      budget.reserve(ctx.client ?? '', { usd: dearest(model, estimate), tokens: tokens(estimate) }),
      (held) => ({
        settle(usage, served) {
          const price = priceOf(prices, served.provider, served.model);
          const usd = usage.costUsd ?? (price === undefined ? undefined : costUsd(usage, price));
          return held.settle({ usd, tokens: tokens(usage) });
        },
      }),
    );
}

/** Throws `CONFIG` for a way out that cannot work. */
function routeOf(provider: ProviderConfig, { proxies, authorities }: Config): Route {
  const { proxy, tls, socketPath, baseUrl } = provider;
  const route: Route = { proxies, ...present({ authorities, proxy, tls, socketPath }) };
  const fault = baseUrl === '' ? undefined : routeFault(route, baseUrl, 'pooled');
  if (fault !== undefined) throw fault.with({ provider: provider.id });
  return route;
}

function toolNames({ catalog }: Graph): string {
  return catalog.tools.map(({ name }) => name).join(' ');
}

function mcpOptions(config: Config, parts: GatewayParts, graph: () => Graph): McpOptions {
  const { clock, random, log, secrets, version } = parts;
  return {
    catalog: () => graph().catalog,
    methods: {
      list: (params, ctx) => graph().methods.list(params, ctx),
      complete: (params, ctx) => graph().methods.complete(params, ctx),
      createCompletion: (params, ctx) => graph().methods.createCompletion(params, ctx),
    },
    info: { name: config.server.name ?? NAME, version, title: TITLE },
    instructions: config.server.instructions ?? INSTRUCTIONS,
    // Without a file there is nothing to read again.
    changes: { tools: config.file !== undefined },
    enter: (client) => graph().gate.enter(client),
    progress: config.progress,
    clock,
    random,
    log,
    get totalMs() {
      return graph().totalMs;
    },
    pageSize: PAGE_SIZE,
    scrub: (text) => secrets.scrub(text),
  };
}

function termsOf(config: Config, models: Models): Terms {
  return {
    models,
    providers: providersOf(config).map(({ id }) => id),
    mainProvider: defaultProviderOf(config),
    allowedRoots: config.allowedRoots,
    maxOutputChars: config.maxOutputChars,
    generateTemperature: config.generateTemperature,
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

interface RouterParts {
  readonly fetchOf: (provider: ProviderConfig) => Fetch;
  readonly mock: EmbeddedMock;
}

function providerParts(config: Config, parts: GatewayParts, { fetchOf, mock }: RouterParts): readonly ProviderParts[] {
  const { dialects = DIALECTS } = parts;
  const partsOf = (provider: ProviderConfig): ProviderParts => {
    const dialect = dialects[provider.type];
    if (dialect === undefined) throw unknownType(provider, dialects);
    const isEmbedded = provider.type === 'mock' && provider.baseUrl === '';
    const apiKeys = provider.apiKeyCommand === undefined ? undefined : parts.commands?.get(provider.id)?.keys;
    if (!isEmbedded) return { settings: { ...provider, ...present({ apiKeys }) }, dialect, fetch: fetchOf(provider) };
    const settings = { ...provider, baseUrl: MOCK_URL, defaultModel: 'echo' };
    return { settings, dialect, fetch: mock.reach(fetchOf(provider)) };
  };
  return providersOf(config).map(partsOf);
}

function routerOf(config: Config, parts: GatewayParts, providers: readonly ProviderParts[], previous?: Router): Router {
  const { clock, random, secrets, log } = parts;
  const { aliases, bareNames, prices, maxRetries, defaultModel } = config;
  const routing = { ...config.routing, ...present({ defaultProvider: defaultProviderOf(config) }) };
  const shared = { clock, random, secrets, log };
  const options = { ...shared, providers, bareNames, aliases, prices, maxRetries, routing };
  return createRouter({ ...options, ...present({ defaultModel }) }, previous);
}

interface Examined {
  readonly config: Config;
  readonly router: Router;
  readonly providers: readonly ProviderParts[];
  readonly commands: KeyCommands | undefined;
}

/** What an examination of the provider is about. Throws `INVALID_INPUT` when there is none of that name. */
function subjectOf(id: string, { config, router, providers, commands }: Examined): Subject {
  checkProvider(
    id,
    providers.map(({ settings }) => settings.id),
  );
  const [first] = providers;
  const own = providers.find(({ settings }) => settings.id === id) ?? first;
  if (own === undefined) throw new Fault('NOT_CONFIGURED', 'No model API is configured.');
  const provider = providersOf(config).find((one) => one.id === id);
  const isEmbedded = provider?.baseUrl === '';
  const route =
    provider === undefined || isEmbedded || config.upstreamClient === 'fetch' ? undefined : routeOf(provider, config);
  return {
    parts: own,
    models: router.models,
    wanted: wantedOf(id, { router, aliases: config.aliases }),
    isEmbedded,
    ...present({ route, prepareKeys: commands?.get(id)?.prepare.bind(commands.get(id)) }),
  };
}

/** Only possible with plug-ins: without them the configuration has checked the type. */
function unknownType({ id, type }: ProviderConfig, dialects: Dialects): Fault {
  const known = Object.keys(dialects).join(', ');
  return new Fault('CONFIG', `The type "${type}" of the provider ${id} is that of no plug-in. Known are ${known}.`);
}

/** The mock inside this process; it starts with the first request to it. */
interface EmbeddedMock {
  /** A client that finds it under the address that stands for it. */
  reach(fetch: Fetch): Fetch;
  close(): Promise<void>;
}

function openMock({ clock }: GatewayParts): EmbeddedMock {
  let mock: Promise<Mock> | undefined;
  let isClosed = false;
  return {
    reach: (fetch) => async (url, request) => {
      if (isClosed) throw new Fault('cancelled', 'The server was stopped.');
      mock ??= createMock({ clock });
      return fetch(url.replace(MOCK_URL, (await mock).url), request);
    },
    async close() {
      isClosed = true;
      await (await mock)?.close();
    },
  };
}
