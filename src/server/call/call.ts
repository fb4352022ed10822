// A call at work: makes the context a tool or model method runs in, and ends what was started for it.

import type { Tool, ToolContext } from '../../catalog/tool.ts';
import type { Whole } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import type { LogFields } from '../../core/log.ts';
import { traitsOf } from '../../protocol/clients.ts';
import type { ClientTraits } from '../../protocol/clients.ts';
import { progressTokenOf } from '../../protocol/envelope.ts';
import type { Soon } from '../../core/store.ts';
import type { RpcContext } from '../../rpc/handlers.ts';
import { CallLog } from './client-log.ts';
import type { McpContext } from '../context.ts';
import { patienceOf } from './patience.ts';
import { openProgress } from './progress.ts';

export interface Call {
  readonly context: Whole<ToolContext>;
  /** What its client is known to do. */
  readonly traits: ClientTraits;
  /** Nothing is said for the call after this. */
  close(): void;
  /** Its request is answered and it goes on: a client with a handshake still hears of its log. */
  readonly detached: () => void;
}

const nothing = (): void => {};

/**
 * Lets a call in, whichever method it came by, and answers how to say that it is over. Throws or rejects when too many
 * are running (`OVERLOADED`), or its client has asked for too much (`RATE_LIMITED`, `OVERLOADED`).
 */
export function admit({ rpc, site }: McpContext, { client = '' }: ToolContext): Soon<() => void> {
  if (rpc.isCrowded) throw new Fault('OVERLOADED', 'Too many calls are running at a time.');
  return site.enter?.(client) ?? nothing;
}

/** Opens a call; whoever opens it closes it. `what` is what the log knows it by. */
export function openCall(ctx: McpContext, what: LogFields, tool?: Tool): Call {
  const { site, rpc, peer, meta } = ctx;
  const { clock, random, client, softDeadlineMs, carrier } = site;
  const totalMs = site.totalMs();
  const traits = traitsOf(peer.client?.name);
  const token = progressTokenOf(meta);
  const isTold = token !== undefined && site.progress !== 'off';
  const patienceMs = patienceOf({ traits, isTold, totalMs, softDeadlineMs });
  const requestId = random.id();
  const progress = openProgress({ token, mode: site.progress, withMessage: peer.revision.progressMessage, rpc, clock });
  const { log, detached } = openLog(ctx, { requestId, ...what });
  const context: Whole<ToolContext> = {
    cancel: rpc.cancel,
    deadline: clock.now() + totalMs,
    log,
    requestId,
    client,
    owner: ownerOf(site),
    isLocal: carrier === 'process',
    about: what,
    via: undefined,
    phase: progress.phase,
    progress: progress.progress,
    closeStream: rpc.closeStream,
    patienceMs,
    resultChars: traits.resultChars,
    countsBytes: traits.countsBytes,
    imageChars: traits.imageChars,
    asking: undefined,
    detach: undefined,
    draft: undefined,
    keep: undefined,
    jobs: site.ownJobs,
    structured: peer.revision.structuredOutput && mayBeStructured(traits, tool),
  };
  return { context, traits, close: progress.close, detached };
}

/** Nobody where whoever calls has neither a key nor a session: that could be anybody. */
function ownerOf({ client, carrier, owner }: McpContext['site']): string | undefined {
  return client === undefined && carrier === 'request' ? undefined : owner;
}

/** What a client does not show beside structured content has to be in it, or there must be none; a tool that promised some must keep to it. */
function mayBeStructured({ showsOnlyStructured }: ClientTraits, tool: Tool | undefined): boolean {
  return !(showsOnlyStructured && tool !== undefined && !tool.outputSchema);
}

interface OpenLog {
  readonly log: CallLog;
  readonly detached: () => void;
}

function openLog({ site, peer, rpc }: McpContext, about: LogFields): OpenLog {
  const { log, gate, clock, scrub, main } = site;
  // A level that is set while the call runs holds for it too; one that came with the request is its own, and ends with it.
  const isSettled = peer === site.peers.settled;
  const wanted = (): typeof peer.logLevel => (isSettled ? site.peers.settled?.logLevel : peer.logLevel);
  let tell = rpc.notify;
  const say: RpcContext['notify'] = (method, params) => tell(method, params);
  return {
    log: new CallLog({ log, wanted, logger: site.info.name, gate, clock, scrub, tell: say }, about),
    detached: () => {
      tell = isSettled ? (method, params) => main.tell?.(method, params) : nothing;
    },
  };
}

/** Runs a call to its end. */
export async function inCall<Result>(
  ctx: McpContext,
  what: LogFields,
  run: (context: ToolContext) => Promise<Result>,
): Promise<Result> {
  const call = openCall(ctx, what);
  let leave = nothing;
  try {
    const entered = admit(ctx, call.context);
    leave = entered instanceof Promise ? await entered : entered;
    return await run(call.context);
  } finally {
    leave();
    call.close();
  }
}
