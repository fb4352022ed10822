// A neutral conversation into Anthropic's: the system prompt apart, then turns of user and assistant, each role's
// neighbours in one. All results of one assistant turn stand first in one user turn (WIRE.md 2.2, case 64).
//
// A system message after the first turn goes into the system prompt too, and that is reported: as a user turn it
// would keep its place, but lose its authority.

import { Fault } from '../../../core/fault.ts';
import type { ChatMessage } from '../../chat.ts';
import type { ToolNames } from '../sending/tool-names.ts';
import type { Block } from './content.ts';
import { contentBlocks, reasoningBlocks, shortened, textOf, toolResultBlock, toolUseBlock } from './content.ts';
import { ToolIds } from './tool-ids.ts';

export interface Conversation {
  /** Empty when there is none. */
  readonly system: string;
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: unknown }[];
  /** The last answer is begun, for the model to go on with. */
  readonly isBegun: boolean;
  /** The last turn that called tools came without the thinking that led to it. */
  readonly lacksThinking: boolean;
}

interface Turn {
  readonly role: 'user' | 'assistant';
  /** What has to stand first: tool results. */
  readonly first: Block[];
  readonly blocks: Block[];
}

/** Put before an assistant's turn that opens the conversation, which has to be opened by a user. */
const OPENING = '(The conversation begins.)';

export function conversationOf(messages: readonly ChatMessage[], names: ToolNames, changed: string[]): Conversation {
  const isSystem = ({ role }: ChatMessage): boolean => role === 'system' || role === 'developer';
  const start = messages.findIndex((message) => !isSystem(message));
  if (start !== -1 && messages.slice(start).some(isSystem))
    changed.push('a later system message moved into the system prompt');
  if (messages.some((message) => message.name !== undefined)) changed.push('name of messages removed');
  if (messages.some(hasDetail)) changed.push('detail of images removed');
  const said = messages.filter((message) => !isSystem(message));
  const system = messages.filter(isSystem).map(textOf).filter(isVisible).join('\n\n');
  const turns = turnsOf(said, names);
  if (turns.length === 0) return { ...onlySystem(system, changed), isBegun: false, lacksThinking: false };
  if (turns[0]?.role === 'assistant') {
    turns.unshift({ role: 'user', first: [], blocks: [{ type: 'text', text: OPENING }] });
    changed.push('a user message put before the first');
  }
  return {
    system,
    messages: turns.map(({ role, first, blocks }) => ({ role, content: shortened([...first, ...blocks]) })),
    isBegun: turns.at(-1)?.role === 'assistant',
    lacksThinking: lacksThinking(turns),
  };
}

function turnsOf(messages: readonly ChatMessage[], names: ToolNames): Turn[] {
  const ids = new ToolIds();
  const turns: Turn[] = [];
  for (const [at, message] of messages.entries()) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = turns.at(-1);
    const turn: Turn = last?.role === role ? last : { role, first: [], blocks: [] };
    if (message.role === 'tool')
      turn.first.push(toolResultBlock(ids.result(message.toolCallId ?? ''), message.content));
    else if (role === 'user') turn.blocks.push(...contentBlocks(message.content));
    else turn.blocks.push(...assistantBlocks(message, ids, names, at === messages.length - 1));
    if (turn !== last && turn.first.length + turn.blocks.length > 0) turns.push(turn);
  }
  return turns;
}

function assistantBlocks(message: ChatMessage, ids: ToolIds, names: ToolNames, isLast: boolean): Block[] {
  const { content, toolCalls = [] } = message;
  const calls = toolCalls.map((call) => toolUseBlock(call, ids.call(call.id), names.get(call.name) ?? call.name));
  const blocks = [...reasoningBlocks(message.reasoningDetails ?? []), ...contentBlocks(content), ...calls];
  const last = blocks.at(-1);
  // White space at the very end of a begun answer is refused.
  if (isLast && typeof last?.['text'] === 'string') blocks.splice(-1, 1, { ...last, text: last['text'].trimEnd() });
  return blocks;
}

/** What can be asked of instructions alone: they are what the user says. */
function onlySystem(system: string, changed: string[]): Pick<Conversation, 'system' | 'messages'> {
  if (system === '') {
    throw new Fault('INVALID_INPUT', 'None of the messages says anything.', {
      data: { param: 'messages', next: 'Give at least one user message that is not empty.' },
    });
  }
  changed.push('the system message sent as a user message, as there is no other');
  return { system: '', messages: [{ role: 'user', content: system }] };
}

function lacksThinking(turns: readonly Turn[]): boolean {
  const last = turns.findLast((turn) => turn.role === 'assistant');
  const types = (last?.blocks ?? []).map((block) => block['type']);
  return types.includes('tool_use') && types[0] !== 'thinking' && types[0] !== 'redacted_thinking';
}

function hasDetail({ content }: ChatMessage): boolean {
  return (
    content !== null &&
    typeof content !== 'string' &&
    content.some((part) => part.type === 'image' && part.detail !== undefined)
  );
}

function isVisible(text: string): boolean {
  return text.trim() !== '';
}
