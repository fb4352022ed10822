import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonIn } from '../../../../src/routing/structured/json-in-text.ts';

const texts = (text: string): string[] => jsonIn(text).map((one) => one.text);

test('a text that is JSON is left as it is, spaces and digits too', () => {
  for (const text of ['{"a":1}', ' [1, 2]\n', '"x"', 'null', '1.10', '12345678901234567890']) {
    assert.deepEqual(texts(text), [text]);
  }
  assert.deepEqual(jsonIn('null'), [{ text: 'null', value: null }]);
});

test('a byte order mark is taken off', () => {
  assert.deepEqual(texts('\uFEFF{"a":1}'), ['{"a":1}']);
});

test('JSON comes out of its fence', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['```json\n{"a": 1.50}\n```', ['{"a": 1.50}']],
    ['```\n[1]\n```', ['[1]']],
    ['```JSON\r\n42\r\n```\r\n', ['42']],
    ['Sure [1]:\n```json\n{"a":1}\n```\nWith {"b":2}.', ['{"a":1}']],
    ['```json {"a":1} ```', ['{"a":1}']],
    ['```json\n{"a":1}', ['{"a":1}']],
    ['```python\nx = {}\n```\n```json\n{"a":1}\n```', ['{"a":1}']],
    ['```json\n{"code":"```x```"}\n```', ['{"code":"```x```"}']],
  ];
  for (const [text, found] of cases) assert.deepEqual(texts(text), found, text);
});

test('JSON comes out of the prose around it, whole', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['The answer is {"a":{"b":[1]}}.', ['{"a":{"b":[1]}}']],
    ['{"a":"}\\"]"} done', ['{"a":"}\\"]"}']],
    ['Use {name} as in {"name":"x"}', ['{"name":"x"}']],
    ['{"a":1} or {"a":2}', ['{"a":1}', '{"a":2}']],
    ['{"a":1}\n{"a":2}', ['{"a":1}', '{"a":2}']],
    ['no JSON at all', []],
    ['', []],
    ["{'a': 1}", []],
    ['{"a": 1,}', []],
  ];
  for (const [text, found] of cases) assert.deepEqual(texts(text), found, text);
});

test('a fragment of a value that was cut is not taken for the value', () => {
  assert.deepEqual(texts('{"a":{"b":1},"c":['), []);
  assert.deepEqual(texts('```json\n{"a":{"b":1},'), []);
  assert.deepEqual(texts('[{"a":1},{"a":2}'), []);
});

test('a text made to be searched for long is given up', () => {
  assert.deepEqual(texts('{'.repeat(1_000_000)), []);
  assert.deepEqual(texts('{x}'.repeat(200_000)), []);
  assert.deepEqual(texts('```'.repeat(200_000)), []);
  assert.equal(texts('{"a":1} '.repeat(100_000)).length, 64);
});
