// An OpenAI chat request as arguments of our chat: for the hidden aliases and the method `createCompletion`, whose
// callers were written for that API. Members we have no argument for go to `extra`, and from there upstream.

import type { JsonObject, JsonValue } from '../../core/json.ts';
import { show } from '../../core/schema.ts';
import type { ObjectSchema } from '../../core/schema.ts';
import { refuse } from '../../core/problems.ts';
import { objectOf } from '../../providers/openai-form/read.ts';

/** The request as arguments of `schema`, not yet checked. Throws `INVALID_INPUT` when several answers are asked for. */
export function fromOpenAi(schema: ObjectSchema, request: JsonObject): JsonObject {
  const { extra = {}, max_completion_tokens: newer, n, stream_options: _, ...members } = request;
  if (n !== undefined && n !== null && n !== 1)
    refuse([{ path: 'n', message: `must be 1, not ${show(n)}: a call has one answer` }]);
  const args: JsonObject = {};
  const rest: JsonObject = {};
  for (const [name, value] of Object.entries(members)) {
    // That API takes null for "as if absent".
    if (value === null) continue;
    if (isArgument(schema, name, value)) args[name] = value;
    else rest[name] = value;
  }
  if (newer !== undefined && newer !== null) args['max_tokens'] = newer;
  const given = objectOf(extra);
  args['extra'] = given === undefined ? extra : { ...rest, ...given };
  return args;
}

/** Some upstreams have members of the same name that mean something else, such as `provider` with an object. */
function isArgument(schema: ObjectSchema, name: string, value: JsonValue): boolean {
  const property = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  return property !== undefined && !(property.type === 'string' && objectOf(value) !== undefined);
}
