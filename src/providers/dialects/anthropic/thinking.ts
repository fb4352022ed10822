// How much a model is to think, and how much it may say in all: `reasoning_effort` and `max_tokens` into Anthropic's
// `thinking`, `output_config.effort` and `max_tokens`, which is required and counts thinking too. What thinking may
// take is put on top of what the caller asked for, or it would starve the answer. WIRE.md 2.1 and 2.3.

import { Fault } from '../../../core/fault.ts';
import type { ChatRequest } from '../../chat.ts';
import type { Conversation } from './turns.ts';
import { takesForcedTools } from './models.ts';
import type { Traits } from './models.ts';

export interface Thinking {
  readonly thinking?: Readonly<Record<string, unknown>>;
  readonly effort?: string;
  readonly maxTokens: number;
}

/** Tokens to think with, by word of effort; none and minimal are no thinking. */
const BUDGETS: ReadonlyMap<string, number> = new Map([
  ['none', 0],
  ['minimal', 0],
  ['low', 2048],
  ['medium', 8192],
  ['high', 16_384],
  ['xhigh', 32_768],
  ['max', 49_152],
]);

/** The API's own lower bound of a budget. */
const LEAST_BUDGET = 1024;

interface Asked {
  readonly request: ChatRequest;
  readonly traits: Traits;
  readonly conversation: Conversation;
  /** The target has refused more tokens than these. */
  readonly cap: number | undefined;
}

/** What to send; each thing that was asked for and is not sent is told to `changed`. */
export function thinkingOf(asked: Asked, changed: string[]): Thinking {
  const { request, traits, cap = Number.POSITIVE_INFINITY } = asked;
  const most = Math.min(traits.maxOutput, cap);
  const maxTokens = Math.min(request.maxTokens ?? most, cap);
  const thinking = withEffort(asked, { most, maxTokens }, changed);
  if (request.maxTokens !== undefined && thinking.maxTokens !== request.maxTokens)
    changed.push(`max_tokens ${request.maxTokens} -> ${thinking.maxTokens}`);
  return thinking;
}

interface Room {
  readonly most: number;
  readonly maxTokens: number;
}

function withEffort(asked: Asked, room: Room, changed: string[]): Thinking {
  const { request, traits } = asked;
  const { maxTokens } = room;
  const effort = request.reasoningEffort;
  if (effort === undefined) return { maxTokens };
  const budget = budgetOf(effort);
  if (budget === 0 && traits.quiet === 'never') {
    changed.push(`reasoning_effort ${effort} -> low`);
    return { effort: 'low', maxTokens };
  }
  const why = budget === 0 ? '' : hindrance(asked, room);
  if (why !== undefined) {
    const least = traits.quiet === 'between_tools' ? traits.quiet : 'none';
    if (why !== '') changed.push(`reasoning_effort removed: ${why}`);
    else if (effort !== least) changed.push(`reasoning_effort ${effort} -> ${least}`);
    return { ...unthinking(traits), maxTokens };
  }
  const raised = Math.max(maxTokens, Math.min(room.most, maxTokens + budget));
  if (traits.thinking === 'adaptive') {
    const word = traits.efforts[effort] ?? effort;
    if (word !== effort) changed.push(`reasoning_effort ${effort} -> ${word}`);
    // Newer models keep their thoughts to themselves unless asked, and would seem silent.
    return { thinking: { type: 'adaptive', display: 'summarized' }, effort: word, maxTokens: raised };
  }
  // Where there is no room on top, thinking takes its share of what there is, but not the larger half.
  const share = Math.min(budget, Math.max(raised - maxTokens, Math.floor(raised / 2)));
  return { thinking: { type: 'enabled', budget_tokens: share }, maxTokens: raised };
}

function budgetOf(effort: string): number {
  const budget = BUDGETS.get(effort);
  if (budget !== undefined) return budget;
  throw new Fault('INVALID_INPUT', `"${effort}" is no reasoning_effort that Anthropic's API knows.`, {
    data: { param: 'reasoning_effort', next: `Use one of ${[...BUDGETS.keys()].join(', ')}.` },
  });
}

/** What keeps this request from being thought about. */
function hindrance({ request, traits, conversation }: Asked, { most, maxTokens }: Room): string | undefined {
  if (traits.thinking === 'no') return 'this model does not think';
  if (isForced(request) && takesForcedTools(traits)) return 'not together with a forced tool_choice';
  if (conversation.isBegun) return 'not together with a begun answer';
  if (traits.thinking === 'adaptive') return undefined;
  if (conversation.lacksThinking) return 'the last tool calls came without their reasoning';
  return Math.max(most, maxTokens) < 2 * LEAST_BUDGET ? 'max_tokens leaves no room for it' : undefined;
}

/** Whether the caller leaves the model no choice but to call a tool. */
export function isForced({ tools = [], toolChoice = 'auto' }: ChatRequest): boolean {
  return tools.length > 0 && toolChoice !== 'auto' && toolChoice !== 'none';
}

function unthinking({ quiet }: Traits): Pick<Thinking, 'thinking'> {
  return quiet === 'unasked' || quiet === 'never' ? {} : { thinking: { type: quiet } };
}
