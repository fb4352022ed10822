import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLargerThan, isObject, LongText, parseJson, present, RawJson } from '../../../src/core/json.ts';
import type { JsonValue } from '../../../src/core/json.ts';

test('an object is neither null nor an array', () => {
  assert.deepEqual([{}, { a: 1 }, null, [], 'x', 1, undefined].map(isObject), [
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('text that is not JSON is undefined, and JSON null is null', () => {
  assert.deepEqual(parseJson('{"a":[1]}'), { a: [1] });
  assert.equal(parseJson('null'), null);
  assert.equal(parseJson('{"a":'), undefined);
  assert.equal(parseJson(''), undefined);
});

test('members that are undefined are left out; null and 0 stay', () => {
  assert.deepEqual(Object.keys(present({ a: undefined, b: null, c: 0, d: '' })), ['b', 'c', 'd']);
});

test('a long text is its pieces joined, in JSON too, cut between surrogates or not', () => {
  const text = new LongText(['a"', '\ud83d', '\ude00']);
  assert.equal(text.length, 4);
  assert.equal(String(text), 'a"😀');
  assert.equal(JSON.stringify({ text }), '{"text":"a\\"😀"}');
  assert.equal(new LongText([]).length, 0);
});

test('raw JSON keeps its text', () => {
  assert.equal(new RawJson('{"a":1}').text, '{"a":1}');
});

test('how large a value is: one for each value in it, and the characters of its texts and names, however deep', () => {
  assert.equal(isLargerThan('abc', 3), true);
  assert.equal(isLargerThan('abc', 4), false);
  assert.equal(isLargerThan({ ab: ['c', null, 12, true] }, 8), true);
  assert.equal(isLargerThan({ ab: ['c', null, 12, true] }, 9), false);
  let deep: JsonValue = 1;
  for (let i = 0; i < 1_000_000; i++) deep = [deep];
  assert.equal(isLargerThan(deep, 1_000_000), true);
  assert.equal(isLargerThan(deep, 1_000_001), false);
});
