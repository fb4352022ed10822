// Neutral messages into the input items of `/responses` (WIRE.md 3.5): what opens the conversation as instructions,
// messages, calls and their results as items of their own, and reasoning that was handed out encrypted as the item it
// came in. Calls and results meet by `call_id`.

import type { ChatMessage, ContentPart, ReasoningDetail } from '../../chat.ts';
import { notTaken } from '../sending/not-offered.ts';
import { stringAt } from '../fields.ts';

type Item = Readonly<Record<string, unknown>>;

/** How we mark reasoning of this wire when it is handed out. */
export const FORMAT = 'openai-responses-v1';

export interface Input {
  readonly instructions: string | undefined;
  readonly items: readonly Item[];
}

/** `isOneInput`: instructions stay among the items, because only these are searched for the word JSON. */
export function inputOf(messages: readonly ChatMessage[], isOneInput: boolean): Input {
  const first = messages.findIndex(({ role, content }) => !isSystem(role) || typeof content !== 'string');
  const opening = messages.slice(0, first === -1 ? messages.length : first);
  const rest = messages.slice(opening.length);
  // A conversation must have some input: one that is nothing but instructions is asked as it stands.
  if (isOneInput || rest.length === 0 || opening.length === 0)
    return { instructions: undefined, items: messages.flatMap(itemsOf) };
  return { instructions: opening.map(({ content }) => contentOf(content)).join('\n\n'), items: rest.flatMap(itemsOf) };
}

function isSystem(role: ChatMessage['role']): boolean {
  return role === 'system' || role === 'developer';
}

function itemsOf(message: ChatMessage): readonly Item[] {
  const { role, content } = message;
  if (role === 'tool')
    return [{ type: 'function_call_output', call_id: message.toolCallId, output: contentOf(content) }];
  if (role === 'assistant') return turnOf(message);
  return [{ type: 'message', role, content: contentOf(content) }];
}

/** What an assistant's item has no place for. */
export function hasImage(content: ChatMessage['content']): boolean {
  return content !== null && typeof content !== 'string' && content.some(({ type }) => type !== 'text');
}

/** Reasoning stands before what it led to, and is refused alone. */
function turnOf({ content, toolCalls = [], reasoningDetails = [] }: ChatMessage): readonly Item[] {
  const text = typeof content === 'string' ? content : (content ?? []).map(textOf).join('');
  const said: Item[] = text === '' ? [] : [{ type: 'message', role: 'assistant', content: text }];
  const calls = toolCalls.map(({ id, name, arguments: args }) => ({
    type: 'function_call',
    call_id: id,
    name,
    arguments: args,
  }));
  if (said.length + calls.length === 0) return [];
  return [...reasoningDetails.filter(isOurs).map(reasoningItem), ...said, ...calls];
}

function isOurs(detail: ReasoningDetail): boolean {
  return detail['format'] === FORMAT && stringAt(detail, 'data') !== undefined;
}

function reasoningItem({ id, data }: ReasoningDetail): Item {
  return { type: 'reasoning', id, summary: [], encrypted_content: data };
}

/** A string stays one: it is what every server of this wire takes. */
function contentOf(content: ChatMessage['content']): unknown {
  if (content === null || typeof content === 'string') return content ?? '';
  return content.every((part) => part.type === 'text') ? content.map(textOf).join('') : content.map(partOf);
}

function textOf(part: ContentPart): string {
  return part.type === 'text' ? part.text : '';
}

function partOf(part: ContentPart): Item {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  if (part.type === 'attachment' && part.kind === 'file') return { type: 'input_file', ...part.body };
  if (part.type === 'attachment') throw notTaken(part.kind);
  return { type: 'input_image', image_url: part.url, detail: part.detail ?? 'auto' };
}
