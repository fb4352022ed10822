// A call that may outlive its request: it runs the same either way, and from the moment it is detached its request is
// answered with a handle, what it asks the client waits in the job, and what comes of it goes there.
// Follows MCP 2025-11-25 basic/utilities/tasks; the extension io.modelcontextprotocol/tasks (SEP-2663).

import type { AskClient } from '../../catalog/asking.ts';
import type { ToolContext } from '../../catalog/tool.ts';
import { CancelSource } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import type { Job } from '../../jobs/job.ts';
import type { Body } from '../../protocol/shape.ts';
import { Gate } from '../../rpc/gate.ts';
import type { McpContext } from '../context.ts';

export interface Detaching {
  run(context: ToolContext): Promise<Body>;
  /** Whether it is detached before it begins. */
  readonly atOnce: boolean;
  /** How the client is asked while it waits for the answer. */
  readonly asking: AskClient;
  /** The answer to the request when it is detached; `ending` settles when nothing of the call runs any more. */
  handle(job: Job, ending: Promise<void>): Body;
  /** What a failure of a detached call comes to. Throws it where it comes to nothing. */
  failed(thrown: unknown): Body;
}

/** Runs a call to its end, or to the moment it is detached; the answer to its request. */
export function runDetachable({ site, rpc }: McpContext, context: ToolContext, detaching: Detaching): Promise<Body> {
  const cancel = new CancelSource();
  const dispose = rpc.cancel.onCancel((reason) => cancel.cancel(reason));
  const ended = new Gate();
  let job: Job | undefined;
  const asking: AskClient = {
    can: (method) => detaching.asking.can(method),
    ask: (requests) => (job === undefined ? detaching.asking.ask(requests) : job.park(requests)),
  };
  return new Promise((resolve, reject) => {
    const detach = (): void => {
      if (job !== undefined || cancel.reason !== undefined) return;
      job = site.jobs.open(site.client ?? '', cancel);
      dispose();
      resolve(detaching.handle(job, ended.opened));
    };
    const begin = async (): Promise<Body> => {
      if (detaching.atOnce) detach();
      return detaching.run({ ...context, cancel, asking, detach });
    };
    const settle = (answer: () => Body): void => {
      dispose();
      try {
        const body = answer();
        if (job === undefined) resolve(body);
        else job.finish(body);
      } catch (thrown) {
        if (job === undefined) reject(thrown);
        else job.fail(Fault.from(thrown));
      }
      ended.open();
    };
    begin().then(
      (body) => settle(() => body),
      (thrown: unknown) =>
        settle(() => {
          if (job === undefined) throw thrown;
          return detaching.failed(thrown);
        }),
    );
  });
}
