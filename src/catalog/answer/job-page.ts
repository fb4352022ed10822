// A page of a job as a result: the text of the answer, what the answer says besides once that is read to its end, and one
// line on how the job is. One that failed is an error with what was received, as the call itself would have been.
// Follows product sheet, section 4 (`job`) and promise 1.

import type { Job, JobState } from '../../jobs/job.ts';
import type { Page } from '../../jobs/reading.ts';
import { accountOf } from '../../protocol/errors.ts';
import type { ContentBlock, ToolResult } from '../tool.ts';
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

/** `isAnew`: the text is from the start, though more of it was asked for. */
export function jobPage(job: Job, page: Page, isAnew: boolean): ToolResult {
  const { ending } = job;
  const { images = [] } = ending;
  const line = { type: 'text' as const, text: lineOf(job, page, isAnew) };
  const meta = { ...ending.meta, 'anymodel/job': jobFacts({ id: job.id, ...page }) };
  const blocks = ending.blocks.map((text): ContentBlock => ({ type: 'text', text }));
  if (page.state === 'failed') {
    return {
      content: [...(blocks.length > 0 ? blocks : why(job)), ...textBlock(page.text), line],
      isError: true,
      meta,
    };
  }
  const rest = page.next === undefined ? [...images, ...blocks] : [];
  return { content: [...textBlock(page.text), ...rest, line], meta };
}

/** Of a failure that came to no result: what may be said of it. */
function why({ outcome }: Job): ContentBlock[] {
  const fault = outcome !== undefined && 'fault' in outcome ? outcome.fault : undefined;
  // The room that raised it has scrubbed it.
  const account = fault === undefined ? undefined : accountOf(fault, (text) => text);
  return textBlock(account?.text ?? 'The call failed for a reason of this server.');
}

function lineOf(job: Job, page: Page, isAnew: boolean): string {
  const { offset, next, total = 0, omitted } = page;
  const anew = isAnew ? 'The answer began anew: drop what was read of it before. ' : '';
  if (page.state === 'working') return workLine(job, page).replace('[', `[${anew}`);
  const lost = omitted > 0 ? `, ${omitted} more were not kept` : '';
  const range = `Characters ${offset} to ${next ?? total} of ${total} are above${lost}`;
  const more = next === undefined ? '' : ` Read on with the job tool: ${nextCall(job.id, 'get', next)}.`;
  const text = total === 0 ? 'It has no text' : range;
  return `[${anew}Job ${job.id} ${STANDS[page.state]}. ${text}.${imagesLine(job, page)}${more}]`;
}

/** They come with the last of the text. */
function imagesLine({ ending: { images = [] } }: Job, { state, next }: Page): string {
  if (images.length === 0 || state !== 'completed') return '';
  const are = images.length === 1 ? 'is' : 'are';
  return ` ${counted(images.length)} ${are} ${next === undefined ? 'above' : 'behind the end of the text'}.`;
}
