// The `content` of a chat message: a string, or parts. Parts other than text and images are refused by name,
// because an upstream that does not know them answers in ways no caller understands.
// Follows the OpenAI chat request (WIRE sheet, 2.2).

import { isObject } from '../../core/json.ts';
import { notOneOf, show } from '../../core/schema.ts';
import type { Problem } from '../../core/schema.ts';
import type { ContentPart, Role } from '../chat.ts';
import { ENOUGH } from '../../core/problems.ts';

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
    case 'image_url':
      if (role === 'user') return readImageUrl(item['image_url'], `${path}.image_url`, problems);
      problems.push({
        path: `${path}.type`,
        message: `must be "text": only user messages carry images, not ${role} ones`,
      });
      return undefined;
    default:
      problems.push({ path: `${path}.type`, message: notOneOf(item['type'], ['text', 'image_url']) });
      return undefined;
  }
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
