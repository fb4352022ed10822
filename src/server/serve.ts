// MCP on one link: finds who asks, the row of the method, and the function that answers, and says what a
// fault looks like. This is all the engine in rpc/ is told of MCP.
// Follows MCP 2024-11-05 to 2026-07-28; the order of the checks is that of protocol/MCP.md section 2.3.

import { Fault } from '../core/fault.ts';
import { RawJson } from '../core/json.ts';
import type { Random } from '../core/random.ts';
import { ownJobs } from '../jobs/own-jobs.ts';
import { metaOf } from '../protocol/envelope.ts';
import { quoted, wireError } from '../protocol/errors.ts';
import { methodRow } from '../protocol/methods.ts';
import type { HandlerName, MethodRow, ParamsOf } from '../protocol/methods.ts';
import { paramsObject } from '../protocol/params.ts';
import type { Peer } from '../protocol/peer.ts';
import { NEWEST } from '../protocol/revisions.ts';
import { stampFor } from '../protocol/shape.ts';
import type { Body } from '../protocol/shape.ts';
import type { ConnectionHandlers, RpcContext } from '../rpc/handlers.ts';
import { announcementOf } from './changes.ts';
import { ClientRoots } from './call/client-roots.ts';
import { LogGate } from './call/client-log.ts';
import { complete } from './methods/completion.ts';
import type { Arrival, McpContext, McpOptions, Shared, Site } from './context.ts';
import { setLevel } from './methods/logging.ts';
import type { Notification, Request, RequestId } from './messages.ts';
import { createCompletion, listModels } from './methods/models.ts';
import { discover, initialize, ping } from './methods/opening.ts';
import { withOfferedNext } from './offered-next.ts';
import { Peers } from './peers.ts';
import { StateSeal } from './call/sealed-state.ts';
import { ListPages } from './list-pages.ts';
import { getPrompt, listPrompts } from './methods/prompts.ts';
import { listResources, listTemplates, readResource, subscribe, unsubscribe } from './methods/resources.ts';
import { listen } from './methods/subscriptions.ts';
import { cancelTask, getTask, listTasks, taskResult, updateTask } from './methods/tasks.ts';
import { callTool, listTools } from './methods/tools.ts';

/** A result, whole or on its way; `RawJson` is one that is already stamped and encoded. */
type Answer = Body | RawJson | Promise<Body>;

type Handlers = { readonly [Name in HandlerName]: (params: ParamsOf[Name], ctx: McpContext) => Answer };

const HANDLERS: Handlers = {
  initialize,
  discover,
  ping,
  listTools,
  callTool,
  complete,
  setLevel,
  listModels,
  createCompletion,
  listResources,
  listTemplates,
  readResource,
  subscribe,
  unsubscribe,
  listPrompts,
  getPrompt,
  listen,
  getTask,
  cancelTask,
  updateTask,
  taskResult,
  listTasks,
};

/** What a peer is told of besides answers. */
export interface McpHandlers extends ConnectionHandlers {
  /** The peer as its handshake left it; nothing before that, and for one that needs none. */
  peer(): Peer | undefined;
  /** Tells it what changes and no request of it is about, until the returned function is called. */
  announcements(tell: (method: string, params?: unknown) => void): () => void;
  /** The peer is gone, and does not come back. */
  left(): void;
}

/** Makes the MCP side of one conversation; one for each. */
export type McpServer = (arrival?: Arrival) => McpHandlers;

export function mcpServer(options: McpOptions): McpServer {
  const shared: Shared = {
    ...options,
    pages: new ListPages(options.pageSize),
    stamp: stampFor(options.info),
    seal: new StateSeal(options.random),
    offered() {
      const { tools, resources, prompts } = options.catalog();
      return {
        tasks: tools.some(({ task }) => task !== undefined),
        resources: resources.listed.length + resources.templates.length > 0,
        prompts: prompts.length > 0,
      };
    },
  };
  return (arrival = {}) => handlersOf(siteOf(shared, arrival));
}

/** Member by member: a spread takes five times as long, and over HTTP it may be done for every request. */
function siteOf(shared: Shared, { client, peer, carrier = 'process' }: Arrival): Site {
  const owner = ownerOf({ client, carrier }, shared.random);
  return {
    catalog: shared.catalog,
    methods: shared.methods,
    info: shared.info,
    changes: shared.changes,
    feed: shared.feed,
    jobs: shared.jobs,
    left: shared.left,
    enter: shared.enter,
    instructions: shared.instructions,
    progress: shared.progress,
    clock: shared.clock,
    random: shared.random,
    log: shared.log,
    totalMs: shared.totalMs,
    softDeadlineMs: shared.softDeadlineMs,
    pageSize: shared.pageSize,
    scrub: shared.scrub,
    pages: shared.pages,
    stamp: shared.stamp,
    seal: shared.seal,
    offered: shared.offered,
    client,
    carrier,
    owner,
    ownJobs: ownJobs(shared.jobs, shared.clock, { owner, isListed: client !== undefined || carrier === 'process' }),
    peers: new Peers(peer),
    gate: new LogGate(),
    main: { tell: undefined },
    roots: new ClientRoots(),
    followed: new Set(),
  };
}

/** Who has neither a key nor a session is somebody: what is theirs is found by who knows its unguessable id. */
function ownerOf({ client, carrier }: Pick<Site, 'client' | 'carrier'>, random: Random): string {
  if (client !== undefined) return `key ${client}`;
  return carrier === 'session' ? `session ${random.id()}` : carrier;
}

function handlersOf(site: Site): McpHandlers {
  const { peers, changes, followed, owner, scrub } = site;
  const told = { changes, followed, owner, scrub };
  return {
    request: (request, rpc) => serve(site, request, rpc),
    notification({ method }) {
      if (method === 'notifications/roots/list_changed') site.roots.forget();
    },
    cancels,
    cancellable: (method) => method !== 'initialize',
    peer: () => peers.settled,
    announcements(tell) {
      site.main.tell = tell;
      const stop = site.feed.subscribe((change) => {
        const said = announcementOf(change, { ...told, peer: peers.settled });
        if (said !== undefined) tell(said.method, said.params);
      });
      return () => {
        stop();
        if (site.main.tell === tell) site.main.tell = undefined;
      };
    },
    left: () => left(site),
    refuseBatch: (members) => peers.refuseBatch(members),
    error(fault, request) {
      if (fault.kind === 'internal') logBug(site, fault, request);
      return wireError(withOfferedNext(fault, site.catalog()), site.scrub);
    },
  };
}

/** Whoever has a key may come back with it; what a session without one has made, nobody else would ever find. */
function left({ carrier, client, owner, jobs, left: tell }: Site): void {
  if (carrier !== 'session' || client !== undefined) return;
  jobs.end(owner, new Fault('cancelled', 'The session of the job is over.'));
  tell?.(owner);
}

function serve(site: Site, request: Request, rpc: RpcContext): Answer {
  const meta = metaOf(request.params);
  const peer = site.peers.of(request.method, meta);
  const row = methodRow(peer.revision, request.method, site.offered());
  if (row === undefined) throw new Fault('unknown-method', `Unknown method: ${quoted(request.method)}.`);
  if (rpc.inBatch && row.handler === 'initialize') {
    throw new Fault('invalid-request', 'Invalid request: initialize may not come in a batch.');
  }
  const params = paramsObject(request.params);
  if (!peer.introduced && !row.servesStranger(params)) throw notInitialized();
  const ctx: McpContext = { site, rpc, peer, meta, row };
  const answer = answerOf(row, row.read(params), ctx);
  return peer.revision.resultType ? stamped(answer, ctx) : answer;
}

function answerOf<Name extends HandlerName>(row: MethodRow<Name>, params: ParamsOf[Name], ctx: McpContext): Answer {
  return HANDLERS[row.handler](params, ctx);
}

function stamped(answer: Answer, { site, peer, row }: McpContext): Answer {
  if (answer instanceof RawJson) return answer;
  if (answer instanceof Promise) return answer.then((body) => site.stamp(body, peer.revision, row.cacheable));
  return site.stamp(answer, peer.revision, row.cacheable);
}

/** The request a notification calls off. */
function cancels({ method, params }: Notification): RequestId | undefined {
  if (method !== 'notifications/cancelled' || typeof params !== 'object' || params === null) return undefined;
  const id = 'requestId' in params ? params.requestId : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}

function notInitialized(): Fault {
  return new Fault(
    'invalid-request',
    `Not initialized: send initialize, or a ${NEWEST.date} _meta envelope with every request.`,
  );
}

function logBug({ log }: Site, fault: Fault, request: Request | undefined): void {
  const { cause } = fault;
  const stack = cause instanceof Error ? cause.stack : undefined;
  log.error('unexpected failure', { method: request?.method, stack: stack ?? fault.stack, cause: String(cause) });
}
