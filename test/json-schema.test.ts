// Our validator beside a known one, over random schemas and values: both must say the same of each. It needs what is
// installed under test/schema, which is why it is not among the property tests.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { checkJson } from '../src/core/json-schema.ts';
import type { JsonObject, JsonValue } from '../src/core/json.ts';
import { forSeeds, integer, oneOf } from './support/property.ts';
import type { Draw } from './support/property.ts';
import { root } from './support/root.ts';

type Validate = (value: unknown) => boolean;

interface Ajv {
  compile(schema: unknown): Validate;
}

const require = createRequire(join(root, 'test', 'schema', 'package.json'));
const { default: Draft07 } = require('ajv') as { default: new (options: object) => Ajv };
const { default: Draft2020 } = require('ajv/dist/2020') as { default: new (options: object) => Ajv };

const NAMES = ['a', 'b', 'ab', '__proto__', 'constructor', 'x1'];
const TYPES = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'];
const PATTERNS = ['^a', 'b$', '^[a-b]+$', '^(a|ab)(c|bcd)?$', String.raw`\d`, '^.{2}$', '^(a+)+$', '', String.raw`\bb`];
const STRINGS = ['', 'a', 'b', 'ab', 'abc', 'aab', 'x1', '😀', '😀b', 'a b', '__proto__'];
const NUMBERS = [0, 1, 2, 3, -1, 0.5, 1.5, 10, 1e20];

/** JSON text and back, so that `__proto__` is a member like any other. */
function object(members: readonly (readonly [string, JsonValue])[]): JsonObject {
  const unique = [...new Map(members)].map(([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one)}`);
  return JSON.parse(`{${unique.join()}}`) as JsonObject;
}

function some<T>(draw: Draw, most: number, make: () => T): T[] {
  return Array.from({ length: integer(draw, most + 1) }, make);
}

function value(draw: Draw, depth = 3): JsonValue {
  const kind = integer(draw, depth === 0 ? 4 : 8);
  if (kind === 0) return oneOf(draw, [null, true, false]);
  if (kind === 1) return oneOf(draw, NUMBERS);
  if (kind <= 3) return oneOf(draw, STRINGS);
  if (kind <= 5) return some(draw, 4, () => value(draw, depth - 1));
  return object(some(draw, 4, () => [oneOf(draw, NAMES), value(draw, depth - 1)]));
}

type Make = (draw: Draw, depth: number) => JsonValue;

const small: Make = (draw) => integer(draw, 4);
const names: Make = (draw) => [...new Set(some(draw, 2, () => oneOf(draw, NAMES)))];
const inner: Make = (draw, depth) => schema(draw, depth - 1);
const inners: Make = (draw, depth) => Array.from({ length: 1 + integer(draw, 3) }, () => inner(draw, depth));
const members =
  (name: (draw: Draw) => string, make: Make): Make =>
  (draw, depth) =>
    object(some(draw, 3, () => [name(draw), make(draw, depth)]));
/** Ajv passes over `__proto__` where a schema names its members. */
const name = (draw: Draw): string => oneOf(draw, NAMES).replace('__proto__', 'a');
const pattern = (draw: Draw): string => oneOf(draw, PATTERNS);

const KEYWORDS: readonly (readonly [string, Make])[] = [
  ['type', (draw) => (draw() < 0.7 ? oneOf(draw, TYPES) : [...new Set([oneOf(draw, TYPES), oneOf(draw, TYPES)])])],
  ['enum', (draw) => [value(draw, 1), value(draw, 2), value(draw, 1)]],
  ['const', (draw) => value(draw, 1)],
  ['minimum', small],
  ['maximum', small],
  ['exclusiveMinimum', small],
  ['exclusiveMaximum', small],
  ['multipleOf', (draw) => oneOf(draw, [1, 2, 0.5, 3])],
  ['minLength', small],
  ['maxLength', small],
  ['pattern', pattern],
  ['minItems', small],
  ['maxItems', small],
  ['uniqueItems', (draw) => draw() < 0.8],
  ['minProperties', small],
  ['maxProperties', small],
  ['required', names],
  ['properties', members(name, inner)],
  ['patternProperties', members(pattern, inner)],
  ['additionalProperties', inner],
  ['propertyNames', inner],
  ['items', inner],
  ['allOf', inners],
  ['anyOf', inners],
  ['oneOf', inners],
  ['not', inner],
  ['if', inner],
  ['then', inner],
  ['else', inner],
];
const MODERN: readonly (readonly [string, Make])[] = [
  ...KEYWORDS,
  ['prefixItems', inners],
  ['contains', inner],
  ['minContains', small],
  ['maxContains', small],
  ['dependentRequired', members(name, names)],
  ['dependentSchemas', members(name, inner)],
  ['$ref', (draw) => oneOf(draw, ['#/$defs/leaf', '#/$defs/tree', '#/$defs/a~1b%20c'])],
];
const OLD: readonly (readonly [string, Make])[] = [...KEYWORDS, ['items', inners], ['additionalItems', inner]];

let keywords = MODERN;

function schema(draw: Draw, depth: number): JsonValue {
  if (depth <= 0 || draw() < 0.1) return oneOf(draw, [true, false, {}, { type: 'string' }, { type: 'object' }]);
  const drawn = object(
    some(draw, 3, () => {
      const [keyword, make] = oneOf(draw, keywords);
      return [keyword, make(draw, depth)];
    }),
  );
  if (!('contains' in drawn)) return drawn;
  // Ajv finds anything in an empty array beside `prefixItems`, and without `maxContains` what it found in the last one.
  const { prefixItems: _, ...rest } = drawn;
  return { maxContains: 9, ...rest };
}

const DEFS: JsonObject = {
  leaf: { type: ['string', 'integer'] },
  tree: { type: 'object', additionalProperties: { $ref: '#/$defs/tree' } },
  'a/b c': { minItems: 1 },
};

/** How many of the values were accepted, so that a comparison of nothing but refusals is noticed. */
function compare(count: number, ajv: (draw: Draw) => { schema: JsonObject; validate: Validate }): number {
  let accepted = 0;
  forSeeds(count, (draw) => {
    const drawn = ajv(draw);
    for (let i = 0; i < 20; i++) {
      const given = value(draw);
      const problems = checkJson(drawn.schema, given);
      const isValid = drawn.validate(given);
      if (isValid) accepted++;
      const shown = `${JSON.stringify(drawn.schema)} and ${JSON.stringify(given)}: ${JSON.stringify(problems)}`;
      assert.equal(problems.length === 0, isValid, shown);
    }
  });
  return accepted;
}

describe('our validator agrees with ajv', () => {
  test('over JSON Schema 2020-12', () => {
    keywords = MODERN;
    const ajv = new Draft2020({
      strict: false,
      ownProperties: true,
      validateFormats: false,
      validateSchema: false,
      logger: false,
    });
    const accepted = compare(1500, (draw) => {
      const drawn: JsonObject = { ...Object(schema(draw, 3)), $defs: DEFS };
      return { schema: drawn, validate: ajv.compile(drawn) };
    });
    assert.ok(accepted > 6000 && accepted < 24_000, `${accepted} of 30000 were valid`);
  });

  test('over draft 7', () => {
    keywords = OLD;
    const ajv = new Draft07({
      strict: false,
      ownProperties: true,
      validateFormats: false,
      validateSchema: false,
      logger: false,
    });
    const accepted = compare(1500, (draw) => {
      const drawn: JsonObject = { ...Object(schema(draw, 3)) };
      return { schema: drawn, validate: ajv.compile(drawn) };
    });
    assert.ok(accepted > 6000 && accepted < 24_000, `${accepted} of 30000 were valid`);
  });
});
