// The tool `job`: what became of a call that was answered with a handle, its text page by page, and how to call it off. It
// knows jobs by what they say of themselves, and no model. Product sheet, section 4.

import { Fault } from '../../core/fault.ts';
import type { JsonObject } from '../../core/json.ts';
import { refuse } from '../../core/problems.ts';
import type { ObjectSchema } from '../../core/schema.ts';
import type { Job } from '../../jobs/job.ts';
import type { OwnJobs } from '../../jobs/own-jobs.ts';
import { readPage } from '../../jobs/reading.ts';
import { numberOf, stringOf } from '../../providers/openai-form/read.ts';
import { ImageRoom, roomTaken } from '../answer/images.ts';
import { jobList } from '../answer/job-list.ts';
import { jobPage } from '../answer/job-page.ts';
import { roomFor } from '../answer/room.ts';
import { widened } from '../request/arguments.ts';
import type { Tool, ToolContext, ToolResult } from '../tool.ts';
import { LONG_RESULT } from './terms.ts';
import type { Terms } from './terms.ts';

/** How long `wait` waits where the caller does not say. */
const WAIT_S = 45;
const MOST_WAIT_S = 600;

const INPUT: ObjectSchema = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    action: { type: 'string', enum: ['get', 'wait', 'cancel', 'list'], description: 'Default: get.' },
    wait_s: { type: 'number', minimum: 0, maximum: MOST_WAIT_S, description: 'Most seconds to wait.' },
    offset: { type: 'integer', minimum: 0, description: 'Where to read on: next_offset of before.' },
  },
};

export function jobTool(terms: Terms): Tool {
  return {
    name: 'job',
    title: 'Read a job',
    description: 'Read on in an answer that takes long, or is too long for one result.',
    inputSchema: INPUT,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    meta: LONG_RESULT,
    readsJobs: true,
    widen: (args) => widened(INPUT, args),
    async run(args, ctx) {
      const { jobs } = ctx;
      const action = stringOf(args['action']) ?? 'get';
      const from = numberOf(args['offset']) ?? 0;
      if (action === 'list') return jobList(listOf(jobs), from, roomFor({ maxChars: terms.maxOutputChars }, ctx));
      const job = jobOf(stringOf(args['id']) ?? '', jobs);
      if (action === 'cancel') job.cancel(new Fault('cancelled', 'Cancelled by the client.'));
      // What was read of an answer that began anew is not a part of it: from the start, wherever the reader was.
      const wasAnew = !job.places.isSound(from);
      if (action === 'wait') await waited(job, jobs, { ms: waitMs(args, ctx), from: wasAnew ? 0 : from, ctx, wasAnew });
      const isAnew = wasAnew || !job.places.isSound(from);
      return pageOf(job, { from: isAnew ? 0 : from, isAnew, maxChars: terms.maxOutputChars }, ctx);
    },
  };
}

interface Wanted {
  readonly from: number;
  readonly isAnew: boolean;
  readonly maxChars: number;
}

function pageOf(job: Job, { from, isAnew, maxChars }: Wanted, ctx: ToolContext): ToolResult {
  // They were given the room of whoever made the call, under another name perhaps.
  const images = new ImageRoom(ctx, job.draft?.length ?? 0).fitBlocks(job.ending.images ?? []);
  const room = roomFor({ maxChars }, ctx, roomTaken(images.shown, ctx));
  return jobPage(job, readPage(job, from, room), { isAnew, images });
}

function jobOf(id: string, jobs: OwnJobs | undefined): Job {
  if (id === '') refuse([{ path: 'id', message: 'is required' }]);
  const job = jobs?.find(id);
  if (job !== undefined) return job;
  throw new Fault('INVALID_INPUT', `There is no job ${JSON.stringify(id.slice(0, 64))}.`, {
    data: {
      next: 'Jobs are forgotten some time after their end, and end with the server, or with a session that has no key; make the call again.',
    },
  });
}

/** No longer than the caller's own caller waits for us. */
function waitMs(args: JsonObject, { patienceMs = Infinity }: ToolContext): number {
  return Math.min((numberOf(args['wait_s']) ?? WAIT_S) * 1000, patienceMs);
}

interface Wait {
  readonly ms: number;
  readonly from: number;
  readonly ctx: ToolContext;
  /** It began anew since its reader read some of it. */
  readonly wasAnew: boolean;
}

/** Waits, and hands on what comes meanwhile: joined, the notices are the text from where it is read. */
async function waited(job: Job, jobs: OwnJobs | undefined, { ms, from, ctx, wasAnew }: Wait): Promise<void> {
  const { phase, draft } = job;
  if (wasAnew) ctx.phase('restart', phase.attempt);
  ctx.phase(phase.name, phase.attempt);
  const before = draft?.slice(from, draft.length) ?? '';
  if (before !== '') await ctx.progress.text(before);
  await jobs?.wait(job, {
    ms,
    cancel: ctx.cancel,
    ear: {
      // Not waited for: what a slow reader has not read yet is merged, and the answer goes on.
      text: (delta) => void ctx.progress.text(delta),
      phase: (name, attempt) => ctx.phase(name, attempt),
    },
  });
}

/** Throws `INVALID_INPUT` where the caller cannot be told from others. */
function listOf(jobs: OwnJobs | undefined): readonly Job[] {
  if (jobs?.list !== undefined) return jobs.list();
  throw new Fault('INVALID_INPUT', 'Jobs are not listed to clients that have no key.', {
    data: { next: 'Name the job by its id.' },
  });
}
