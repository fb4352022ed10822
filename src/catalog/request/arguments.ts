// From what a caller sent to what a tool's schema lists: the one table of what is widened, and the refusal of
// names the schema does not know. Names are refused here and not by `additionalProperties: false` in the
// schema, because several clients reject or strip that keyword (MCP sheet, section 7, "Schemas").

import type { JsonObject, JsonValue } from '../../core/json.ts';
import { check, member, unknownName } from '../../core/schema.ts';
import type { ObjectSchema, Problem } from '../../core/schema.ts';
import { ENOUGH, refuse } from '../../core/problems.ts';

/** What may be given in a simpler form than the listed one. */
const WIDENED: ReadonlyMap<string, (value: JsonValue) => JsonValue> = new Map([
  ['input', listOfOne],
  ['stop', listOfOne],
  ['images', listOfOne],
  ['files', listOfOne],
  ['response_format', (value: JsonValue) => (typeof value === 'string' ? { type: value } : value)],
]);

/** The arguments in the listed shape, not yet checked. Throws `INVALID_INPUT` on a name the schema does not know. */
export function widened(schema: ObjectSchema, args: JsonObject): JsonObject {
  const problems: Problem[] = [];
  const wider: JsonObject = {};
  for (const name of Object.keys(args)) {
    const value = args[name];
    const widen = WIDENED.get(name);
    if (Object.hasOwn(schema.properties, name)) {
      if (widen !== undefined && value !== undefined) wider[name] = widen(value);
    } else if (problems.length < ENOUGH) {
      problems.push({ path: member('', name), message: unknownName(name, Object.keys(schema.properties)) });
    }
  }
  refuse(problems);
  return { ...args, ...wider };
}

/** The arguments in the listed shape and checked against it. Throws `INVALID_INPUT`. */
export function accepted(schema: ObjectSchema, args: JsonObject): JsonObject {
  const shaped = widened(schema, args);
  refuse(check(schema, shaped));
  return shaped;
}

function listOfOne(value: JsonValue): JsonValue {
  return typeof value === 'object' ? value : [value];
}
