// A call at work: makes the context a tool or model method runs in, and ends what was started for it.

import type { Tool, ToolContext } from '../../catalog/tool.ts';
import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { LogFields } from '../../core/log.ts';
import { ownJobs } from '../../jobs/own-jobs.ts';
import { traitsOf } from '../../protocol/clients.ts';
import { progressTokenOf } from '../../protocol/envelope.ts';
import type { Soon } from '../../core/store.ts';
import { CallLog } from './client-log.ts';
import type { McpContext } from '../context.ts';
import { patienceOf } from './patience.ts';
import { openProgress } from './progress.ts';

export interface Call {
  readonly context: ToolContext;
  /** Nothing is said for the call after this. */
  close(): void;
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
export function openCall({ site, rpc, peer, meta }: McpContext, what: LogFields, tool?: Tool): Call {
  const { log, gate, clock, random, scrub, client, softDeadlineMs, owner, carrier } = site;
  const totalMs = site.totalMs();
  const traits = traitsOf(peer.client?.name);
  const isTold = progressTokenOf(meta) !== undefined && site.progress !== 'off';
  const patienceMs = patienceOf({ traits, isTold, totalMs, softDeadlineMs });
  const requestId = random.id();
  // A level that is set while the call runs holds for it too; one that came with the request is its own.
  const isSettled = peer === site.peers.settled;
  const wanted = (): typeof peer.logLevel => (isSettled ? site.peers.settled?.logLevel : peer.logLevel);
  const progress = openProgress({
    token: progressTokenOf(meta),
    mode: site.progress,
    withMessage: peer.revision.progressMessage,
    rpc,
    clock,
  });
  const context: ToolContext = {
    cancel: rpc.cancel,
    deadline: clock.now() + totalMs,
    log: new CallLog({ log, wanted, logger: site.info.name, gate, clock, scrub, rpc }, { requestId, ...what }),
    requestId,
    // Somebody who has neither a key nor a session could be anybody.
    ...present({ client, owner: client === undefined && carrier === 'request' ? undefined : owner }),
    isLocal: carrier === 'process',
    about: what,
    phase: progress.phase,
    progress: progress.progress,
    ...present({
      closeStream: rpc.closeStream,
      patienceMs,
      resultChars: traits.resultChars,
      imageChars: traits.imageChars,
    }),
    jobs: ownJobs(site.jobs, clock, { owner, isListed: client !== undefined || site.carrier === 'process' }),
    // What a client does not show beside structured content has to be in it, or there must be none; a tool that promised some must keep to it.
    structured:
      peer.revision.structuredOutput && !(traits.showsOnlyStructured && tool !== undefined && !tool.outputSchema),
  };
  return { context, close: progress.close };
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
