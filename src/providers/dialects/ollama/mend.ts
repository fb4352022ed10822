// How to mend a request that an Ollama server refused (WIRE.md 2.3). Servers differ by age in what they take for
// `think` and `format`; everything else they do not know they ignore.

import type { Fault } from '../../../core/fault.ts';
import { isObject, parseJson } from '../../../core/json.ts';
import type { Mend, Sent } from '../../dialect.ts';

/** The server knows levels, but not this one. */
const OTHER_LEVELS = /must be[^)]*\\?"high\\?"/;
/** It knows none, or this model does not. */
const NO_SUCH_THINK = /think value|\bthink of type bool|think must be/i;
/** Grammars are made of the schema, and not of every one. */
const NO_SUCH_FORMAT = /invalid format|JSON schema|\bformat of type string|grammar/i;

export function mendOllama(fault: Fault, { sending }: Sent): readonly Mend[] {
  const body = parseJson(sending.body ?? '');
  if (!isObject(body) || fault.kind !== 'INVALID_INPUT') return [];
  return [...thinkMends(fault.message, body['think']), ...formatMends(fault.message, body['format'])];
}

function thinkMends(message: string, think: unknown): readonly Mend[] {
  if (think === undefined) return [];
  if (/does not support thinking/i.test(message)) return [{ action: 'drop', param: 'think' }];
  if (typeof think !== 'string' || !NO_SUCH_THINK.test(message)) return [];
  const value = think !== 'high' && OTHER_LEVELS.test(message) ? 'high' : true;
  return [{ action: 'set', param: 'think', value }];
}

function formatMends(message: string, format: unknown): readonly Mend[] {
  return isObject(format) && NO_SUCH_FORMAT.test(message) ? [{ action: 'adopt', habit: 'schema-as-object' }] : [];
}
