// Neutral content into Anthropic's content blocks, block by block (WIRE.md 2.2). Pure conversion: which blocks come
// together in a turn is turns.ts. Texts without a visible character are refused upstream, so they give no block.

import { Fault } from '../../../core/fault.ts';
import { isObject, parseJson, present } from '../../../core/json.ts';
import type { ChatMessage, ContentPart, ReasoningDetail, ToolCall } from '../../chat.ts';
import { stringAt } from '../fields.ts';
import { notTaken } from '../sending/not-offered.ts';

export type Block = Readonly<Record<string, unknown>>;

/** Marks the reasoning that this dialect said, and may hand back. */
export const REASONING_FORMAT = 'anthropic-claude-v1';

export function contentBlocks(content: ChatMessage['content']): Block[] {
  if (content === null) return [];
  if (typeof content === 'string') return textBlocks(content);
  return content.flatMap((part) => partBlocks(part));
}

function partBlocks(part: ContentPart): Block[] {
  if (part.type === 'text') return textBlocks(part.text);
  return [part.type === 'image' ? imageBlock(part) : documentBlock(part)];
}

/** A system message's text. */
export function textOf({ content }: ChatMessage): string {
  if (content === null || typeof content === 'string') return content ?? '';
  return content.map(systemText).join('\n\n');
}

function systemText(part: ContentPart): string {
  if (part.type === 'text') return part.text;
  throw new Fault('INVALID_INPUT', 'A system message for Anthropic may hold only text, not images.', {
    data: { param: 'messages', next: 'Put the image into a user message.' },
  });
}

export function toolResultBlock(id: string, content: ChatMessage['content']): Block {
  const blocks = contentBlocks(content);
  return { type: 'tool_result', tool_use_id: id, ...present({ content: shortened(blocks) }) };
}

/** Throws `INVALID_INPUT` for arguments that are not a JSON object: this dialect sends them as one. */
export function toolUseBlock(call: ToolCall, id: string, name: string): Block {
  const input = call.arguments.trim() === '' ? {} : parseJson(call.arguments);
  if (isObject(input)) return { type: 'tool_use', id, name, input };
  throw new Fault('INVALID_INPUT', `The arguments of the call of "${call.name}" (${call.id}) are not a JSON object.`, {
    data: { param: 'messages', next: 'Send the arguments of each tool call as the text of one JSON object.' },
  });
}

/** Reasoning as it was given, in its old place and form; what another dialect said means nothing here. */
export function reasoningBlocks(details: readonly ReasoningDetail[]): Block[] {
  return details.flatMap((detail): Block[] => {
    if (detail['format'] !== REASONING_FORMAT) return [];
    const data = stringAt(detail, 'data');
    if (detail['type'] === 'reasoning.encrypted')
      return data === undefined ? [] : [{ type: 'redacted_thinking', data }];
    const signature = stringAt(detail, 'signature');
    if (detail['type'] !== 'reasoning.text' || signature === undefined) return [];
    return [{ type: 'thinking', thinking: stringAt(detail, 'text') ?? '', signature }];
  });
}

/** A single text needs no list; nothing at all is no content. */
export function shortened(blocks: readonly Block[]): unknown {
  const [first] = blocks;
  if (first === undefined) return undefined;
  return blocks.length === 1 && first['type'] === 'text' ? first['text'] : blocks;
}

function textBlocks(text: string): Block[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

function imageBlock({ url }: Extract<ContentPart, { type: 'image' }>): Block {
  return { type: 'image', source: url.startsWith('data:') ? packedImage(url) : { type: 'url', url } };
}

function packedImage(url: string): Block {
  const comma = url.indexOf(',');
  const [type = '', ...settings] = url.slice('data:'.length, Math.max(comma, 0)).toLowerCase().split(';');
  if (type !== '' && settings.at(-1) === 'base64')
    return { type: 'base64', media_type: type === 'image/jpg' ? 'image/jpeg' : type, data: url.slice(comma + 1) };
  throw new Fault('INVALID_INPUT', 'The data URL of an image does not say its type, or is not in base64.', {
    data: { param: 'messages', next: 'Write it as data:image/png;base64,… or give an https address.' },
  });
}

const PDF = 'data:application/pdf;base64,';

/** A PDF that comes with the message is a document here; of sounds, and of files that lie with another API, there is no form. */
function documentBlock({ kind, body }: Extract<ContentPart, { type: 'attachment' }>): Block {
  if (kind !== 'file') throw notTaken(kind);
  const { filename: title, file_data: file, ...rest } = body;
  const isPdf = typeof file === 'string' && file.slice(0, PDF.length).toLowerCase() === PDF;
  if (!isPdf || Object.keys(rest).length > 0) {
    throw new Fault('INVALID_INPUT', 'Of files, Anthropic takes PDFs in base64 alone.', {
      data: {
        param: 'messages',
        retry: 'elsewhere',
        next: `Write it as {filename, file_data: "${PDF}…"}, or send its text.`,
      },
    });
  }
  const source = { type: 'base64', media_type: 'application/pdf', data: file.slice(PDF.length) };
  return { type: 'document', source, ...present({ title: title === '' || title === null ? undefined : title }) };
}
