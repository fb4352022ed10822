// The result of a call that goes on as a job: the text so far as the answer, and one line that says how to get the rest.
// Follows promise 2 of the product sheet; section 4 (`job`).

import type { JsonObject } from '../../core/json.ts';
import type { Job } from '../../jobs/job.ts';
import { readPage } from '../../jobs/reading.ts';
import type { Page } from '../../jobs/reading.ts';
import { beginningOf } from '../../providers/answer/text.ts';
import type { ContentBlock, ToolContext, ToolResult } from '../tool.ts';
import { jobFacts, nextCall } from './job-facts.ts';
import { roomFor } from './room.ts';
import type { Bound } from './room.ts';

/** What there is of the answer when its caller is handed the job. */
export interface SoFar {
  readonly text: string;
  /** How to get the rest, in one line. */
  readonly line: string;
  readonly meta: JsonObject;
}

export function soFarOf(job: Job, bound: Bound, ctx: ToolContext): SoFar {
  const page = readPage(job, 0, roomFor(bound, ctx));
  const text = String(beginningOf(page.text, page.text.length).text);
  const closed = text.length > page.text.length ? ' The code block that goes on there was closed.]' : ']';
  return {
    text,
    line: workLine(job, page).replace(/\]$/, closed),
    meta: { 'anymodel/job': jobFacts({ id: job.id, ...page }) },
  };
}

/** The answer is text: what there is of it first, where there is any. */
export function pendingText(job: Job, maxChars: number, ctx: ToolContext): ToolResult {
  const { text, line, meta } = soFarOf(job, { maxChars }, ctx);
  return { content: [...textBlock(text), { type: 'text', text: line }], meta };
}

/** Model APIs refuse a conversation with an empty block of text in it, so there is none. */
export function textBlock(text: string): ContentBlock[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

/** Of a job that is at work. */
export function workLine({ id, phase: { name, attempt } }: Job, { offset, next = 0 }: Page): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  const shown = next > offset ? `Characters ${offset} to ${next} are above` : 'Nothing more of the answer is there yet';
  const how = `Read on with the job tool: ${nextCall(id, 'wait', next)}.`;
  return `[Not finished: the call goes on as job ${id} (${name}${again}). ${shown}. ${how}]`;
}
