// How to mend a request that was refused because of one parameter: read off the refusal, for the parameters
// in one table. Only what shapes how an answer is made is ever left out; what the caller asked for (messages,
// model, tools, response_format, dimensions) is not. WIRE.md 2.3, cases 82 and 83.

import type { Fault } from '../../../core/fault.ts';
import { isObject, parseJson } from '../../../core/json.ts';
import type { Mend, Sent } from '../../dialect.ts';

type ParameterMend = Exclude<Mend, { readonly action: 'adopt' }>;

const drop = (param: string): ParameterMend => ({ action: 'drop', param });
const rename = (param: string, to: string): ParameterMend => ({ action: 'rename', param, to });

const MENDS: readonly ParameterMend[] = [
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

export function mendOpenAi(fault: Fault, { sending: sent }: Sent): readonly Mend[] {
  const { status, param, upstreamCode } = fault.data;
  if (fault.kind !== 'INVALID_INPUT' || (status !== 400 && status !== 422) || sent.body === undefined) return [];
  if (!NOT_TAKEN.test(fault.message) && !NOT_TAKEN.test(upstreamCode ?? '')) return [];
  const body = parseJson(sent.body);
  if (!isObject(body)) return [];
  const sentMends = MENDS.filter((mend) => body[mend.param] !== undefined);
  const mend = sentMends.find((one) => one.param === topMember(param)) ?? mentioned(sentMends, fault.message, param);
  return mend === undefined ? [] : [mend];
}

/** The first parameter the text names; not looked for when the upstream named one it keeps to itself. */
function mentioned(
  mends: readonly ParameterMend[],
  message: string,
  param: string | undefined,
): ParameterMend | undefined {
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
