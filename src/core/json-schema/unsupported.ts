// What of a schema we do not hold against values, so that whoever says "it fits" can say how far. Annotations and
// keywords nobody defined are not listed: they assert nothing.

import { isObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { compilePattern } from './pattern.ts';
import { resolveRef } from './pointer.ts';
import { isTypeKnown } from './value-rules.ts';

const ASSERTING: readonly string[] = [
  '$dynamicRef',
  '$recursiveRef',
  'dependencies',
  'unevaluatedItems',
  'unevaluatedProperties',
];

/** Where schemas are inside a schema: the value of a keyword, the items of it, or its members. */
const IN_VALUE: readonly string[] = [
  'additionalItems',
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
];
const IN_ITEMS: readonly string[] = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const IN_MEMBERS: readonly string[] = ['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties'];

/** The work we do on a schema: one for each schema in it, more for a pattern, which has to be read. */
const MAX_WORK = 20_000;
const WORK_OF_PATTERN = 40;
const MAX_LISTED = 10;
const MAX_WORD = 100;

/** The keywords, each once, that a check passes over; a `$ref` or `pattern` comes with its value. */
export function unsupportedKeywords(schema: JsonValue): string[] {
  const found = new Set<string>();
  const schemas: JsonValue[] = [schema];
  let work = 0;
  // Grows while it is walked.
  for (const one of schemas) {
    if (found.size >= MAX_LISTED || work > MAX_WORK) break;
    if (!isObject(one)) continue;
    const patterns = patternsOf(one).slice(0, MAX_WORK / WORK_OF_PATTERN);
    work += 1 + patterns.length * WORK_OF_PATTERN;
    for (const word of unchecked(one, schema, patterns)) found.add(word.slice(0, MAX_WORD));
    for (const inner of within(one)) schemas.push(inner);
  }
  if (work > MAX_WORK) found.add('what is too large of it to look through');
  return [...found];
}

function unchecked(schema: JsonObject, root: JsonValue, patterns: readonly string[]): string[] {
  const { $ref: ref, type } = schema;
  const words = ASSERTING.filter((name) => Object.hasOwn(schema, name));
  if (typeof ref === 'string' && resolveRef(root, ref) === undefined) words.push(`$ref ${ref}`);
  if (type !== undefined && !isTypeKnown(type)) words.push(`type ${JSON.stringify(type)}`);
  for (const source of patterns) if (compilePattern(source) === undefined) words.push(`pattern ${source}`);
  return words;
}

function patternsOf({ pattern, patternProperties }: JsonObject): string[] {
  const sources = isObject(patternProperties) ? Object.keys(patternProperties) : [];
  return typeof pattern === 'string' ? [...sources, pattern] : sources;
}

function within(schema: JsonObject): JsonValue[] {
  const members = IN_MEMBERS.flatMap((name) => (isObject(schema[name]) ? Object.values(schema[name]) : []));
  const items = IN_ITEMS.flatMap((name) => (Array.isArray(schema[name]) ? schema[name] : []));
  return [...members, ...items, ...IN_VALUE.flatMap((name) => schema[name] ?? [])];
}
