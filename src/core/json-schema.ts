// Answers of models checked against the schema their caller wrote: a subset of JSON Schema 2020-12, and the forms of
// draft 7 that callers still send. Checked are the keywords of CHECKED_KEYWORDS with `then` and `else`, `minContains`
// and `maxContains`, boolean schemas, and `$ref` to `#` and `#/…`. Not checked: `format` and other annotations, and what
// `unsupportedKeywords` lists. Schema and value are hostile: any check ends within about a second.
// The schemas of our own tools are another matter, see schema.ts.

import type { JsonValue } from './json.ts';
import { Checker } from './json-schema/checker.ts';
import { LOGIC_RULES } from './json-schema/logic-rules.ts';
import { MEMBER_RULES } from './json-schema/member-rules.ts';
import { VALUE_RULES } from './json-schema/value-rules.ts';
import type { Problem } from './schema.ts';

const RULES = new Map([...VALUE_RULES, ...MEMBER_RULES, ...LOGIC_RULES]);

/** The keywords whose breach is a problem. */
export const CHECKED_KEYWORDS: readonly string[] = [...RULES.keys()];

/** The ways in which `value` breaks `schema`, the first 20 of them; empty when it conforms. */
export function checkJson(schema: JsonValue, value: JsonValue): Problem[] {
  return new Checker(schema, RULES).run(value);
}
