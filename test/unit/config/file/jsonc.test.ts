// The parser of the configuration file: what JSON and its two additions are, where things stand, and that hostile
// text costs a message.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseJsonc, placeOf } from '../../../../src/config/file/jsonc.ts';
import type { Node } from '../../../../src/config/file/jsonc.ts';
import { forSeeds } from '../../../support/property.ts';

function tree(text: string): Node {
  const read = parseJsonc(text);
  assert.ok(!('problem' in read), JSON.stringify(read));
  return read;
}

/** As JSON.parse would have it. */
function plain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map((item) => plain(item));
  return Object.fromEntries(node.members.map(({ key, node: inner }) => [key, plain(inner)]));
}

const GOOD: readonly (readonly [string, unknown])[] = [
  ['{}', {}],
  ['\uFEFF{"a":1}', { a: 1 }],
  ['{"a":[1,2,],}', { a: [1, 2] }],
  ['/*a*/{/*b*/"a"/*c*/:/*d*/1/*e*/,/*f*/}/*g*/', { a: 1 }],
  ['// x\n{"a":"//no /*comment*/"}// y', { a: '//no /*comment*/' }],
  ['/***/{"a":1/* * / */}', { a: 1 }],
  ['{"a":"\\u0041\\n\\\\"}', { a: 'A\n\\' }],
  ['[true,false,null,-0.5e+3,0]', [true, false, null, -500, 0]],
  ['{"":{"":[]}}', { '': { '': [] } }],
  ['\r\n\t{\r\n"a"\r\n:\r\n1}', { a: 1 }],
];

for (const [text, value] of GOOD)
  test(`accepted: ${JSON.stringify(text)}`, () => assert.deepEqual(plain(tree(text)), value));

const BAD: readonly (readonly [string, number, RegExp])[] = [
  ['', 0, /empty/],
  [' // only a comment', 0, /empty/],
  ['{"a":1,,}', 7, /key in double quotes/],
  ['[,]', 1, /a value is expected/],
  ['[1 2]', 3, /comma or \]/],
  ['{"a" 1}', 5, /colon/],
  ["{'a':1}", 1, /double quotes/],
  ['{"a":01}', 5, /a value/],
  ['{"a":.5}', 5, /a value/],
  ['{"a":1e999}', 5, /a value/],
  ['{"a":NaN}', 5, /a value/],
  ['{"a":True}', 5, /a value/],
  ['{"a":"x\\', 5, /does not end/],
  ['{"a":"\\x"}', 5, /escape/],
  ['{"a":"\u0001"}', 5, /control character/],
  ['{"a":"b\nc"}', 5, /does not end on its line/],
  ['{"a":1', 6, /ends before the } of what begins at 1:1/],
  ['{"a":', 5, /a value/],
  ['{', 1, /ends before/],
  ['{} x', 3, /more after/],
  ['{}/', 2, /more after/],
  ['{}/*', 2, /comment that begins here/],
];

for (const [text, at, problem] of BAD) {
  test(`refused: ${JSON.stringify(text)}`, () => {
    const read = parseJsonc(text);
    assert.ok('problem' in read, JSON.stringify(read));
    assert.match(read.problem, problem);
    assert.equal(read.at, at);
  });
}

test('__proto__ is a key and no prototype', () => {
  const read = tree('{"__proto__":{"x":1}}');
  assert.ok(read.kind === 'object');
  assert.equal(read.members[0]?.key, '__proto__');
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
});

test('keys and values know where they stand', () => {
  const text = '{\n  "a": [\n    1, "x" ]\n}';
  const root = tree(text);
  assert.ok(root.kind === 'object');
  const [member] = root.members;
  assert.ok(member?.node.kind === 'array');
  assert.deepEqual(placeOf(text, member.at), { line: 2, column: 3 });
  assert.deepEqual(placeOf(text, member.node.at), { line: 2, column: 8 });
  assert.deepEqual(
    member.node.items.map(({ at }) => placeOf(text, at)),
    [
      { line: 3, column: 5 },
      { line: 3, column: 8 },
    ],
  );
});

describe('hostile text', () => {
  const SIZES: readonly (readonly [string, string])[] = [
    ['brackets', '['.repeat(200_000)],
    ['braces', '{"a":'.repeat(100_000)],
    ['comments', `${'//\n'.repeat(300_000)}{}`],
    ['one long comment', `/*${'*'.repeat(1_000_000)}*/{}`],
    ['a long string', `["${'\\n'.repeat(500_000)}"]`],
    ['an open string', `["${'\\n'.repeat(500_000)}`],
    ['a long word', `[${'x'.repeat(1_000_000)}]`],
    ['a long number', `[${'1'.repeat(1_000_000)}]`],
    ['commas', `[${','.repeat(100_000)}]`],
  ];
  for (const [name, text] of SIZES) test(name, () => assert.ok(parseJsonc(text)));
});

test('what JSON.parse takes is taken alike, and any damage to it is no exception', () => {
  forSeeds(500, (draw) => {
    const value = random(draw, 4);
    const text = JSON.stringify(value, null, Math.floor(draw() * 3));
    assert.deepEqual(plain(tree(text)), value);
    const at = Math.floor(draw() * text.length);
    const other = '{}[]",:/*\\ \n0a'.charAt(Math.floor(draw() * 14));
    parseJsonc(text.slice(0, at) + other + text.slice(at + Math.floor(draw() * 2)));
  });
});

function random(draw: () => number, depth: number): unknown {
  const kind = Math.floor(draw() * (depth > 0 ? 6 : 4));
  if (kind === 0) return draw() < 0.5;
  if (kind === 1) return Math.floor(draw() * 1e6) / 100;
  if (kind === 2) return null;
  if (kind === 3) return String.fromCodePoint(...Array.from({ length: 4 }, () => Math.floor(draw() * 0xd7ff)));
  const size = Math.floor(draw() * 4);
  if (kind === 4) return Array.from({ length: size }, () => random(draw, depth - 1));
  return Object.fromEntries(Array.from({ length: size }, (_, i) => [`k${i}`, random(draw, depth - 1)]));
}
