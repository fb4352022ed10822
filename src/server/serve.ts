// MCP on one link: finds who asks, the row of the method, and the function that answers, and says what a
// fault looks like. This is all the engine in rpc/ is told of MCP.
// Follows MCP 2024-11-05 to 2026-07-28; the order of the checks is that of protocol/MCP.md section 2.3.

import { Fault } from '../core/fault.ts';
import { RawJson } from '../core/json.ts';
import { metaOf } from '../protocol/envelope.ts';
import { quoted, wireError } from '../protocol/errors.ts';
import { methodRow } from '../protocol/methods.ts';
import type { HandlerName, MethodRow, ParamsOf } from '../protocol/methods.ts';
import { paramsObject } from '../protocol/params.ts';
import { NEWEST } from '../protocol/revisions.ts';
import { stampFor } from '../protocol/shape.ts';
import type { Body } from '../protocol/shape.ts';
import type { ConnectionHandlers, RpcContext } from '../rpc/connection.ts';
import { LogGate } from './client-log.ts';
import { complete } from './completion.ts';
import type { McpContext, McpOptions, Site } from './context.ts';
import { setLevel } from './logging.ts';
import type { Notification, Request, RequestId } from './messages.ts';
import { createCompletion, listModels } from './models.ts';
import { discover, initialize, ping } from './opening.ts';
import { withOfferedNext } from './offered-next.ts';
import { Peers } from './peers.ts';
import { ToolPages } from './tool-pages.ts';
import { callTool, listTools } from './tools.ts';

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
};

/** What a link is told of besides answers. */
export interface McpHandlers extends ConnectionHandlers {
  /** The notification that says that other tools are listed now; undefined for a peer that is not told. */
  toolsChanged(): string | undefined;
}

/** The MCP side of one link; make one for each. */
export function mcpHandlers(options: McpOptions): McpHandlers {
  const peers = new Peers();
  const site: Site = {
    ...options,
    peers,
    pages: new ToolPages(options.pageSize),
    gate: new LogGate(),
    stamp: stampFor(options.info),
  };
  return {
    request: (request, rpc) => serve(site, request, rpc),
    notification: () => {},
    cancels,
    cancellable: (method) => method !== 'initialize',
    toolsChanged: () => (peers.isSettled ? 'notifications/tools/list_changed' : undefined),
    refuseBatch: (members) => peers.refuseBatch(members),
    error(fault, request) {
      if (fault.kind === 'internal') logBug(site, fault, request);
      return wireError(withOfferedNext(fault, site.catalog()), site.scrub);
    },
  };
}

function serve(site: Site, request: Request, rpc: RpcContext): Answer {
  const meta = metaOf(request.params);
  const peer = site.peers.of(request.method, meta);
  const row = methodRow(peer.revision, request.method);
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
