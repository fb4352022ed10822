// Tests of core/canonical.ts: what is equal as data is equal as text, and nothing else is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonical } from '../../../src/core/canonical.ts';

test('the order of members does not count, at any depth, and that of lists does', () => {
  assert.equal(
    canonical({ b: [1, { d: 'x', c: null }], a: true }),
    canonical({ a: true, b: [1, { c: null, d: 'x' }] }),
  );
  assert.notEqual(canonical([1, 2]), canonical([2, 1]));
});

test('an undefined member is an absent one', () => {
  assert.equal(canonical({ a: undefined, b: 2 }), canonical({ b: 2 }));
});

test('no text can pass for another structure', () => {
  const values = [
    1,
    '1',
    "'1:1",
    true,
    'true',
    null,
    'null',
    {},
    [],
    '{}',
    '[]',
    [[]],
    ['a,b'],
    ['a', 'b'],
    ["a,'1:b"],
    { a: 1, b: 2 },
    { "a=1'1:b": 2 },
    { a: "1'1:b=2" },
    { a: { b: 2 } },
    '\uD800',
    '\uDFFF',
    '"\\ud800"',
  ];
  assert.equal(new Set(values.map((value) => canonical(value))).size, values.length);
});

test('long texts stand as what they are shortened to, and nothing that is written can pass for that', () => {
  const long = 'a'.repeat(1024);
  const short = (value: unknown): string => canonical(value, (text) => `${text.length}`);
  assert.equal(short([long, 'b']), "['1024:#1024,'1:b]");
  assert.equal(canonical([long]), `['1024:${long}]`);
  assert.notEqual(short([long]), short(['#1024']));
  assert.notEqual(short({ [long]: 1 }), short([long]));
});
