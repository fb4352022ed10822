// What a request for JSON wants, and whether a text is that.

import { checkJson } from '../../core/json-schema.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { jsonIn } from './json-in-text.ts';

/** The schema that the answer has to fit; undefined when no JSON is asked for. */
export function wantedSchema(format: JsonObject | undefined): JsonValue | undefined {
  if (format?.['type'] === 'json_object') return { type: 'object' };
  if (format?.['type'] !== 'json_schema' || !isObject(format['json_schema'])) return undefined;
  return format['json_schema']['schema'];
}

/** The one JSON value of an answer that fits, as it was written; or why there is none. */
export type Judgement = { readonly json: string } | { readonly problems: readonly string[] };

export function judge(text: string, schema: JsonValue): Judgement {
  const found = jsonIn(text);
  const [first] = found;
  if (first === undefined) return { problems: ['the answer is not a whole JSON value'] };
  const checked = found.map((one) => ({ text: one.text, problems: checkJson(schema, one.value) }));
  const fitting = [...new Set(checked.filter(({ problems }) => problems.length === 0).map((one) => one.text))];
  const [json] = fitting;
  if (json !== undefined && fitting.length === 1) return { json };
  if (json !== undefined)
    return { problems: [`the answer holds ${fitting.length} JSON values, where one is asked for`] };
  const [main = { problems: [] }] = checked.toSorted((a, b) => b.text.length - a.text.length);
  return { problems: main.problems.map(({ path, message }) => `${path === '' ? 'the value' : path} ${message}`) };
}
