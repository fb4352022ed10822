// The validator under random input: anything may stand where a schema is expected, and a pattern means what it means to
// the engine. That its verdicts are right is compared with ajv in test/json-schema.test.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECKED_KEYWORDS, checkJson } from '../../src/core/json-schema.ts';
import { compilePattern } from '../../src/core/json-schema/pattern.ts';
import { unsupportedKeywords } from '../../src/core/json-schema/unsupported.ts';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { forSeeds, integer, oneOf } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

const WORDS = ['a', '', '__proto__', '#', '#/$defs/a', 'string', 'object', '^a', '(', '😀', '-1'];
const NAMES = [...CHECKED_KEYWORDS, '$defs', 'then', 'else', 'minContains', 'maxContains', 'a', '__proto__'];

function anything(draw: Draw, depth: number): JsonValue {
  const kind = integer(draw, depth === 0 ? 3 : 9);
  if (kind === 0) return oneOf(draw, WORDS);
  if (kind === 1) return oneOf(draw, [0, 1, -1, 2.5, 1e300, true, false, null]);
  if (kind === 2) return oneOf(draw, [{}, [], true]);
  if (kind === 3) return Array.from({ length: integer(draw, 4) }, () => anything(draw, depth - 1));
  const members = Array.from({ length: integer(draw, 5) }, () => {
    return `${JSON.stringify(oneOf(draw, NAMES))}:${JSON.stringify(anything(draw, depth - 1))}`;
  });
  return JSON.parse(`{${members.join()}}`) as JsonObject;
}

test('whatever stands for a schema, a check answers with problems and changes nothing', () => {
  let refused = 0;
  forSeeds(3000, (draw) => {
    const schema = anything(draw, 5);
    const value = anything(draw, 4);
    const before = JSON.stringify([schema, value]);
    const problems = checkJson(schema, value);
    if (problems.length > 0) refused++;
    assert.ok(problems.length <= 20);
    assert.ok(unsupportedKeywords(schema).length <= 12);
    assert.deepEqual(checkJson(schema, value), problems);
    assert.equal(JSON.stringify([schema, value]), before);
  });
  assert.ok(refused > 150 && refused < 2700, `${refused} of 3000 were refused`);
});

test('a value equals itself, however its members are ordered', () => {
  forSeeds(500, (draw) => {
    const value = anything(draw, 4);
    const other = reversed(value);
    assert.deepEqual(checkJson({ const: value }, other), []);
    assert.equal(checkJson({ uniqueItems: true }, [value, other]).length, 1);
  });
});

function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).toReversed();
  const text = members.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(reversed(one))}`).join();
  return JSON.parse(`{${text}}`) as JsonObject;
}

const ATOMS = ['a', 'b', '.', '[ab]', '[^a]', String.raw`\w`, String.raw`\d`, '1', '😀', '^', '$', String.raw`\b`];
const COUNTS = ['', '', '', '*', '+', '?', '{2}', '{1,2}', '{0,}', '*?'];

function pattern(draw: Draw, depth: number): string {
  const branches = Array.from({ length: 1 + integer(draw, 2) }, () =>
    Array.from({ length: integer(draw, 4) }, () => {
      if (depth > 0 && draw() < 0.3) return `(${pattern(draw, depth - 1)})${oneOf(draw, COUNTS)}`;
      const atom = oneOf(draw, ATOMS);
      return /^(?:\^|\$|\\b)$/.test(atom) ? atom : atom + oneOf(draw, COUNTS);
    }).join(''),
  );
  return branches.join('|');
}

test('a walked pattern finds what the engine finds', () => {
  let found = 0;
  forSeeds(4000, (draw) => {
    const source = pattern(draw, 2);
    const native = new RegExp(source, 'u');
    const walked = compilePattern(source);
    for (let i = 0; i < 5; i++) {
      const text = Array.from({ length: integer(draw, 7) }, () => oneOf(draw, ['a', 'b', '1', ' ', '😀', '\n'])).join(
        '',
      );
      const expected = native.test(text);
      if (expected) found++;
      assert.equal(
        walked?.(text, () => true),
        expected,
        `${source} in ${JSON.stringify(text)}`,
      );
    }
  });
  assert.ok(found > 4000 && found < 16_000, `${found} of 20000 were found`);
});
