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
export function runDetachable(ctx: McpContext, context: ToolContext, detaching: Detaching): Promise<Body> {
  return new Promise((resolve, reject) => {
    new DetachableCall(ctx, detaching, { resolve, reject }).begin(context);
  });
}

/** How its request is answered. */
interface Answering {
  resolve(answer: Body): void;
  reject(thrown: unknown): void;
}

class DetachableCall {
  readonly #site: McpContext['site'];
  readonly #detaching: Detaching;
  readonly #request: Answering;
  readonly #cancel = new CancelSource();
  readonly #ended = new Gate();
  /** Lets the request go without the call. */
  readonly #release: () => void;
  #job: Job | undefined;

  constructor({ site, rpc }: McpContext, detaching: Detaching, request: Answering) {
    this.#site = site;
    this.#detaching = detaching;
    this.#request = request;
    this.#release = rpc.cancel.onCancel((reason) => this.#cancel.cancel(reason));
  }

  begin(context: ToolContext): void {
    this.#run(context).then(
      (body) => this.#settle(() => body),
      (thrown: unknown) =>
        this.#settle(() => {
          if (this.#job === undefined) throw thrown;
          return this.#detaching.failed(thrown);
        }),
    );
  }

  async #run(context: ToolContext): Promise<Body> {
    const { asking, atOnce } = this.#detaching;
    const detach = (): void => this.#detach();
    if (atOnce) detach();
    const own: AskClient = {
      can: (method) => asking.can(method),
      ask: (requests) => this.#job?.park(requests) ?? asking.ask(requests),
    };
    return this.#detaching.run({ ...context, cancel: this.#cancel, asking: own, detach });
  }

  #detach(): void {
    if (this.#job !== undefined || this.#cancel.reason !== undefined) return;
    this.#job = this.#site.jobs.open(this.#site.owner, this.#cancel);
    this.#release();
    this.#request.resolve(this.#detaching.handle(this.#job, this.#ended.opened));
  }

  /** What came of it goes to the job where there is one, else it answers the request. */
  #settle(answer: () => Body): void {
    this.#release();
    try {
      const body = answer();
      if (this.#job === undefined) this.#request.resolve(body);
      else this.#job.finish(body);
    } catch (thrown) {
      if (this.#job === undefined) this.#request.reject(thrown);
      else this.#job.fail(Fault.from(thrown));
    }
    this.#ended.open();
  }
}
