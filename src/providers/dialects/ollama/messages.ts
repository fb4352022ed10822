// Neutral messages and tools into Ollama's (WIRE.md 2.1 and 2.2): text is one string, images stand beside it as bare
// base64, tool arguments are an object, and a result names its tool. Pure.

import { Fault } from '../../../core/fault.ts';
import { isObject, parseJson } from '../../../core/json.ts';
import type { ChatMessage, ContentPart, ReasoningDetail, ToolCall, ToolDefinition } from '../../chat.ts';
import type { Body } from '../sending/apply-lessons.ts';
import { stringAt } from '../fields.ts';
import { notTaken } from '../sending/not-offered.ts';
import { isPlainThought } from '../sending/replay.ts';

/** Adds to `changed` what has no place in these messages. */
export function messageBodies(messages: readonly ChatMessage[], changed: Set<string>): Body[] {
  /** The names of the calls so far, for the results that answer them. */
  const names = new Map<string, string>();
  return messages.map((message) => {
    for (const call of message.toolCalls ?? []) names.set(call.id, call.name);
    if (message.name !== undefined) changed.add('messages.name removed');
    return messageBody(message, names, changed);
  });
}

function messageBody(message: ChatMessage, names: ReadonlyMap<string, string>, changed: Set<string>): Body {
  const { role, content, toolCalls, toolCallId } = message;
  const parts = typeof content === 'string' || content === null ? [] : content;
  const images = parts.flatMap((part) => (part.type === 'image' ? [imageData(part, changed)] : []));
  for (const part of parts) if (part.type === 'attachment') throw notTaken(part.kind);
  return {
    role: role === 'developer' ? 'system' : role,
    content: typeof content === 'string' ? content : textOf(parts),
    thinking: thinkingOf(message.reasoningDetails ?? []),
    images: images.length > 0 ? images : undefined,
    tool_calls: toolCalls?.map(toolCallBody),
    tool_name: toolCallId === undefined ? undefined : names.get(toolCallId),
    tool_call_id: toolCallId,
  };
}

function textOf(parts: readonly ContentPart[]): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

type Image = Extract<ContentPart, { type: 'image' }>;

const DATA_URL = /^data:[^,]*;base64,/i;

function imageData({ url, detail }: Image, changed: Set<string>): string {
  if (detail !== undefined) changed.add('image detail removed');
  // Matched against its beginning only: the rest may be megabytes.
  const prefix = DATA_URL.exec(url.slice(0, 256))?.[0];
  if (prefix !== undefined) return url.slice(prefix.length);
  const isOnTheWeb = /^https?:/i.test(url);
  const what = isOnTheWeb ? 'Ollama fetches no images from the web.' : 'An image is not a base64 data URL.';
  const next = 'Give the image as a base64 data URL (data:image/png;base64,…), or as a file.';
  throw new Fault('INVALID_INPUT', what, {
    data: { param: 'images', next: isOnTheWeb ? `${next} With FETCH_IMAGES=1 this server fetches it.` : next },
  });
}

/** What the model thought, in the plain text an Ollama server takes back. */
function thinkingOf(details: readonly ReasoningDetail[]): string | undefined {
  const thoughts = details.filter(isPlainThought).map((detail) => stringAt(detail, 'text') ?? '');
  const thinking = thoughts.join('');
  return thinking === '' ? undefined : thinking;
}

function toolCallBody({ id, name, arguments: text }: ToolCall, index: number): Body {
  const value = text.trim() === '' ? {} : parseJson(text);
  if (!isObject(value)) {
    throw new Fault(
      'INVALID_INPUT',
      `The arguments of the tool call "${id}" are not a JSON object, and Ollama takes nothing else.`,
      {
        data: { param: 'messages.tool_calls', next: 'Leave this call and its result out of the messages.' },
      },
    );
  }
  return { id, type: 'function', function: { index, name, arguments: value } };
}

/** The server prints the parameters into the prompt and stumbles over missing ones. */
export function toolBody({ name, description, parameters, strict }: ToolDefinition, changed: Set<string>): Body {
  if (strict === true) changed.add('tools.strict removed');
  return {
    type: 'function',
    function: { name, description, parameters: parameters ?? { type: 'object', properties: {} } },
  };
}
