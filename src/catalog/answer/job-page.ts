// A page of a job as a result: the text of the answer, what the answer says besides once that is read to its end, and one
// line on how the job is. One that failed is an error with what was received, as the call itself would have been.
// Follows product sheet, section 4 (`job`) and promise 1.

import type { Job, JobState } from '../../jobs/job.ts';
import type { Page } from '../../jobs/reading.ts';
import { accountOf } from '../../protocol/errors.ts';
import type { ContentBlock, ImageBlock, ToolResult } from '../tool.ts';
import { counted } from './images.ts';
import { jobFacts, nextCall } from './job-facts.ts';
import { textBlock, workLine } from './pending.ts';

const STANDS: Readonly<Record<JobState, string>> = {
  working: 'is at work',
  input_required: 'waits for its client',
  completed: 'is complete',
  failed: 'has failed',
  cancelled: 'was cancelled',
};

/** How a page is shown to its reader. */
export interface Showing {
  /** The text is from the start, though more of it was asked for. */
  readonly isAnew: boolean;
  /** The images that there is room for, and what is to be said of the others. */
  readonly images: { readonly shown: readonly ImageBlock[]; readonly missing: readonly string[] };
}

export function jobPage(job: Job, page: Page, showing: Showing): ToolResult {
  const { ending } = job;
  const { shown, missing } = showing.images;
  const line = { type: 'text' as const, text: lineOf(job, page, showing) };
  const meta = { ...ending.meta, 'anymodel/job': jobFacts({ id: job.id, ...page }) };
  const blocks = [...ending.blocks, ...missing].map((text): ContentBlock => ({ type: 'text', text }));
  if (page.state === 'failed') {
    return {
      content: [...(blocks.length > 0 ? blocks : why(job)), ...textBlock(page.text), line],
      isError: true,
      meta,
    };
  }
  const rest = page.next === undefined ? [...shown, ...blocks] : [];
  return { content: [...textBlock(page.text), ...rest, line], meta };
}

/** Of a failure that came to no result: what may be said of it. */
function why({ outcome }: Job): ContentBlock[] {
  const fault = outcome !== undefined && 'fault' in outcome ? outcome.fault : undefined;
  // The room that raised it has scrubbed it.
  const account = fault === undefined ? undefined : accountOf(fault, (text) => text);
  return textBlock(account?.text ?? 'The call failed for a reason of this server.');
}

function lineOf(job: Job, page: Page, { isAnew, images }: Showing): string {
  const { offset, next, total = 0, omitted } = page;
  const anew = isAnew ? 'The answer began anew: drop what was read of it before. ' : '';
  if (page.state === 'working') return workLine(job, page).replace('[', `[${anew}`);
  const lost = omitted > 0 ? `, ${omitted} more were not kept` : '';
  const range = `Characters ${offset} to ${next ?? total} of ${total} are above${lost}`;
  const more = next === undefined ? '' : ` Read on with the job tool: ${nextCall(job.id, 'get', next)}.`;
  const text = total === 0 ? 'It has no text' : range;
  return `[${anew}Job ${job.id} ${STANDS[page.state]}. ${text}.${imagesLine(images.shown.length, page)}${more}]`;
}

/** They come with the last of the text. */
function imagesLine(count: number, { state, next }: Page): string {
  if (count === 0 || state !== 'completed') return '';
  return ` ${counted(count)} ${count === 1 ? 'is' : 'are'} ${next === undefined ? 'above' : 'behind the end of the text'}.`;
}
