// `options`, where Ollama keeps everything about sampling and size (WIRE.md 2.1), and what a caller's `extra` adds to
// a request: `extra.options` is merged into them, other members are sent as they are, and a few that other servers
// take at the top are moved to where Ollama reads them, because it ignores what it does not know.

import { Fault } from '../../../core/fault.ts';
import { isObject, present } from '../../../core/json.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ChatRequest, CompletionRequest } from '../../chat.ts';
import { checkedExtra } from '../sending/extra.ts';

/** Members that arguments become, on this wire or on others: the same `extra` has to work everywhere. */
const SET_BY_US = 'model stream stream_options n temperature top_p stop seed max_tokens max_completion_tokens'.split(
  ' ',
);
const SET_IN_CHAT = 'messages reasoning_effort response_format tools tool_choice parallel_tool_calls'.split(' ');

export const RESERVED: Readonly<Record<'chat' | 'complete', ReadonlySet<string>>> = {
  chat: new Set([...SET_BY_US, ...SET_IN_CHAT]),
  complete: new Set([...SET_BY_US, 'prompt', 'suffix']),
};

/** The arguments that options have names of their own for. */
const ARGUMENTS: ReadonlyMap<string, string> = new Map([
  ['num_predict', 'max_tokens'],
  ['temperature', 'temperature'],
  ['top_p', 'top_p'],
  ['stop', 'stop'],
  ['seed', 'seed'],
]);

const MOVED = ['top_k', 'min_p', 'frequency_penalty', 'presence_penalty', 'repeat_penalty', 'num_ctx'];

interface Extra {
  /** To be spread over the request body. */
  readonly members: JsonObject;
  readonly options: JsonObject;
}

export function splitExtra(extra: JsonObject | undefined, reserved: ReadonlySet<string>, changed: Set<string>): Extra {
  const { options = {}, ...members } = checkedExtra(extra, reserved) ?? {};
  if (!isObject(options)) throw new Fault('INVALID_INPUT', '"extra.options" has to be an object.');
  for (const name of Object.keys(options)) {
    const argument = ARGUMENTS.get(name);
    if (argument === undefined) continue;
    throw new Fault('INVALID_INPUT', `"extra.options" may not contain "${name}".`, {
      data: { param: `options.${name}`, next: `Use the argument ${argument}.` },
    });
  }
  const moved: JsonObject = {};
  for (const name of MOVED) {
    const value = members[name];
    if (value === undefined) continue;
    delete members[name];
    moved[name] = value;
    changed.add(`${name} -> options.${name}`);
  }
  return { members, options: { ...moved, ...options } };
}

/** Undefined when there are none. */
export function optionsBody(
  request: ChatRequest | CompletionRequest,
  own: JsonObject,
  numCtx: number | undefined,
): Record<string, unknown> | undefined {
  const stop = request.stop ?? [];
  const options = present({
    num_ctx: numCtx,
    num_predict: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    stop: stop.length > 0 ? stop : undefined,
    seed: request.seed,
    ...own,
  });
  return Object.keys(options).length > 0 ? options : undefined;
}
