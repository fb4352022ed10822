// A `response_format` said in words, for targets that have no parameter for it or refuse the one they have
// (habits `schema-as-object` and `schema-in-words`). Pure; whether the answer keeps to it is checked elsewhere.

import type { JsonObject } from '../../../core/json.ts';
import { objectAt, stringAt } from '../fields.ts';

/** What to tell the model, as text of a system message; empty for a format that asks for no JSON. */
export function schemaInWords(responseFormat: JsonObject): string {
  const type = responseFormat['type'];
  if (type !== 'json_schema' && type !== 'json_object') return '';
  const wanted = objectAt(responseFormat, 'json_schema') ?? {};
  const schema = objectAt(wanted, 'schema');
  const description = stringAt(wanted, 'description');
  const what = type === 'json_object' ? 'one JSON object' : 'one JSON value';
  const words = [`Answer with ${what} and nothing else: no other text before or after it, and no code fence.`];
  if (description !== undefined) words.push(`What it is: ${description}`);
  if (schema !== undefined) words.push(`It has to be valid against this JSON Schema:\n${JSON.stringify(schema)}`);
  return words.join('\n');
}
