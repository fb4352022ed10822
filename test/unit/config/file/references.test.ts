// How a string is taken apart into text and references.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { piecesOf } from '../../../../src/config/file/references.ts';
import type { Piece } from '../../../../src/config/file/references.ts';

const text = (words: string): Piece => ({ kind: 'text', text: words });
const unfit = (words: string): Piece => ({ kind: 'unfit', text: words });

const CASES: readonly (readonly [string, readonly Piece[]])[] = [
  ['', []],
  ['plain $ {text}', [text('plain $ {text}')]],
  ['${A}', [{ kind: 'variable', name: 'A' }]],
  ['a${B_2}c', [text('a'), { kind: 'variable', name: 'B_2' }, text('c')]],
  ['${A:-}', [{ kind: 'variable', name: 'A', fallback: '' }]],
  ['${A:-x y:-z}', [{ kind: 'variable', name: 'A', fallback: 'x y:-z' }]],
  [
    '${A}${A}',
    [
      { kind: 'variable', name: 'A' },
      { kind: 'variable', name: 'A' },
    ],
  ],
  ['${file:/run/a b}', [{ kind: 'file', path: '/run/a b' }]],
  ['${file:C:\\keys}', [{ kind: 'file', path: 'C:\\keys' }]],
  ['$${A}', [text('${'), text('A}')]],
  ['$$${A}', [text('$'), text('${'), text('A}')]],
  ['${}', [unfit('${}')]],
  ['${A', [unfit('${A')]],
  ['${A B}', [unfit('${A B}')]],
  ['${2}', [unfit('${2}')]],
  ['${A-b}', [unfit('${A-b}')]],
  ['${file:}', [unfit('${file:}')]],
  ['${A:-${B}}', [{ kind: 'variable', name: 'A', fallback: '${B' }, text('}')]],
];

for (const [written, pieces] of CASES) test(written || 'nothing', () => assert.deepEqual(piecesOf(written), pieces));

test('a string of nothing but openings ends', () => {
  assert.equal(piecesOf('${'.repeat(500_000)).length, 1);
});
