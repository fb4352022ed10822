// subscriptions/listen: a request that stays open and is told what changes, of what it asked for and we can tell.
// Follows MCP 2026-07-28 basic/patterns/subscriptions; protocol/MCP.md section 5.8.

import { isOffered } from '../../catalog/resource.ts';
import type { Change } from '../../catalog/tool.ts';
import { Fault } from '../../core/fault.ts';
import type { ListenParams } from '../../protocol/params.ts';
import type { Body } from '../../protocol/shape.ts';
import { taskFormOf, tasksNotDeclared } from '../../protocol/task-shape.ts';
import { listMethod, mayKnow, UPDATED } from '../changes.ts';
import type { Announcement } from '../changes.ts';
import type { McpContext } from '../context.ts';
import { detailed } from './tasks.ts';

const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';

/** Streams over all peers and of one client, and resources on one of them. */
const MAX_STREAMS = 10_000;
const MAX_OF_CLIENT = 1000;
const MAX_RESOURCES = 1000;
/** Of its request's id, which every notice says again. */
const MAX_ID_CHARS = 2048;

/** Answers when we end the stream; who listens ends it by a cancel, and then there is no answer. */
export function listen(params: ListenParams, ctx: McpContext): Promise<Body> {
  const { site, rpc } = ctx;
  refuseTooMany(site);
  if (String(rpc.id).length > MAX_ID_CHARS) {
    throw new Fault(
      'invalid-request',
      `Invalid request: the id of a stream may have ${MAX_ID_CHARS} characters at most.`,
    );
  }
  const honoured = honouredOf(params, ctx);
  const meta = { [SUBSCRIPTION]: rpc.id };
  const say = new Teller((notice) => rpc.notify(notice.method, { ...notice.params, _meta: meta }));
  say.now({ method: 'notifications/subscriptions/acknowledged', params: { notifications: honoured } });
  return new Promise((resolve, reject) => {
    const over = (settle: () => void) => (): void => {
      unsubscribe();
      settle();
    };
    const unsubscribe = site.feed.listen(site.owner, (change) => {
      const notice = noticeOf(change, honoured, ctx);
      if (notice !== undefined) say.now(notice);
    });
    rpc.cancel.onCancel((reason) => over(() => reject(reason))());
    rpc.closing.onCancel(over(() => resolve({ _meta: meta })));
  });
}

/** Those without a key, a request each, are many: there is no bound to what each has but that of all. */
function refuseTooMany({ feed, owner, client, carrier }: McpContext['site']): void {
  const isSomebody = client !== undefined || carrier !== 'request';
  if (feed.streams >= MAX_STREAMS) throw tooMany(MAX_STREAMS);
  if (isSomebody && feed.streamsOf(owner) >= MAX_OF_CLIENT) throw tooMany(MAX_OF_CLIENT);
}

function tooMany(most: number): Fault {
  return new Fault('OVERLOADED', `${most} streams are listened on already.`, {
    data: { next: 'Close one of them first.' },
  });
}

/** The subset of what was asked for that we tell, in the words it was asked in. */
interface Honoured {
  toolsListChanged?: true;
  promptsListChanged?: true;
  resourcesListChanged?: true;
  resourceSubscriptions?: readonly string[];
  taskIds?: readonly string[];
}

function honouredOf(params: ListenParams, { site, peer }: McpContext): Honoured {
  const { changes, offered } = site;
  const { resourceSubscriptions: uris, taskIds } = params;
  if (taskIds.length > 0 && taskFormOf(peer) === undefined) throw tasksNotDeclared();
  if (uris.length > MAX_RESOURCES || taskIds.length > MAX_RESOURCES) {
    throw new Fault('invalid-params', `Invalid params: more than ${MAX_RESOURCES} resources or tasks on one stream.`);
  }
  const { resources } = site.catalog();
  const followed = uris.filter((uri) => isOffered(uri, resources));
  const tasks = offered().tasks ? taskIds.filter((id) => site.jobs.find(id, site.owner)?.isTask) : [];
  return {
    ...(params.toolsListChanged && changes.tools ? { toolsListChanged: true } : {}),
    ...(params.promptsListChanged && changes.prompts ? { promptsListChanged: true } : {}),
    ...(params.resourcesListChanged && changes.resources ? { resourcesListChanged: true } : {}),
    ...(followed.length > 0 ? { resourceSubscriptions: followed } : {}),
    ...(tasks.length > 0 ? { taskIds: tasks } : {}),
  };
}

function noticeOf(change: Change, honoured: Honoured, ctx: McpContext): Announcement | undefined {
  if ('job' in change) {
    const { job } = change;
    const isAsked = honoured.taskIds?.includes(job.id) === true;
    return isAsked ? { method: 'notifications/tasks', params: detailed(job, ctx) } : undefined;
  }
  if ('resource' in change) {
    const { resource: uri } = change;
    const isAsked = honoured.resourceSubscriptions?.includes(uri) === true && mayKnow(change, ctx.site.owner);
    return isAsked ? { method: UPDATED, params: { uri } } : undefined;
  }
  return honoured[`${change.list}ListChanged`] === true ? { method: listMethod(change.list) } : undefined;
}

/** Says each thing at once while the listener reads, and once, later, when it does not. */
class Teller {
  readonly #send: (notice: Announcement) => void | Promise<void>;
  readonly #waiting = new Map<string, Announcement>();
  #isBusy = false;

  constructor(send: (notice: Announcement) => void | Promise<void>) {
    this.#send = send;
  }

  now(notice: Announcement): void {
    if (this.#isBusy) {
      this.#waiting.set(JSON.stringify(notice), notice);
      return;
    }
    const room = this.#send(notice);
    if (room === undefined) return;
    this.#isBusy = true;
    void room.then(() => this.#goOn());
  }

  #goOn(): void {
    this.#isBusy = false;
    const notices = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const notice of notices) this.now(notice);
  }
}
