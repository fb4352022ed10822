// The jobs of a caller as a result: a line for each and the same as data, those under way first, then the newest.
// Follows product sheet, section 4 (`job`).

import type { Room } from '../../core/text-cut.ts';
import type { Job, JobState } from '../../jobs/job.ts';
import type { ToolResult } from '../tool.ts';
import { partFacts, partOf } from './list-part.ts';
import type { ListPart } from './list-part.ts';
import { textBlock } from './pending.ts';

/** From an offset on; `jobs`: all of them, the newest first. */
export function jobList(jobs: readonly Job[], from: number, room: Room): ToolResult {
  const all = [...jobs.filter((job) => !job.isOver), ...jobs.filter((job) => job.isOver)].map(factsOf);
  const part = partOf(all, from, room, (job) => Buffer.byteLength(`${lineOf(job)}\n${JSON.stringify(job)}`));
  const text = part.shown.map(lineOf).join('\n');
  const note = part.isAll ? '' : noteOf(part);
  return {
    content: [...textBlock(all.length === 0 ? 'There are no jobs.' : text), ...textBlock(note)],
    meta: {
      'anymodel/jobs': part.shown.map((job) => ({ ...job })),
      ...(part.isAll ? {} : { 'anymodel/job_list': partFacts(part) }),
    },
  };
}

interface JobFacts {
  readonly id: string;
  readonly state: JobState;
  readonly tool: string;
  readonly characters: number;
  readonly created: string;
}

function factsOf(job: Job): JobFacts {
  return {
    id: job.id,
    state: job.verdict,
    tool: job.about,
    characters: job.draft?.length ?? 0,
    created: new Date(job.createdAt).toISOString(),
  };
}

function lineOf({ id, state, tool, characters, created }: JobFacts): string {
  return `${id} ${state} ${tool} ${characters} characters, since ${created}`;
}

function noteOf({ shown, offset, next, total }: ListPart<JobFacts>): string {
  if (shown.length === 0) return `[The list ends before that. Jobs in all: ${total}.]`;
  const range = `${offset + 1} to ${offset + shown.length} of ${total} jobs are above, those under way first, then the newest.`;
  const more =
    next === undefined ? '' : ` More with the job tool: ${JSON.stringify({ action: 'list', offset: next })}.`;
  return `[${range}${more}]`;
}
