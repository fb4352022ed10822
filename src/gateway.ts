// The front of the program: serves MCP over the rooms it wires, and has calls answered by the engine, which it loads
// with the first one. It holds no logic of its own: what it decides is who is handed what.

import { Budget } from './access/budget.ts';
import { ClientGate } from './access/client-limits.ts';
import { createCatalog } from './catalog/catalog.ts';
import { instructionsFor } from './catalog/instructions.ts';
import { callName } from './catalog/model-list.ts';
import type { Conversations } from './catalog/conversations/goes-on.ts';
import { createModelMethods } from './catalog/model-methods.ts';
import type { Catalog, ModelMethods } from './catalog/tool.ts';
import { FileBudget } from './catalog/request/file-budget.ts';
import type { Terms } from './catalog/tools/terms.ts';
import type { Config } from './config/config.ts';
import { ReloadHistory } from './config/reload/reload-history.ts';
import type { ReloadState } from './config/reload/reload-history.ts';
import { defaultProviderOf, longestCallMs, providersOf } from './config/providers/served.ts';
import type { Clock } from './core/clock.ts';
import { Fault } from './core/fault.ts';
import { present } from './core/json.ts';
import type { Log } from './core/log.ts';
import type { Random } from './core/random.ts';
import type { Secrets } from './core/secrets.ts';
import type { Soon } from './core/store.ts';
import { clientTerms } from './gateway/client-terms.ts';
import { opening } from './gateway/conversations.ts';
import type { Open } from './gateway/conversations.ts';
import type { Memory } from './gateway/engine.ts';
import { Engines, lateModels } from './gateway/engines.ts';
import type { HttpSite } from './gateway/http/http-site.ts';
import type { HttpServing } from './gateway/http/http.ts';
import { ResourceNews } from './gateway/offer/news.ts';
import { sourcesOf } from './gateway/offer/sources.ts';
import type { SourceParts } from './gateway/offer/sources.ts';
import { Histories } from './jobs/histories.ts';
import type { Job } from './jobs/job.ts';
import { Jobs } from './jobs/jobs.ts';
import { NEWEST_WITH_HANDSHAKE } from './protocol/revisions.ts';
import type { ModelInfo, Models } from './providers/chat.ts';
import type { FetchImage } from './providers/images/fetch-image.ts';
import type { CommandKeys } from './providers/command.ts';
import type { Loading } from './providers/plugins.ts';
import type { Dialects } from './providers/dialect-of.ts';
import type { LruBounds } from './resilience/lru.ts';
import { MemoryStore } from './resilience/memory-store.ts';
import type { ExamineOptions, Examination } from './routing/examination/subject.ts';
import type { Explanation } from './routing/names/explain.ts';
import type { Need } from './routing/targets/needs.ts';
import type { Serving } from './rpc/conversation.ts';
import type { Link } from './rpc/link.ts';
import { memoryPair } from './rpc/memory-link.ts';
import type { MemoryPeer } from './rpc/memory-link.ts';
import { ChangeFeed } from './server/changes.ts';
import type { McpOptions } from './server/context.ts';
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
export async function openDialects({ plugins }: Config, loading: Loading): Promise<Dialects> {
  const { DIALECTS } = await import('./providers/dialects/table.ts');
  const { loadPlugIns } = await import('./providers/plugins.ts');
  return { ...DIALECTS, ...(await loadPlugIns(plugins, new Set(Object.keys(DIALECTS)), loading)) };
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
  const { probeHealth } = await import('./gateway/http/health-probe.ts');
  return probeHealth({ ...listen, isTls: http.tls !== undefined, clock });
}

export interface Gateway {
  /** The newest revision that opens with a handshake: what our own commands speak. */
  readonly revision: string;
  /** Serves the client that started this process. */
  serveStdio(streams: { stdin: NodeJS.ReadableStream; stdout: NodeJS.WritableStream }): Serving;
  /**
   * Serves HTTP where the configuration says. Rejects with a Fault that says what to change when it cannot listen there, or
   * would stand open. `tell` shows a line to whoever started us, as it is: a key that was generated.
   */
  serveHttp(tell: (line: string) => void): Promise<HttpServing>;
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
  return new LiveGateway(config, parts);
}

class LiveGateway implements Gateway {
  readonly revision = NEWEST_WITH_HANDSHAKE.date;
  readonly providers: readonly string[];
  readonly #config: Config;
  readonly #parts: GatewayParts;
  readonly #memory: Memory;
  readonly #engines: Engines;
  readonly #reloads: ReloadHistory;
  readonly #feed = new ChangeFeed();
  readonly #news: ResourceNews;
  readonly #jobs: Jobs;
  readonly #startedAt: number;
  readonly #conversations: Conversations;
  readonly #fileBudget = new FileBudget();
  readonly #open: Open;
  #face: Face;
  /** There once HTTP is served. */
  #site: HttpSite | undefined;

  constructor(config: Config, parts: GatewayParts) {
    const { clock, random, secrets } = parts;
    this.#config = config;
    this.#parts = parts;
    this.providers = providersOf(config).map(({ id }) => id);
    this.#memory = openMemory(config, clock);
    this.#startedAt = clock.now();
    this.#conversations = new Histories(clock);
    this.#news = new ResourceNews({
      clock,
      tell: (change) => this.#feed.tell(change),
      states: () => this.#engines.health(),
    });
    this.#engines = new Engines(config, { ...parts, memory: this.#memory, news: this.#news });
    this.#reloads = new ReloadHistory({ clock, scrub: (text) => secrets.scrub(text) });
    this.#jobs = new Jobs({ clock, random, changed: (job) => this.#jobChanged(job) });
    this.#face = this.#faceOf(config);
    this.#open = opening(
      mcpOptions(config, parts, {
        face: () => this.#face,
        feed: this.#feed,
        jobs: this.#jobs,
        left: (owner) => this.#conversations.dropAll(owner),
      }),
      parts,
    );
  }

  serveStdio(streams: { stdin: NodeJS.ReadableStream; stdout: NodeJS.WritableStream }): Serving {
    const { clock, secrets } = this.#parts;
    const { maxLineBytes } = this.#config;
    return this.#serve(stdioLink({ ...streams, clock, maxLineBytes, scrubber: secrets }));
  }

  async serveHttp(tell: (line: string) => void): Promise<HttpServing> {
    const { openHttp } = await import('./gateway/http/http-site.ts');
    const { version } = this.#parts;
    const health = { version, providers: () => this.#engines.health(), reloads: () => this.#reloads.state };
    this.#site = openHttp(this.#config, { ...this.#parts, health, face: () => this.#face, open: this.#open });
    return this.#site.serve(tell);
  }

  connect(): MemoryPeer {
    const { link, peer } = memoryPair();
    void this.#serve(link).done;
    return peer;
  }

  async explain(model: string, need?: Need): Promise<Explanation> {
    return (await this.#engines.get()).explain(model, need);
  }

  async examine(id: string, options: ExamineOptions): Promise<Examination> {
    return (await this.#engines.get()).examine(id, options);
  }

  reload(next: Config): void {
    const before = this.#face;
    this.#reloads.count(() => this.#engines.reload(next));
    this.#face = this.#faceOf(next);
    this.#memory.texts.resize(textBounds(next));
    this.#site?.reload(next);
    const { catalog } = this.#face;
    if (listOf(catalog.tools) !== listOf(before.catalog.tools)) this.#feed.tell({ list: 'tools' });
    if (listOf(catalog.prompts) !== listOf(before.catalog.prompts)) this.#feed.tell({ list: 'prompts' });
    this.#news.reloaded(true);
  }

  refuseReload(problems: readonly string[]): void {
    this.#reloads.fail(problems);
    this.#news.reloaded(false);
  }

  reloadState(): ReloadState {
    return this.#reloads.state;
  }

  async close(): Promise<void> {
    this.#site?.close();
    this.#news.close();
    this.#jobs.stop(new Fault('CANCELLED', 'The server was stopped.'));
    for (const command of this.#parts.commands?.values() ?? []) command.stop();
    await this.#engines.close();
  }

  #serve(link: Link): Serving {
    return this.#open().conversation.serve(link, { isMain: true });
  }

  #jobChanged(job: Job): void {
    this.#feed.tell({ job });
    this.#news.job(job);
  }

  #faceOf(config: Config): Face {
    const reloads = (): ReloadState => this.#reloads.state;
    const facts = { startedAt: this.#startedAt, reloads };
    const shared = { engines: this.#engines, parts: this.#parts, memory: this.#memory };
    return faceOf(config, {
      ...shared,
      facts,
      conversations: this.#conversations,
      fileBudget: this.#fileBudget,
    });
  }
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

/** What one configuration shows to clients. */
interface Face {
  readonly catalog: Catalog;
  readonly methods: ModelMethods;
  readonly models: Models;
  readonly gate: ClientGate;
  readonly budget: Budget;
  /** What callers call a model of the lists. */
  nameOf(model: ModelInfo): string;
  readonly totalMs: number;
}

interface FaceParts {
  readonly engines: Engines;
  readonly parts: GatewayParts;
  readonly memory: Memory;
  readonly facts: Pick<SourceParts, 'startedAt' | 'reloads'>;
  readonly conversations: Conversations;
  readonly fileBudget: FileBudget;
}

function faceOf(config: Config, { engines, parts, memory, facts, conversations, fileBudget }: FaceParts): Face {
  const { clock, version } = parts;
  const models = lateModels(engines);
  const kept = config.conversations ? { conversations } : {};
  const terms = { ...termsOf(config, models, clock), ...kept, fileBudget };
  const limitsOf = clientTerms(config);
  return {
    catalog: createCatalog({
      ...terms,
      tools: config.tools,
      prompts: config.prompts,
      virtualTools: config.virtualTools,
      sources: sourcesOf(config, { clock, version, engines, models, ...facts }),
    }),
    methods: createModelMethods(terms, clock),
    models,
    nameOf: (model) => callName(model, terms),
    budget: new Budget({ store: memory.counts, clock, budgetOf: limitsOf }),
    gate: new ClientGate({ store: memory.counts, clock, limitsOf }),
    totalMs: longestCallMs(config),
  };
}

/** What is listed, to be compared. */
function listOf(items: readonly object[]): string {
  return JSON.stringify(items);
}

interface Offered extends Pick<McpOptions, 'feed' | 'jobs' | 'left'> {
  readonly face: () => Face;
}

function mcpOptions(config: Config, parts: GatewayParts, { face, ...shared }: Offered): McpOptions {
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
    // Without a file there is nothing to read again; and which resources there are never changes.
    changes: { tools: config.file !== undefined, prompts: config.file !== undefined, resources: false },
    ...shared,
    enter: (client) => face().gate.enter(client),
    progress: config.progress,
    softDeadlineMs: config.softDeadlineMs,
    clock,
    random,
    log,
    totalMs: () => face().totalMs,
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
    const { imageDownload } = await import('./providers/http/image/image-download.ts');
    return imageDownload({ clock, exceptions: images.privateHosts, ...present({ authorities }) })(url, room, ctx);
  };
}
