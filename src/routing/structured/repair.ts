// A request asked once more because its answer was not the JSON it asked for, and what two turns cost together.

import { present } from '../../core/json.ts';
import type { ChatRequest, Usage } from '../../providers/chat.ts';

/** A model needs to see what it did, not all of it. */
const MAX_QUOTED = 16_000;

/** The same request with the answer that would not do, and what is wrong with it. */
export function repairRequest(request: ChatRequest, answer: string, problems: readonly string[]): ChatRequest {
  const isLong = answer.length > MAX_QUOTED;
  const quoted = isLong ? `${answer.slice(0, MAX_QUOTED).replace(/[\uD800-\uDBFF]$/, '')}…` : answer;
  const correction = [
    'This is not the JSON that was asked for:',
    ...problems.map((problem) => `- ${problem}`),
    'Give the whole JSON value again, corrected. Write nothing else: no other text, no code fence.',
  ].join('\n');
  return {
    ...request,
    messages: [
      ...request.messages,
      // An empty message is refused by several upstreams.
      { role: 'assistant', content: quoted.trim() === '' ? '(nothing)' : quoted },
      { role: 'user', content: correction },
    ],
  };
}

/** What is known of both; a count that only one of them gave is that one's. */
export function summedUsage(a: Usage | undefined, b: Usage | undefined): Usage | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return present({
    inputTokens: sum(a.inputTokens, b.inputTokens),
    cachedTokens: sum(a.cachedTokens, b.cachedTokens),
    cacheWriteTokens: sum(a.cacheWriteTokens, b.cacheWriteTokens),
    outputTokens: sum(a.outputTokens, b.outputTokens),
    reasoningTokens: sum(a.reasoningTokens, b.reasoningTokens),
    costUsd: sum(a.costUsd, b.costUsd),
  });
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a + b;
}
