// tasks/*: calls that outlive their request, as the two forms of tasks tell of them. What a task is at and what came of it
// is the jobs' business.
// Follows MCP 2025-11-25 basic/utilities/tasks; the extension io.modelcontextprotocol/tasks (SEP-2663).

import type { ClientRequest } from '../../catalog/asking.ts';
import { orCancelled } from '../../core/context.ts';
import { Fault } from '../../core/fault.ts';
import { isObject } from '../../core/json.ts';
import type { Job, Outcome } from '../../jobs/job.ts';
import { quoted, wireError } from '../../protocol/errors.ts';
import type { Scrub } from '../../protocol/errors.ts';
import type { ListParams, TaskParams, UpdateTaskParams } from '../../protocol/params.ts';
import type { Body } from '../../protocol/shape.ts';
import { coreTask, extensionTask, taskFormOf, tasksNotDeclared } from '../../protocol/task-shape.ts';
import type { TaskFacts } from '../../protocol/task-shape.ts';
import { resultOf } from '../call/ask.ts';
import type { McpContext } from '../context.ts';

const RELATED = 'io.modelcontextprotocol/related-task';

/** Tasks on one page of the list. */
const PAGE = 50;
/** The longest account of a failure in a list of tasks, in characters; the result has all of it. */
const MOST_WORDS = 500;

export function getTask({ taskId }: TaskParams, ctx: McpContext): Body {
  const job = jobOf(taskId, ctx);
  return ctx.peer.revision.tasks === 'core' ? coreTask(asCore(job, ctx.site.scrub)) : detailed(job, ctx);
}

/** Answers to what a task waits for. Keys nobody asked for, or that are answered already, are ignored. */
export function updateTask({ taskId, inputResponses }: UpdateTaskParams, ctx: McpContext): Body {
  jobOf(taskId, ctx).answer(inputResponses);
  return {};
}

export function cancelTask({ taskId }: TaskParams, ctx: McpContext): Body {
  const job = jobOf(taskId, ctx);
  const isCore = ctx.peer.revision.tasks === 'core';
  if (isCore && job.isOver) throw invalid(`the task is over already: ${asCore(job, ctx.site.scrub).state}`);
  job.cancel(new Fault('cancelled', 'Cancelled by the client.'));
  return isCore ? coreTask(asCore(job, ctx.site.scrub)) : {};
}

/** Waits for the end of the task, asks what it wants to know meanwhile, and answers what the call itself would have. */
export async function taskResult({ taskId }: TaskParams, ctx: McpContext): Promise<Body> {
  const job = jobOf(taskId, ctx);
  const related = { [RELATED]: { taskId } };
  const asked = new Set<unknown>();
  while (!job.isOver) {
    for (const [key, question] of Object.entries(job.questions)) {
      if (asked.has(question)) continue;
      asked.add(question);
      void askFor(job, key, { question, related }, ctx);
    }
    await nextChange(job, ctx);
  }
  const { outcome } = job;
  // There are jobs that are over without anything having come of them: they were cancelled.
  if (outcome === undefined) throw ended();
  if ('fault' in outcome) throw outcome.fault.kind === 'cancelled' ? ended() : outcome.fault;
  const body: Body = isObject(outcome.result) ? outcome.result : {};
  return { ...body, _meta: { ...(isObject(body['_meta']) ? body['_meta'] : {}), ...related } };
}

export function listTasks({ cursor }: ListParams, ctx: McpContext): Body {
  const { site } = ctx;
  // Whoever asks without a key and without a session could be anybody.
  const isAnybody = site.client === undefined && site.carrier === 'request';
  const jobs = isAnybody ? [] : site.jobs.of(site.owner).filter(({ isTask }) => isTask);
  const start = cursor === undefined ? 0 : jobs.findIndex(({ id }) => `after:${id}` === cursor) + 1;
  if (cursor !== undefined && start === 0) throw invalid('no page has this cursor');
  const page = jobs.slice(start, start + PAGE);
  const last = page.at(-1);
  const isLast = start + PAGE >= jobs.length || last === undefined;
  return {
    tasks: page.map((job) => coreTask(asCore(job, ctx.site.scrub))),
    ...(isLast ? {} : { nextCursor: `after:${last.id}` }),
  };
}

/** A task whole, as the extension tells of it: with its result, its error, or what it waits for. */
export function detailed(job: Job, { site }: Pick<McpContext, 'site'>): Body {
  const { outcome, state } = job;
  const task = extensionTask(job);
  if (state === 'input_required') return { ...task, inputRequests: job.questions };
  if (state === 'cancelled' || outcome === undefined) return task;
  if ('fault' in outcome) return { ...task, error: wireError(outcome.fault, site.scrub) };
  return { ...task, result: { resultType: 'complete', ...(isObject(outcome.result) ? outcome.result : {}) } };
}

/** To the older form, a call whose result is an error has failed; and one that has failed says why. */
export function asCore(job: Job, scrub: Scrub): TaskFacts {
  const { id, createdAt, updatedAt, ttlMs, outcome, verdict } = job;
  const why = verdict === 'failed' && outcome !== undefined ? failureOf(outcome, scrub) : undefined;
  const facts = { id, createdAt, updatedAt, ttlMs, state: verdict };
  return why === undefined ? facts : { ...facts, message: why.slice(0, MOST_WORDS) };
}

/** Nothing where it went well. */
function failureOf(outcome: Outcome, scrub: Scrub): string | undefined {
  if ('fault' in outcome) return wireError(outcome.fault, scrub).message;
  const { result } = outcome;
  if (!isObject(result) || result['isError'] !== true) return undefined;
  const content: unknown[] = Array.isArray(result['content']) ? result['content'] : [];
  const words = content.find((block) => isObject(block) && typeof block['text'] === 'string');
  return isObject(words) ? String(words['text']) : 'The result is an error.';
}

function jobOf(taskId: string, ctx: McpContext): Job {
  if (taskFormOf(ctx.peer) === undefined) throw tasksNotDeclared();
  const job = ctx.site.jobs.find(taskId, ctx.site.owner);
  if (job?.isTask !== true) throw invalid(`there is no task ${quoted(taskId)}`);
  return job;
}

interface Asking {
  readonly question: unknown;
  readonly related: object;
}

/**
 * Asks the client on the stream of this request; several who wait at a time ask several times, and the first answer counts.
 * Nobody waits for it: a task goes on, or ends, without its client's answer too. Never rejects.
 */
async function askFor(job: Job, key: string, { question, related }: Asking, { rpc }: McpContext): Promise<void> {
  const isOpen = (): boolean => job.questions[key] === question;
  try {
    const { method, params } = asRequest(question);
    const answer = resultOf(await rpc.ask(method, { ...params, _meta: related }));
    if (isOpen()) job.answer({ [key]: answer });
  } catch (thrown) {
    const why = Fault.from(thrown);
    // This request is over, and another one may yet ask.
    if (why.kind !== 'cancelled' && isOpen()) job.refuse(key, why);
  }
}

/** What is parked was put there by `AskClient.ask`. */
function asRequest(question: unknown): Pick<ClientRequest, 'params'> & { readonly method: string } {
  if (isObject(question) && typeof question['method'] === 'string' && isParams(question['params'])) {
    return { method: question['method'], params: question['params'] };
  }
  throw new Fault('internal', 'A job waits for something that is no question.');
}

function isParams(value: unknown): value is ClientRequest['params'] {
  return isObject(value);
}

async function nextChange(job: Job, { rpc }: McpContext): Promise<void> {
  let stop = (): void => {};
  const change = job.next((withdraw) => (stop = withdraw));
  await orCancelled(change, rpc.cancel).finally(() => stop());
}

function ended(): Fault {
  return new Fault('CANCELLED', 'The task was cancelled.');
}

function invalid(rule: string): Fault {
  return new Fault('invalid-params', `Invalid params: ${rule}.`);
}
