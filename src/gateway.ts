// The front of the program: serves MCP over the rooms it wires, and has calls answered by the engine, which it loads
// with the first one. It holds no logic of its own: what it decides is who is handed what.

import { ClientGate } from './access/client-limits.ts';
import { createCatalog } from './catalog/catalog.ts';
import { instructionsFor } from './catalog/instructions.ts';
import { createModelMethods } from './catalog/model-methods.ts';
import type { Catalog, ModelMethods } from './catalog/tool.ts';
import type { Terms } from './catalog/tools/terms.ts';
import type { Config, ProviderConfig } from './config/config.ts';
import { ReloadHistory } from './config/reload-history.ts';
import type { ReloadState } from './config/reload-history.ts';
import { defaultProviderOf, longestCallMs, providersOf } from './config/providers/served.ts';
import type { Clock } from './core/clock.ts';
import { Fault } from './core/fault.ts';
import { present } from './core/json.ts';
import type { Log } from './core/log.ts';
import type { Random } from './core/random.ts';
import type { Secrets } from './core/secrets.ts';
import { soonAfter } from './core/store.ts';
import type { Soon } from './core/store.ts';
import type { createEngine, Engine, EngineParts, Memory } from './engine.ts';
import type { HttpServing } from './gateway/http.ts';
import { Jobs } from './jobs/jobs.ts';
import { NEWEST_WITH_HANDSHAKE } from './protocol/revisions.ts';
import type { Models } from './providers/chat.ts';
import type { FetchImage } from './providers/images/fetch-image.ts';
import type { CommandKeys } from './providers/command.ts';
import { dialectOf } from './providers/dialect-of.ts';
import type { Dialects } from './providers/dialect-of.ts';
import { routeFault } from './providers/http/way/route.ts';
import type { Route } from './providers/http/way/route.ts';
import type { LruBounds } from './resilience/lru.ts';
import { MemoryStore } from './resilience/memory-store.ts';
import type { ExamineOptions, Examination } from './routing/examination/subject.ts';
import type { Explanation } from './routing/explain.ts';
import type { Need } from './routing/needs.ts';
import { Conversation } from './rpc/conversation.ts';
import type { Serving } from './rpc/conversation.ts';
import { logged } from './rpc/dispatcher.ts';
import type { Link } from './rpc/link.ts';
import { memoryPair } from './rpc/memory-link.ts';
import type { MemoryPeer } from './rpc/memory-link.ts';
import type { Arrival, McpOptions } from './server/context.ts';
import { ChangeFeed } from './server/changes.ts';
import { mcpServer } from './server/serve.ts';
import { stdioLink } from './transports/stdio.ts';

const NAME = 'anymodel-mcp';
const TITLE = 'Any model';
/** More tools than this on one page would be missed by the clients that read the first page only. */
const PAGE_SIZE = 100;

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

/** Our dialects and those of the configured plug-ins, which are loaded now. Rejects with `CONFIG` when one cannot be used. */
export async function openDialects({ plugins }: Config, clock: Clock): Promise<Dialects> {
  const { DIALECTS } = await import('./providers/dialects/table.ts');
  const { loadPlugIns } = await import('./providers/plugins.ts');
  return { ...DIALECTS, ...(await loadPlugIns(plugins, new Set(Object.keys(DIALECTS)), clock)) };
}

/** The key commands of a configuration, run for the first time. Rejects with `CONFIG` when one yields no key. */
export function openKeyCommands(config: Config, parts: GatewayParts): Soon<KeyCommands> {
  const isNone = providersOf(config).every(({ apiKeyCommand }) => apiKeyCommand === undefined);
  return isNone ? new Map() : runKeyCommands(config, parts);
}

async function runKeyCommands(config: Config, { clock, log, secrets }: GatewayParts): Promise<KeyCommands> {
  const { commandKeys } = await import('./providers/command.ts');
  const commands = new Map<string, CommandKeys>();
  for (const { id, apiKeyCommand } of providersOf(config)) {
    if (apiKeyCommand !== undefined)
      commands.set(id, commandKeys({ ...apiKeyCommand, provider: id, clock, log, secrets }));
  }
  await Promise.all([...commands.values()].map((one) => one.prepare()));
  return commands;
}

/** Whether the server of a configuration is ready, asked from outside: why not, as a clause; nothing when it is. */
export async function askHealth({ listen, http }: Config, clock: Clock): Promise<string | undefined> {
  const { probeHealth } = await import('./gateway/health-probe.ts');
  return probeHealth({ ...listen, isTls: http.tls !== undefined, clock });
}

export interface Gateway {
  /** The newest revision that opens with a handshake: what our own commands speak. */
  readonly revision: string;
  /** Serves the client that started this process. */
  serveStdio(streams: { stdin: NodeJS.ReadableStream; stdout: NodeJS.WritableStream }): Serving;
  /** Serves HTTP where the configuration says. Rejects with a Fault that says what to change when it cannot listen there. */
  serveHttp(): Promise<HttpServing>;
  /** A client inside the process; closing it ends its conversation. */
  connect(): MemoryPeer;
  /** The ids of the providers, the main one first. */
  readonly providers: readonly string[];
  /** Which targets a request for the model would try, and why; sends nothing. */
  explain(model: string, need?: Need): Promise<Explanation>;
  /**
   * Goes by another configuration from the next call on; calls under way end on the one they began with. What is
   * remembered of unchanged providers stays. Throws `CONFIG` when it cannot work, and then nothing has changed.
   */
  reload(config: Config): void;
  /** There was something else to go by, and it has problems: nothing changes but `reloadState`. */
  refuseReload(problems: readonly string[]): void;
  /** Which reloads there were, and what came of them; for health and metrics. */
  reloadState(): ReloadState;
  /** What of one of the providers works, step by step, as calls meet it. */
  examine(provider: string, options: ExamineOptions): Promise<Examination>;
  /** Ends the upstream connections and the mock. Stop what is served first. */
  close(): Promise<void>;
}

export function createGateway(config: Config, parts: GatewayParts): Gateway {
  const memory = openMemory(config, parts.clock);
  const engines = new Engines(config, { ...parts, memory });
  const reloads = new ReloadHistory({ clock: parts.clock, scrub: (text) => parts.secrets.scrub(text) });
  let face = faceOf(config, { engines, parts, memory });
  const feed = new ChangeFeed();
  const jobs = new Jobs({ clock: parts.clock, random: parts.random, changed: (job) => feed.tell({ job }) });
  const open = opening(mcpOptions(config, parts, { face: () => face, feed, jobs }), parts);
  const serve = (link: Link): Serving => open().serve(link, { isMain: true });
  return {
    revision: NEWEST_WITH_HANDSHAKE.date,
    serveStdio: (streams) =>
      serve(stdioLink({ ...streams, clock: parts.clock, maxLineBytes: config.maxLineBytes, scrubber: parts.secrets })),
    serveHttp: () => openHttp(config, parts, { engines, reloads }),
    connect() {
      const { link, peer } = memoryPair();
      void serve(link).done;
      return peer;
    },
    providers: providersOf(config).map(({ id }) => id),
    explain: async (model, need) => (await engines.get()).explain(model, need),
    examine: async (id, options) => (await engines.get()).examine(id, options),
    reload(next) {
      const before = face;
      reloads.count(() => engines.reload(next));
      face = faceOf(next, { engines, parts, memory });
      memory.texts.resize(textBounds(next));
      if (toolNames(face) !== toolNames(before)) feed.tell({ list: 'tools' });
    },
    refuseReload: (problems) => reloads.fail(problems),
    reloadState: () => reloads.state,
    async close() {
      jobs.stop(new Fault('CANCELLED', 'The server was stopped.'));
      for (const command of parts.commands?.values() ?? []) command.stop();
      await engines.close();
    },
  };
}

async function openHttp(
  { listen, http }: Config,
  parts: GatewayParts,
  { engines, reloads }: { readonly engines: Engines; readonly reloads: ReloadHistory },
): Promise<HttpServing> {
  const { serveHttp } = await import('./gateway/http.ts');
  const { clock, log, version } = parts;
  const health = { version, providers: () => engines.health(), reloads: () => reloads.state };
  return serveHttp([], { ...listen, ...http, clock, log, health, authenticate: () => ({ caller: {} }) });
}

/** Opens the conversation of one peer. */
type Open = (arrival?: Arrival) => Conversation;

function opening(mcp: McpOptions, { clock, log }: GatewayParts): Open {
  const server = mcpServer(mcp);
  return (arrival) => {
    const handlers = server(arrival);
    const request = logged(log, clock)((message, ctx) => handlers.request(message, ctx));
    return new Conversation({
      handlers: { ...handlers, request },
      clock,
      log,
      announcements: (tell) => handlers.announcements(tell),
    });
  };
}

const MAX_ENTRIES = 100_000;
const COUNTS_BYTES = 32 * 1024 ** 2;

function textBounds({ cache }: Config): LruBounds {
  return { maxEntries: MAX_ENTRIES, maxBytes: cache.maxBytes };
}

function openMemory(config: Config, clock: Clock): Memory {
  return {
    texts: new MemoryStore(clock, textBounds(config)),
    counts: new MemoryStore(clock, { maxEntries: MAX_ENTRIES, maxBytes: COUNTS_BYTES }),
  };
}

/** The engine of the configuration in force: loaded when it is first asked for, built anew with each reload from then on. */
class Engines {
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

/** What one configuration shows to clients. */
interface Face {
  readonly catalog: Catalog;
  readonly methods: ModelMethods;
  readonly gate: ClientGate;
  readonly totalMs: number;
}

interface FaceParts {
  readonly engines: Engines;
  readonly parts: GatewayParts;
  readonly memory: Memory;
}

function faceOf(config: Config, { engines, parts: { clock }, memory }: FaceParts): Face {
  const terms = termsOf(config, lateModels(engines), clock);
  return {
    catalog: createCatalog({ ...terms, tools: config.tools }),
    methods: createModelMethods(terms, clock),
    gate: new ClientGate({ store: memory.counts, clock, limits: config.limits.perClient }),
    totalMs: longestCallMs(config),
  };
}

/** The models of one configuration: of the engine there is, or of the one that the first call loads; and no other's from then on. */
function lateModels(engines: Engines): Models {
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

function toolNames({ catalog }: Face): string {
  return catalog.tools.map(({ name }) => name).join(' ');
}

interface Offered {
  readonly face: () => Face;
  readonly feed: ChangeFeed;
  readonly jobs: Jobs;
}

function mcpOptions(config: Config, parts: GatewayParts, { face, feed, jobs }: Offered): McpOptions {
  const { clock, random, log, secrets, version } = parts;
  return {
    catalog: () => face().catalog,
    methods: {
      list: (params, ctx) => face().methods.list(params, ctx),
      complete: (params, ctx) => face().methods.complete(params, ctx),
      createCompletion: (params, ctx) => face().methods.createCompletion(params, ctx),
    },
    info: { name: config.server.name ?? NAME, version, title: TITLE },
    instructions: config.server.instructions ?? instructionsFor(config.tools),
    // Without a file there is nothing to read again.
    changes: { tools: config.file !== undefined, prompts: false, resources: false },
    feed,
    jobs,
    enter: (client) => face().gate.enter(client),
    progress: config.progress,
    clock,
    random,
    log,
    get totalMs() {
      return face().totalMs;
    },
    pageSize: PAGE_SIZE,
    scrub: (text) => secrets.scrub(text),
  };
}

function termsOf(config: Config, models: Models, clock: Clock): Terms {
  return {
    models,
    providers: providersOf(config).map(({ id }) => id),
    mainProvider: defaultProviderOf(config),
    allowedRoots: config.allowedRoots,
    fetchImage: config.images.fetch ? lateDownload(config, clock) : undefined,
    maxOutputChars: config.maxOutputChars,
    generateTemperature: config.generateTemperature,
  };
}

/** Loaded with the first image there is to fetch: most processes never fetch one. */
function lateDownload({ images, authorities }: Config, clock: Clock): FetchImage {
  return async (url, room, ctx) => {
    const { imageDownload } = await import('./providers/http/image-download.ts');
    return imageDownload({ clock, exceptions: images.privateHosts, ...present({ authorities }) })(url, room, ctx);
  };
}
