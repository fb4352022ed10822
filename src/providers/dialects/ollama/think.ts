// Reasoning effort as Ollama's `think`: a level, or true and false. Servers differ in what they take: levels from
// 0.11 on, "max" later, levels for every model only since 0.13 or so. What one refused is remembered as a value for
// `think`, which is heeded here and not by applyLessons: a lesson about "max" says nothing about "low" or false.

import type { ChatRequest } from '../../chat.ts';
import type { Lessons } from '../../dialect.ts';

const LEVELS: ReadonlyMap<string, string | false> = new Map<string, string | false>([
  ['none', false],
  ['minimal', 'low'],
  ['xhigh', 'max'],
]);

/** The value of `think`, undefined when nothing was asked; adds to `changed` what is not sent as it was asked. */
export function thinkOf({ reasoningEffort, extra }: ChatRequest, lessons: Lessons, changed: Set<string>): unknown {
  const asked = reasoningEffort === undefined ? extra?.['think'] : (LEVELS.get(reasoningEffort) ?? reasoningEffort);
  if (typeof asked !== 'string') return asked;
  const sent = taught(asked, lessons.values.get('think'));
  const said = reasoningEffort === undefined ? 'think' : 'reasoning_effort';
  if (sent !== (reasoningEffort ?? asked)) {
    changed.add(`${said} ${JSON.stringify(reasoningEffort ?? asked)} -> think ${JSON.stringify(sent)}`);
  }
  return sent;
}

function taught(level: string, lesson: unknown): unknown {
  if (lesson === true) return true;
  return lesson === undefined || level === 'low' || level === 'medium' ? level : lesson;
}
