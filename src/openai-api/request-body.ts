// The body of a request as a JSON object, or why it is none. What it is labelled as hardly matters, since clients label
// it as they like; what it is packed in does.

import { Fault } from '../core/fault.ts';
import { parseJson } from '../core/json.ts';
import type { JsonObject } from '../core/json.ts';
import { objectOf } from '../providers/openai-form/read.ts';
import type { Exchange } from '../wire/exchange.ts';

/** Why a body under these headers is not read; answered with status 415. */
export function mediaProblem(exchange: Exchange): string | undefined {
  const encoding = exchange.header('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== '')
    return `The body may not be compressed (content-encoding ${encoding.slice(0, 40)}): send it as it is.`;
  const type = exchange.header('content-type')?.toLowerCase() ?? '';
  if (type.startsWith('multipart/')) return 'The body must be JSON, not a form.';
  const charset = /;\s*charset="?([^";\s]+)/.exec(type)?.[1] ?? 'utf-8';
  return /^(?:utf-?8|us-ascii)$/.test(charset) ? undefined : 'The body must be JSON in UTF-8.';
}

/** Rejects with `too-large`, `parse`, `invalid-request`, or `cancelled` when the client goes. */
export async function bodyOf(exchange: Exchange, maxBytes: number): Promise<JsonObject> {
  const value = parseJson(await exchange.body(maxBytes));
  if (value === undefined) throw new Fault('parse', 'The body is not valid JSON.');
  const body = objectOf(value);
  if (body === undefined) throw new Fault('invalid-request', 'The body must be a JSON object.');
  return body;
}
