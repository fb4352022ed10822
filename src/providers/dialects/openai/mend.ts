// How to mend a request that was refused because of one parameter: read off the refusal, for the parameters
// in one table. Only what shapes how an answer is made is ever left out; what the caller asked for (messages,
// model, tools, response_format, dimensions) is not. WIRE.md 2.3, cases 82 and 83.

import type { Fault } from '../../../core/fault.ts';
import { isObject, parseJson } from '../../../core/json.ts';
import type { Mend, Sending } from '../../dialect.ts';

const drop = (param: string): Mend => ({ action: 'drop', param });
const rename = (param: string, to: string): Mend => ({ action: 'rename', param, to });

const MENDS: readonly Mend[] = [
  rename('max_tokens', 'max_completion_tokens'),
  rename('max_completion_tokens', 'max_tokens'),
  drop('stream_options'),
  drop('temperature'),
  drop('top_p'),
  drop('stop'),
  drop('seed'),
  drop('reasoning_effort'),
  drop('parallel_tool_calls'),
  drop('encoding_format'),
  drop('frequency_penalty'),
  drop('presence_penalty'),
  drop('top_k'),
  drop('min_p'),
  drop('user'),
  drop('store'),
  drop('metadata'),
];

/** The ways of saying "I do not take this parameter"; a value out of range is not one of them. */
const NOT_TAKEN =
  /unsupported|not support|unrecogni[sz]ed|unknown|unexpected|extra inputs|extra_forbidden|not permitted|not allowed|additional propert|only the default|deprecated|not available|no longer/i;

export function mendOpenAi(fault: Fault, sent: Sending): Mend | undefined {
  const { status, param, upstreamCode } = fault.data;
  if (fault.kind !== 'INVALID_INPUT' || (status !== 400 && status !== 422) || sent.body === undefined) return undefined;
  if (!NOT_TAKEN.test(fault.message) && !NOT_TAKEN.test(upstreamCode ?? '')) return undefined;
  const body = parseJson(sent.body);
  if (!isObject(body)) return undefined;
  const sentMends = MENDS.filter((mend) => body[mend.param] !== undefined);
  return sentMends.find((mend) => mend.param === topMember(param)) ?? mentioned(sentMends, fault.message, param);
}

/** The first parameter the text names; not looked for when the upstream named one it keeps to itself. */
function mentioned(mends: readonly Mend[], message: string, param: string | undefined): Mend | undefined {
  if (param !== undefined) return undefined;
  const named = mends
    .map((mend) => ({ mend, at: message.search(new RegExp(`\\b${mend.param}\\b`)) }))
    .filter(({ at }) => at !== -1);
  return named.toSorted((a, b) => a.at - b.at)[0]?.mend;
}

/** `stream_options.include_usage` is about `stream_options`. */
function topMember(param: string | undefined): string | undefined {
  return param?.split(/[.[]/)[0];
}
