// Reasoning effort as Ollama's `think`: a level, or true and false. Servers differ in what they take: levels from
// 0.11 on, "max" later, levels for every model only since 0.13 or so. What one refused is remembered as a value for
// `think`, which is heeded here and not by applyLessons: a lesson about "max" says nothing about "low" or false.

import { Fault } from '../../../core/fault.ts';
import type { ChatRequest } from '../../chat.ts';
import type { Lessons } from '../../dialect.ts';

const LEVELS: ReadonlyMap<string, string | false> = new Map<string, string | false>([
  ['none', false],
  ['minimal', 'low'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['xhigh', 'max'],
  ['max', 'max'],
]);

/** It thinks whatever one says, at three levels; what is none of them it takes for its own. */
const GPT_OSS = /(?:^|\/)gpt-oss/i;
const OF_GPT_OSS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [false, 'low'],
  ['max', 'high'],
]);

/** The value of `think`, undefined when nothing was asked; adds to `changed` what is not sent as it was asked. */
export function thinkOf(request: ChatRequest, lessons: Lessons, changed: Set<string>): unknown {
  const { reasoningEffort: effort, extra } = request;
  const asked = effort === undefined ? extra?.['think'] : levelOf(effort, request.model);
  if (typeof asked !== 'string') return asked;
  const sent = taught(asked, lessons.values.get('think'));
  const said = effort === undefined ? 'think' : 'reasoning_effort';
  if (sent !== (effort ?? asked))
    changed.add(`${said} ${JSON.stringify(effort ?? asked)} -> think ${JSON.stringify(sent)}`);
  return sent;
}

/** Newer servers pass over a word they do not know without a word of their own, so it is refused here. */
function levelOf(effort: string, model: string): string | false {
  const level = LEVELS.get(effort);
  if (level === undefined) {
    throw new Fault('INVALID_INPUT', `"${effort}" is no reasoning_effort that Ollama's API knows.`, {
      data: { param: 'reasoning_effort', next: `Use one of ${[...LEVELS.keys()].join(', ')}.` },
    });
  }
  return GPT_OSS.test(model) ? (OF_GPT_OSS.get(level) ?? level) : level;
}

function taught(level: string, lesson: unknown): unknown {
  if (lesson === true) return true;
  return lesson === undefined || level === 'low' || level === 'medium' ? level : lesson;
}
