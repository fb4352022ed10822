// How to mend a request that was refused, read off the refusal. What is particular to this API is a table of its
// sentences, read from the top; whatever names a parameter in a common form is read as for every dialect. What the
// caller asked for (messages, model, tools) is not changed. WIRE.md 2.3, cases 82 and 83.

import type { Fault } from '../../../core/fault.ts';
import { isObject, parseJson } from '../../../core/json.ts';
import type { Mend, Sent } from '../../dialect.ts';
import { parameterMends } from '../../faults/parameter-mends.ts';
import { valueAt } from '../sending/apply-lessons.ts';
import type { Fields } from '../fields.ts';

const WHAT_IS_ASKED = ['model', 'messages', 'system', 'tools', 'tool_choice', 'stream'];

/** `max_tokens` has to be there; the other two are of several members, and the table below knows which. */
const RULES = { keeps: new Set([...WHAT_IS_ASKED, 'max_tokens', 'output_config', 'thinking']) };

export function mendAnthropic(fault: Fault, { sending }: Sent): readonly Mend[] {
  const body = parseJson(sending.body ?? '');
  if (fault.kind !== 'INVALID_INPUT' || !isObject(body)) return [];
  for (const { said, mends } of SENTENCES) {
    const found = said.exec(fault.message);
    const able = found === null ? [] : mends(found, body).filter((mend) => isOf(mend, body));
    if (able.length > 0) return able;
  }
  return parameterMends(fault, body, RULES);
}

interface Sentence {
  readonly said: RegExp;
  readonly mends: (found: RegExpExecArray, body: Fields) => readonly Mend[];
}

const drop = (param: string): Mend => ({ action: 'drop', param });
const replace = (param: string, refused: string, value: string): Mend => ({ action: 'set', param, value, refused });

const SENTENCES: readonly Sentence[] = [
  {
    // max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens for …
    said: /max_tokens: \d+ > (\d+)/,
    mends: ([, most]) => [{ action: 'set', param: 'max_tokens', value: Number(most) }],
  },
  {
    // Models and versions that have no sampling parameters complain of one at a time, and a request is mended once.
    said: /\b(?:temperature|top_p|top_k)(?:[`'"]? (?:is deprecated|(?:is|are) not supported)|: extra inputs)/i,
    mends: () => [drop('temperature'), drop('top_p'), drop('top_k')],
  },
  {
    said: /thinking\.type\.enabled\W+is not supported/,
    mends: () => [replace('thinking.type', 'enabled', 'adaptive'), drop('thinking.budget_tokens')],
  },
  {
    // It thinks whatever one says; this is the name of what it does anyway.
    said: /thinking\.type\.(disabled|between_tools)\W+is not supported/,
    mends: ([, type = '']) => [replace('thinking.type', type, 'adaptive')],
  },
  {
    said: /adaptive thinking is not supported|\bthinking: extra inputs|not support (?:thinking|reasoning)\b/i,
    mends: () => [drop('thinking'), drop('output_config.effort')],
  },
  {
    // This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium.
    said: /effort(?: level)? '(\w+)' is not supported|not support effort level '(\w+)'/,
    mends: ([, one, other]) => [replace('output_config.effort', one ?? other ?? '', 'high')],
  },
  { said: /not support the effort parameter/, mends: () => [drop('output_config.effort')] },
  {
    // Not known at all, not for this model, or not with this schema: asked for in words it is taken by all.
    said: /output_config|output[_ ]format|structured output/i,
    mends: (found, body) => {
      const inWords: Mend = { action: 'adopt', habit: 'schema-in-words' };
      const isAsked = valueAt(body, 'output_config.format') !== undefined;
      // About this caller's schema, and not about schemas: the next one is asked for as it should be.
      if (isAsked && /output_config\.format\.schema/.test(found.input)) return [{ ...inWords, once: true }];
      return isAsked ? [inWords, drop('output_config.effort')] : [drop('output_config')];
    },
  },
  {
    said: /tool_choice forces tool use is not compatible|type "?tool"? and "?any"? are not supported/,
    mends: (_found, body) => [
      replace('tool_choice.type', String(valueAt(body, 'tool_choice.type')), 'auto'),
      drop('tool_choice.name'),
    ],
  },
];

/** Whether the mend would change anything about what was sent. */
function isOf(mend: Mend, body: Fields): boolean {
  if (mend.action === 'adopt') return true;
  const value = valueAt(body, mend.param);
  if (value === undefined) return false;
  return mend.action !== 'set' || (value !== mend.value && (mend.refused === undefined || value === mend.refused));
}
