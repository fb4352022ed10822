// Neutral messages and tools into OpenAI's field names (WIRE.md 2.1 and 2.2). Pure conversion: nothing is
// judged, dropped or renamed here but what has another name.

import type { ChatMessage, ContentPart, ToolCall, ToolChoice, ToolDefinition } from '../../../chat.ts';
import { stringAt } from '../../fields.ts';
import { isPlainThought } from '../../sending/replay.ts';
import type { Replay } from '../profiles.ts';

type Body = Readonly<Record<string, unknown>>;

/** `developer` is OpenAI's own word: elsewhere it goes as `system`, and OpenAI maps that back. */
export function messageBody(message: ChatMessage, knowsDeveloper: boolean, replay: Replay): Body {
  const body = {
    role: message.role === 'developer' && !knowsDeveloper ? 'system' : message.role,
    content: contentBody(message.content),
    name: message.name,
    tool_calls: message.toolCalls?.map(toolCallBody),
    tool_call_id: message.toolCallId,
  };
  if (replay === 'none' || message.role !== 'assistant') return body;
  // What an Ollama server thought is nobody's who knows these.
  if (replay === 'details')
    return { ...body, reasoning_details: message.reasoningDetails?.filter(({ format }) => format !== 'ollama') };
  return message.toolCalls === undefined ? body : { ...body, reasoning_content: reasoningText(message, replay) };
}

/** The reasoning of a turn that calls tools, for servers that refuse the turn without it. */
function reasoningText({ reasoningDetails = [] }: ChatMessage, replay: Replay): string | undefined {
  const thoughts = reasoningDetails.filter(isPlainThought);
  const text = thoughts.map((detail) => stringAt(detail, 'text') ?? '').join('');
  return text === '' && replay === 'kept-text' ? undefined : text;
}

function contentBody(content: ChatMessage['content']): unknown {
  if (content === null || typeof content === 'string') return content;
  const [first] = content;
  // A single text needs no list, and some servers know nothing but strings.
  return content.length === 1 && first?.type === 'text' ? first.text : content.map(partBody);
}

function partBody(part: ContentPart): Body {
  if (part.type === 'text') return { type: 'text', text: part.text };
  if (part.type === 'attachment') return { type: part.kind, [part.kind]: part.body };
  return { type: 'image_url', image_url: { url: part.url, detail: part.detail } };
}

function toolCallBody(call: ToolCall): Body {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } };
}

export function toolBody(tool: ToolDefinition): Body {
  const { name, description, parameters, strict } = tool;
  return { type: 'function', function: { name, description, parameters, strict } };
}

export function toolChoiceBody(choice: ToolChoice): unknown {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}
