// `response_format` of an OpenAI request: a type, and with `json_schema` the schema in one of the forms callers write.
// Follows the OpenAI chat request (WIRE sheet, 2.1).

import type { JsonObject, JsonValue } from '../../core/json.ts';
import { notOneOf, show } from '../../core/schema.ts';
import type { Problem } from '../../core/schema.ts';
import { objectOf } from './read.ts';

const RESPONSE_FORMATS: readonly string[] = ['text', 'json_object', 'json_schema'];

/** The format in OpenAI's own form; undefined where none is given. Where it adds to `problems`, it is incomplete. */
export function readResponseFormat(value: JsonValue | undefined, problems: Problem[]): JsonObject | undefined {
  const format = objectOf(value);
  if (format === undefined) return undefined;
  const { type } = format;
  if (typeof type !== 'string' || !RESPONSE_FORMATS.includes(type)) {
    problems.push({ path: 'response_format.type', message: notOneOf(type, RESPONSE_FORMATS) });
  }
  return type === 'json_schema' ? schemaFormat(format, problems) : format;
}

/** Callers often leave out the name, or put name and schema beside the type, as another API of OpenAI's has them. */
function schemaFormat(format: JsonObject, problems: Problem[]): JsonObject {
  const { json_schema: nested, ...flat } = format;
  delete flat['type'];
  const given = objectOf(nested ?? (flat['schema'] === undefined ? undefined : flat));
  const path = 'response_format.json_schema';
  if (given === undefined) {
    problems.push({ path, message: 'must be an object {name, schema} when type is "json_schema"' });
  } else if (objectOf(given['schema']) === undefined && typeof given['schema'] !== 'boolean') {
    problems.push({ path: `${path}.schema`, message: `must be a JSON Schema, not ${show(given['schema'])}` });
  }
  return { type: 'json_schema', json_schema: { name: 'answer', ...given } };
}
