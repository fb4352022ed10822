import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unsupportedKeywords } from '../../../../src/core/json-schema/unsupported.ts';
import type { JsonValue } from '../../../../src/core/json.ts';

test('a schema of what we check has nothing that is not', () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'x',
    format: 'email',
    type: ['object', 'null'],
    $ref: '#/$defs/a',
    $defs: { a: { items: { $ref: '#' }, pattern: '^a' } },
    unknown: { unevaluatedItems: false },
  };
  assert.deepEqual(unsupportedKeywords(schema), []);
  assert.deepEqual(unsupportedKeywords(true), []);
});

test('what asserts something and is passed over is named, wherever a schema can be', () => {
  const cases: readonly (readonly [JsonValue, readonly string[]])[] = [
    [{ unevaluatedProperties: false, unevaluatedItems: false }, ['unevaluatedItems', 'unevaluatedProperties']],
    [{ properties: { a: { $dynamicRef: '#x' } } }, ['$dynamicRef']],
    [{ items: [{}, { $recursiveRef: '#' }] }, ['$recursiveRef']],
    [{ anyOf: [{ not: { dependencies: {} } }, { dependencies: {} }] }, ['dependencies']],
    [{ items: { $ref: 'https://x/y' }, if: { $ref: '#z' } }, ['$ref #z', '$ref https://x/y']],
    [{ $defs: { a: { pattern: '(?=a)' } } }, ['pattern (?=a)']],
    [{ patternProperties: { '(': {} } }, ['pattern (']],
    [{ type: 'any' }, ['type "any"']],
    [{ type: [] }, ['type []']],
  ];
  for (const [schema, names] of cases) assert.deepEqual(unsupportedKeywords(schema), names);
});

test('data is not taken for schemas', () => {
  const data = { unevaluatedItems: false };
  assert.deepEqual(unsupportedKeywords({ enum: [data], const: data, default: data, examples: [data] }), []);
  assert.deepEqual(unsupportedKeywords({ properties: { dependencies: {}, $dynamicRef: {} } }), []);
});

test('a schema too large to look through says so, and the list stays short', () => {
  const wide = { anyOf: Array.from({ length: 30_000 }, () => ({})) };
  assert.deepEqual(unsupportedKeywords(wide), ['what is too large of it to look through']);
  const patterns = Array.from({ length: 10_000 }, (_, i) => ({ pattern: `^${i}$` }));
  assert.deepEqual(unsupportedKeywords({ anyOf: patterns }), ['what is too large of it to look through']);
  const many = Array.from({ length: 100 }, (_, i) => ({ $ref: `#${'x'.repeat(500)}${i}` }));
  const listed = unsupportedKeywords({ anyOf: [{ $ref: '#a' }, ...many] });
  assert.deepEqual(listed, ['$ref #a', `$ref #${'x'.repeat(94)}`]);
});
