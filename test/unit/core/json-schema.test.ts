// Each keyword with values it lets through and values it does not, written down from JSON Schema 2020-12; the words of
// the problems; and schemas and values made to hurt. That ajv says the same of random ones: test/json-schema.test.ts.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CHECKED_KEYWORDS, checkJson } from '../../../src/core/json-schema.ts';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';

type Case = readonly [schema: JsonValue, good: readonly JsonValue[], bad: readonly JsonValue[]];

const json = (text: string): JsonObject => JSON.parse(text) as JsonObject;

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'boolean schemas': [
    [true, [1, null], []],
    [false, [], [1, null]],
    [{}, [1, [], {}], []],
  ],
  type: [
    [{ type: 'integer' }, [1, 1.0, -3, 1e20], [1.5, '1', null, true]],
    [{ type: 'number' }, [1, 1.5], ['1', false]],
    [{ type: 'null' }, [null], [0, '', false, {}]],
    [{ type: 'object' }, [{}], [[], null]],
    [{ type: 'array' }, [[]], [{}, 'x']],
    [{ type: ['string', 'null'] }, ['x', null], [1, []]],
    [{ type: 'boolean' }, [true, false], ['true', 0]],
  ],
  enum: [
    [{ enum: ['a', 1, null] }, ['a', 1, null], ['b', '1', 0, false]],
    [{ enum: [{ a: [1, { b: 2 }], c: 3 }] }, [{ c: 3, a: [1, { b: 2 }] }], [{ c: 3, a: [{ b: 2 }, 1] }, { a: 1 }]],
    [{ enum: [[]] }, [[]], [{}, null, '[]']],
    [{ enum: [0] }, [0, -0], [false]],
    [{ enum: [json('{"__proto__":1}')] }, [json('{"__proto__":1}')], [{}]],
  ],
  const: [
    [{ const: null }, [null], [0]],
    [{ const: { a: 1 } }, [{ a: 1 }], [{ a: 1, b: 2 }, [1]]],
    [{ const: false }, [false], [0, null]],
  ],
  numbers: [
    [{ minimum: 1.5 }, [1.5, 2, 'x'], [1, -7]],
    [{ maximum: 0 }, [0, -1, null], [0.1]],
    [{ exclusiveMinimum: 1 }, [1.01], [1, 0]],
    [{ exclusiveMaximum: 1 }, [0.99], [1, 2]],
    [{ multipleOf: 0.1 }, [0.3, 0.7, 1.1, 0, -4.7], [0.35]],
    [{ multipleOf: 0.01 }, [19.99, 4.35, 1.1], [19.995, 1_000_000.001]],
    [{ multipleOf: 7 }, [0, 7, -14, 'x'], [8, 7.5]],
    [{ multipleOf: 0 }, [5], []],
  ],
  strings: [
    [{ minLength: 2 }, ['ab', 12], ['a', '😀']],
    [{ maxLength: 1 }, ['', '😀', [1, 2]], ['ab']],
    [{ pattern: '^a+b$' }, ['aab', 5], ['b', 'aabc']],
    [{ pattern: 'b' }, ['abc'], ['ac']],
    [{ pattern: String.raw`^\p{Lu}\d{2,3}$` }, ['Ä12', 'B123'], ['b12', 'B1', 'B1234']],
    [{ pattern: '^(' }, ['anything'], []],
  ],
  arrays: [
    [{ items: { type: 'integer' } }, [[], [1, 2], 'x'], [[1, 'x']]],
    [{ items: false }, [[]], [[1]]],
    [{ prefixItems: [{ type: 'string' }, true], items: { type: 'null' } }, [['x'], ['x', 1, null]], [[1], ['x', 1, 2]]],
    [{ items: [{ type: 'string' }], additionalItems: false }, [[], ['x']], [[1], ['x', 'y']]],
    [{ items: {}, additionalItems: false }, [[1, 2]], []],
    [{ minItems: 1, maxItems: 2 }, [[1], [1, 2], {}], [[], [1, 2, 3]]],
    [
      { uniqueItems: true },
      [[1, '1', true], [[1], [2]], []],
      [
        [1, 2, 1],
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
        [[], []],
      ],
    ],
    [{ uniqueItems: false }, [[1, 1]], []],
    [{ contains: { const: 1 } }, [[1], [2, 1]], [[], [2]]],
    [
      { contains: { const: 1 }, minContains: 2, maxContains: 3 },
      [
        [1, 1],
        [1, 1, 1, 2],
      ],
      [[1], [1, 1, 1, 1]],
    ],
    [{ contains: { const: 1 }, minContains: 0 }, [[], [2]], []],
  ],
  objects: [
    [{ properties: { a: { type: 'string' } } }, [{}, { a: 'x', b: 1 }, []], [{ a: 1 }]],
    [{ required: ['a', 'toString'] }, [{ a: 1, toString: 2 }], [{ a: 1 }, {}]],
    [{ properties: { a: true }, additionalProperties: false }, [{}, { a: 1 }], [{ b: 1 }]],
    [{ additionalProperties: { type: 'integer' } }, [{ a: 1 }], [{ a: 'x' }]],
    [
      { patternProperties: { '^x': { type: 'integer' } }, additionalProperties: false },
      [{ x1: 1 }],
      [{ x1: 'a' }, { y: 1 }],
    ],
    [{ patternProperties: { '(?=x)': false }, additionalProperties: false }, [{ y: 1, x: 2 }], []],
    [{ propertyNames: { maxLength: 2 } }, [{ ab: 1 }], [{ abc: 1 }]],
    [{ minProperties: 1, maxProperties: 2 }, [{ a: 1 }, []], [{}, { a: 1, b: 2, c: 3 }]],
    [{ dependentRequired: { a: ['b'] } }, [{}, { b: 1 }, { a: 1, b: 2 }], [{ a: 1 }]],
    [{ dependentSchemas: { a: { maxProperties: 1 } } }, [{ a: 1 }, { b: 1, c: 2 }], [{ a: 1, b: 2 }]],
  ],
  'names that objects inherit': [
    [
      json('{"properties":{"__proto__":{"type":"string"}}}'),
      [{}, json('{"__proto__":"x"}')],
      [json('{"__proto__":1}')],
    ],
    [{ required: ['__proto__'] }, [json('{"__proto__":1}')], [{}]],
    [{ properties: {}, additionalProperties: false }, [{}], [{ constructor: 1 }, json('{"__proto__":1}')]],
    [{ dependentRequired: { toString: ['a'] } }, [{}], [{ toString: 1 }]],
    [json('{"__proto__":{"type":"string"}}'), [1], []],
    [{ $ref: '#/constructor' }, [1], []],
  ],
  logic: [
    [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, [1, 2], [0, 3]],
    [{ anyOf: [{ type: 'string' }, { minimum: 5 }] }, ['x', 5], [4]],
    [{ oneOf: [{ minimum: 5 }, { multipleOf: 2 }] }, [7, 2], [6, 3]],
    [{ not: { type: 'string' } }, [1], ['x']],
    [json('{"if":{"minimum":5},"then":{"multipleOf":2},"else":{"multipleOf":3}}'), [6, 3], [7, 2]],
    [{ if: { minimum: 5 } }, [1, 9], []],
    [json('{"then":false,"else":false}'), [1], []],
  ],
  references: [
    [{ $defs: { a: { type: 'string' } }, $ref: '#/$defs/a' }, ['x'], [1]],
    [{ definitions: { 'a/b %c~': { type: 'string' } }, $ref: '#/definitions/a~1b%20%25c~0' }, ['x'], [1]],
    [{ properties: { next: { $ref: '#' } }, required: ['v'] }, [{ v: 1, next: { v: 2 } }], [{ v: 1, next: {} }]],
    [{ $ref: '#/allOf/1', allOf: [true, { type: 'string' }] }, ['x'], [1]],
    [{ type: 'integer', $ref: '#/$defs/a', $defs: { a: { minimum: 2 } } }, [2], [1, 'x']],
  ],
  'what makes no sense asserts nothing': [
    [
      { type: 'any', minimum: '3', required: 'a', properties: [], enum: 'x', pattern: 5, items: 7, anyOf: {} },
      [1, {}],
      [],
    ],
    [{ format: 'email', title: 'x', description: 'y', default: 3, $schema: 'z' }, ['not an address'], []],
    [{ $ref: 'https://example.com/schema' }, [1], []],
    [{ $ref: '#anchor' }, [1], []],
    [{ $ref: '#/%' }, [1], []],
    [{ $ref: '#/nothing/there' }, [1], []],
    [null, [1], []],
    ['string', [1], []],
  ],
};

for (const [name, cases] of Object.entries(CASES)) {
  test(name, () => {
    for (const [schema, good, bad] of cases) {
      for (const value of good) {
        assert.deepEqual(checkJson(schema, value), [], `${JSON.stringify(schema)} refuses ${JSON.stringify(value)}`);
      }
      for (const value of bad) {
        const shown = `${JSON.stringify(schema)} accepts ${JSON.stringify(value)}`;
        assert.notEqual(checkJson(schema, value).length, 0, shown);
      }
    }
  });
}

test('the keywords that are checked', () => {
  assert.deepEqual([...CHECKED_KEYWORDS].toSorted(), [
    '$ref',
    'additionalItems',
    'additionalProperties',
    'allOf',
    'anyOf',
    'const',
    'contains',
    'dependentRequired',
    'dependentSchemas',
    'enum',
    'exclusiveMaximum',
    'exclusiveMinimum',
    'if',
    'items',
    'maxItems',
    'maxLength',
    'maxProperties',
    'maximum',
    'minItems',
    'minLength',
    'minProperties',
    'minimum',
    'multipleOf',
    'not',
    'oneOf',
    'pattern',
    'patternProperties',
    'prefixItems',
    'properties',
    'propertyNames',
    'required',
    'type',
    'uniqueItems',
  ]);
});

/** Every problem, as lines. */
const problems = (schema: JsonValue, value: JsonValue): string[] =>
  checkJson(schema, value).map(({ path, message }) => `${path}: ${message}`);

describe('problems', () => {
  test('say where and what', () => {
    const schema = {
      type: 'object',
      properties: {
        name: { type: 'string', maxLength: 3 },
        tags: { type: 'array', items: { enum: ['red', 'green'] } },
        size: { type: ['integer', 'null'], minimum: 0 },
        code: { pattern: '^[A-Z]+$' },
      },
      required: ['id'],
      additionalProperties: false,
    };
    const value = { name: 'Anna', tags: ['red', 'blue'], size: -1, code: 'a1', more: {} };
    assert.deepEqual(problems(schema, value), [
      'id: is required',
      'name: must have at most 3 characters, not 4',
      'tags[1]: must be one of "red", "green", not "blue"',
      'size: must be at least 0, not -1',
      'code: must match the pattern ^[A-Z]+$, not "a1"',
      'more: is not allowed',
    ]);
    assert.deepEqual(problems({ type: ['integer', 'null'], minimum: 0 }, 'x'), [
      ': must be an integer or null, not "x"',
    ]);
    assert.deepEqual(problems({ const: { a: 1 } }, {}), [': must be {"a":1}, not an object']);
    assert.deepEqual(problems({ uniqueItems: true }, [1, 2, 1]), [
      '[2]: must not equal item 0: items are to be unique',
    ]);
    assert.deepEqual(problems({ propertyNames: { maxLength: 1 } }, { ab: 1 }), [
      'ab: has a name that must have at most 1 characters, not 2',
    ]);
  });

  test('of alternatives are those of the one that fits best', () => {
    const schema = {
      anyOf: [{ type: 'null' }, { type: 'object', properties: { kind: { const: 'a' } }, required: ['kind'] }],
    };
    assert.deepEqual(problems(schema, { kind: 'b' }), [
      ': must fit one of the alternatives: kind must be "a", not "b"',
    ]);
    assert.deepEqual(problems({ oneOf: [true, true, false] }, 1), [': must fit one alternative only, not 2 of them']);
  });

  test('are twenty at most, and none is long', () => {
    assert.equal(
      checkJson(
        { items: { type: 'string' } },
        Array.from({ length: 100 }, () => 1),
      ).length,
      20,
    );
    const many = problems({ enum: Array.from({ length: 1000 }, (_, i) => `value ${i}`) }, 'x'.repeat(10_000));
    assert.match(many[0] ?? '', /"value 19", … \(980 more\), not "x{40}…"$/);
    const nested = { anyOf: [{ anyOf: [{ anyOf: [{ const: 'x'.repeat(300) }, { const: 1 }] }, { const: 2 }] }, false] };
    assert.ok((problems(nested, 5)[0] ?? '').length <= 502);
    assert.equal(problems({ required: ['n'.repeat(500)] }, {})[0], `${'n'.repeat(40)}…: is required`);
  });
});

const nested = (levels: number, open: string, close: string, leaf: string): JsonValue =>
  JSON.parse(open.repeat(levels) + leaf + close.repeat(levels)) as JsonValue;

const list = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i));

const TOO_MUCH = { path: '', message: 'is too much to check against this schema' };

describe('a check ends', () => {
  test('when references go in circles', () => {
    assert.deepEqual(checkJson({ $ref: '#' }, 1), []);
    assert.deepEqual(checkJson({ anyOf: [{ $ref: '#' }, { $ref: '#' }] }, 1), []);
    const two = { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a', type: 'string' } }, $ref: '#/$defs/a' };
    assert.deepEqual(problems(two, 1), [': must be a string, not 1']);
  });

  test('when each reference leads to two more', () => {
    const both = (i: number): JsonObject => ({ allOf: [{ $ref: `#/$defs/d${i}` }, { $ref: `#/$defs/d${i}` }] });
    const $defs = Object.fromEntries(list(64, (i) => [`d${i}`, both(i + 1)]));
    assert.deepEqual(checkJson({ $defs, $ref: '#/$defs/d0' }, 1), [TOO_MUCH]);
  });

  test('when schema or value is very deep', () => {
    assert.match(problems(nested(100_000, '{"allOf":[', ']}', '{}'), 1)[0] ?? '', /nested too deeply/);
    const deep = nested(100_000, '[', ']', '1');
    const [problem = ''] = problems({ items: { $ref: '#' } }, deep);
    assert.match(problem, /^…(?:\[0\]){24}: is nested too deeply to be checked$/);
    assert.match(problems({ const: deep }, nested(100_000, '[', ']', '2'))[0] ?? '', /nested too deeply/);
    assert.match(problems({ uniqueItems: true }, [deep])[0] ?? '', /nested too deeply/);
    assert.deepEqual(checkJson({ type: 'array' }, deep), []);
  });

  test('when much is multiplied with much', () => {
    const members = Object.fromEntries(list(50_000, (i) => [`k${i}`, i]));
    const empty = list(50_000, () => ({}));
    const schemas: readonly (readonly [JsonObject, JsonValue])[] = [
      [{ items: { minimum: 0, type: 'integer' } }, list(2_000_000, (i) => i)],
      [{ allOf: list(10_000, () => ({ items: true })) }, list(100_000, (i) => i)],
      [{ allOf: list(10_000, () => ({ additionalProperties: true })) }, members],
      [{ allOf: list(50_000, () => ({ minProperties: 1 })) }, members],
      [{ items: { properties: Object.fromEntries(list(50_000, (i) => [`p${i}`, {}])) } }, empty],
      [{ items: { dependentRequired: Object.fromEntries(list(50_000, (i) => [`p${i}`, ['q']])) } }, empty],
      [{ items: { not: { enum: list(50_000, (i) => `x${i}`) } } }, list(50_000, () => 'y')],
      [{ items: { not: { enum: list(10_000, (i) => ({ i })) } } }, list(10_000, () => ({ i: -1 }))],
      [{ items: { allOf: list(50_000, () => true) } }, list(50_000, () => 1)],
      [{ items: { not: { pattern: '^(a+)+$' } } }, list(1000, () => `${'a'.repeat(9000)}b`)],
      [{ patternProperties: Object.fromEntries(list(50_000, (i) => [`^${i}(a|b){9}$`, false])) }, { a: 1 }],
    ];
    for (const [schema, value] of schemas)
      assert.deepEqual(checkJson(schema, value).at(-1), TOO_MUCH, JSON.stringify(schema).slice(0, 60));
  });
});

test('what is large and sound is checked to its end', () => {
  const row = {
    id: { type: 'integer' },
    name: { type: 'string', minLength: 1 },
    at: { pattern: String.raw`^\d{4}-\d\d$` },
  };
  const schema = {
    type: 'array',
    items: { type: 'object', properties: row, required: ['id'], additionalProperties: false },
  };
  const rows = list(20_000, (id): JsonObject => ({ id, name: `row ${id}`, at: '2026-01' }));
  assert.deepEqual(checkJson(schema, rows), []);
  assert.deepEqual(problems(schema, [...rows, { id: 'x' }]), ['[20000].id: must be an integer, not "x"']);
});
