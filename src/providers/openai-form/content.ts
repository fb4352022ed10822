// The `content` of a chat message: a string, or parts. Parts that are none of OpenAI's are refused by name, because an
// upstream that does not know them answers in ways no caller understands.
// Follows the OpenAI chat request (WIRE sheet, 2.2).

import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { notOneOf, show } from '../../core/schema.ts';
import type { Problem } from '../../core/schema.ts';
import type { AttachmentKind, ContentPart, Role } from '../chat.ts';
import { ENOUGH } from '../../core/problems.ts';

const PARTS = ['text', 'image_url', 'input_audio', 'file', 'refusal'];

const CARRIED = {
  refusal: 'assistant messages carry refusals',
  image_url: 'user messages carry images',
  input_audio: 'user messages carry audio',
  file: 'user messages carry files',
} as const;

/** The content; `undefined` when it was refused, which is then among the problems. Absent and null are the caller's to judge. */
export function readContent(
  value: unknown,
  role: Role,
  path: string,
  problems: Problem[],
): string | readonly ContentPart[] | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) {
    problems.push({ path, message: `must be a string or an array of parts, not ${show(value)}` });
    return undefined;
  }
  if (value.length === 0) problems.push({ path, message: 'must have at least one part' });
  const parts: ContentPart[] = [];
  for (const [i, item] of value.entries()) {
    if (problems.length >= ENOUGH) break;
    const part = readPart(item, role, `${path}[${i}]`, problems);
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

function readPart(item: unknown, role: Role, path: string, problems: Problem[]): ContentPart | undefined {
  if (!isObject(item)) {
    problems.push({ path, message: `must be an object with a type, not ${show(item)}` });
    return undefined;
  }
  switch (item['type']) {
    case 'text':
      return readText(item['text'], `${path}.text`, problems);
    case 'refusal':
      // What the model once answered in place of an answer; handed back, it is what it said.
      if (role === 'assistant') return readText(item['refusal'], `${path}.refusal`, problems);
      break;
    case 'image_url':
      if (role === 'user') return readImageUrl(item['image_url'], `${path}.image_url`, problems);
      break;
    case 'input_audio':
    case 'file':
      if (role === 'user') return readAttachment(item['type'], item, path, problems);
      break;
    default:
      problems.push({ path: `${path}.type`, message: notOneOf(item['type'], PARTS) });
      return undefined;
  }
  problems.push({
    path: `${path}.type`,
    message: `must be "text": only ${CARRIED[item['type']]}, not ${role} ones`,
  });
  return undefined;
}

function readAttachment(
  kind: AttachmentKind,
  item: Readonly<Record<string, unknown>>,
  path: string,
  problems: Problem[],
): ContentPart | undefined {
  const body = item[kind];
  if (isJsonObject(body)) return { type: 'attachment', kind, body };
  problems.push({ path: `${path}.${kind}`, message: `must be an object, not ${show(body)}` });
  return undefined;
}

/** Messages come out of a JSON text, so what is an object is one of JSON. */
function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}

function readText(text: unknown, path: string, problems: Problem[]): ContentPart | undefined {
  if (typeof text === 'string') return { type: 'text', text };
  problems.push({ path, message: `must be a string, not ${show(text)}` });
  return undefined;
}

/** `{url, detail?}`, or the URL alone, which several clients send. */
function readImageUrl(value: unknown, path: string, problems: Problem[]): ContentPart | undefined {
  const [url, detail] = isObject(value) ? [value['url'], value['detail']] : [value, undefined];
  const image = readImage(url, isObject(value) ? `${path}.url` : path, problems);
  if (detail === undefined || detail === null) return image;
  if (typeof detail === 'string') return image === undefined ? undefined : { ...image, detail };
  problems.push({ path: `${path}.detail`, message: `must be a string, not ${show(detail)}` });
  return undefined;
}

type Image = Extract<ContentPart, { readonly type: 'image' }>;

/** An image by its URL: one the upstream can fetch, or one that holds the image itself. */
export function readImage(url: unknown, path: string, problems: Problem[]): Image | undefined {
  if (typeof url === 'string' && /^(?:https:\/\/[^\s]|data:image\/)/i.test(url)) return { type: 'image', url };
  problems.push({ path, message: `must be an https: URL or a data:image/…;base64,… URL, not ${show(url)}` });
  return undefined;
}
