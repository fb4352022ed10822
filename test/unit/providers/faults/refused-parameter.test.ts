// Every wording of WIRE.md 2.3 and 5.1 that is known of a real server; what becomes of them in one dialect are the
// fixtures fixtures/dialects/openai/8*.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRefusal } from '../../../../src/providers/faults/refusal.ts';
import { refusedParameters } from '../../../../src/providers/faults/refused-parameter.ts';
import type { RefusedParameter } from '../../../../src/providers/faults/refused-parameter.ts';

function refused(body: unknown, status = 400): readonly RefusedParameter[] {
  return refusedParameters(readRefusal(status, { get: () => null }, JSON.stringify(body), 0));
}

/** What an error object with this message alone is read as: `name`, or `name=` where its value is refused. */
function read(message: string, rest: object = {}): string[] {
  return refused({ error: { message, ...rest } }).map(
    ({ param, isValue, accepts }) => `${param}${isValue ? '=' : ''}${(accepts ?? []).join('|')}`,
  );
}

test('a parameter that is not known is named in many ways', () => {
  const forms: readonly (readonly [string, readonly string[]])[] = [
    [
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      ['max_tokens'],
    ],
    ["Unknown parameter: 'reasoning.effort'.", ['reasoning.effort']],
    ['Unrecognized request argument supplied: stream_options', ['stream_options']],
    ['Unrecognized request arguments supplied: top_k, min_p', ['top_k', 'min_p']],
    ["Additional properties are not allowed ('top_k' was unexpected)", ['top_k']],
    ["Additional properties are not allowed ('top_k', 'min_p' were unexpected)", ['top_k', 'min_p']],
    ["property 'logit_bias' is unsupported", ['logit_bias']],
    ["property 'top_k' is unsupported, did you mean 'top_p'?", ['top_k']],
    ['temperature: Extra inputs are not permitted', ['temperature']],
    ['output_config.effort: Extra inputs are not permitted', ['output_config.effort']],
    ['Validation error at #/stream_options: Extra inputs are not permitted', ['stream_options']],
    ["Extra inputs are not permitted, field: 'stream_options', value: {'include_usage': True}", ['stream_options']],
    [
      'Malformed input request: #: extraneous key [stream_options] is not permitted, please reformat',
      ['stream_options'],
    ],
    ['Invalid JSON payload received. Unknown name "seed": Cannot find field.', ['seed']],
    ['json: unknown field "parallel_tool_calls"', ['parallel_tool_calls']],
    [
      "'messages.0' : for 'role:assistant' the following must be satisfied[('messages.0' : property 'user' is unsupported)]",
      ['messages.0'],
    ],
    ['messages.1.content.0.text: Extra inputs are not permitted', ['messages.1.content.0.text']],
    ["create() got an unexpected keyword argument 'min_p'", ['min_p']],
    ['`temperature` is deprecated for this model.', ['temperature']],
    ['`temperature` and `top_p` cannot both be specified for this model. Please use only one.', ['top_p']],
    ['The following fields are not supported: logit_bias, seed', ['logit_bias', 'seed']],
    ['This model does not support temperature.', ['temperature']],
    ['"gemma3" does not support thinking', ['reasoning_effort', 'reasoning', 'thinking', 'think']],
    [
      "[{'type': 'extra_forbidden', 'loc': ('body', 'foo'), 'msg': 'Extra inputs are not permitted', 'input': 1}]",
      ['foo'],
    ],
  ];
  for (const [message, names] of forms) assert.deepEqual(read(message), names, message);
});

test('a value that is not taken is told from a parameter that is not, with the values that are', () => {
  const effort = "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model.";
  const forms: readonly (readonly [string, readonly string[]])[] = [
    [`${effort} Supported values are: 'low', 'medium', and 'high'.`, ['reasoning_effort=low|medium|high']],
    [
      "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
      ['temperature='],
    ],
    ['`temperature` may only be set to 1 when thinking is enabled.', []],
    ['`reasoning_effort` must be one of `low`, `medium`, or `high`', []],
    ["reasoning_effort: Input should be 'low', 'medium' or 'high'", ['reasoning_effort=low|medium|high']],
  ];
  for (const [message, names] of forms) assert.deepEqual(read(message), names, message);
  assert.deepEqual(
    read(
      "Unsupported value: 'minimal' is not supported with the 'gpt-5.1' model. Supported values are: 'none', 'low', and 'high'.",
      { param: 'reasoning.effort', code: 'unsupported_value' },
    ),
    ['reasoning.effort=none|low|high'],
  );
  assert.deepEqual(
    read('`reasoning_effort` must be one of `low`, `medium`, or `high`', { param: 'reasoning_effort' }),
    ['reasoning_effort=low|medium|high'],
  );
  assert.deepEqual(read('Must not be streamed.', { param: 'stream', code: 'unsupported_value' }), ['stream=']);
});

test('levels are listed like values', () => {
  assert.deepEqual(
    read("This model does not support effort level 'xhigh'. Supported levels: high, low, max, medium.", { param: 'e' }),
    ['e=high|low|max|medium'],
  );
});

test('every field of a list of complaints is named', () => {
  const row = (field: string, msg = 'Extra inputs are not permitted'): object => ({
    type: 'x',
    loc: ['body', field],
    msg,
  });
  const rows = [row('seed'), row('stream_options'), row('reasoning_effort', "Input should be 'low' or 'high'")];
  const expected = [
    { param: 'seed', isValue: false },
    { param: 'stream_options', isValue: false },
    { param: 'reasoning_effort', isValue: true, accepts: ['low', 'high'] },
  ];
  assert.deepEqual(refused({ detail: rows }, 422), expected);
  assert.deepEqual(
    refused({ object: 'error', message: { detail: rows }, type: 'invalid_request_error' }, 422),
    expected,
  );
  assert.deepEqual(refused({ object: 'Error', detail: rows, message: rows, code: 3001 }, 422), expected);
  assert.deepEqual(refused({ detail: [row('seed')] }, 422), [{ param: 'seed', isValue: false }]);
  assert.deepEqual(
    refused({ detail: [{ loc: ['body', 'messages', 0, 'user', 'name'], msg: 'Extra inputs are not permitted' }] }, 422),
    [{ param: 'messages.0.user.name', isValue: false }],
  );
});

test('what is wrong in another way names nothing', () => {
  const others = [
    "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead.",
    'We could not parse the JSON body of your request.',
    "'messages' must contain the word 'json' in some form.",
    'max_tokens is too large: 9000. This model supports at most 4096 completion tokens, whereas you provided 9000.',
  ];
  for (const message of others) assert.deepEqual(read(message), [], message);
  assert.deepEqual(refused({ error: { message: "Unknown parameter: 'x'", param: 'x' } }, 500), []);
});
