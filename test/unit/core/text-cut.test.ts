import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANY_ROOM, sliceOf, unitsToGiveBack, unitsWithin } from '../../../src/core/text-cut.ts';

test('a cut goes back to where no character is parted', () => {
  const cases: readonly (readonly [before: string, after: string, units: number])[] = [
    ['abc', 'def', 0],
    ['', 'abc', 0],
    ['abc', '', 0],
    ['ab\ud83d', '\ude00', 1],
    // The second half may still come.
    ['ab\ud83d', '', 1],
    // It never will.
    ['ab\ud83d', 'c', 0],
    ['abe', '\u0301f', 1],
    ['a\u2764', '\ufe0f', 1],
    ['x\u{1F44D}', '\u{1F3FD}!', 2],
    // A family is one picture.
    ['x\u{1F468}\u200d', '\u{1F469}y', 3],
    ['x\u{1F468}', '\u200d\u{1F469}y', 2],
    ['x\u{1F468}\u200d\u{1F469}', '\u200d\u{1F467}y', 5],
    ['a\r', '\nb', 1],
  ];
  for (const [before, after, units] of cases) {
    assert.equal(unitsToGiveBack(before, after), units, JSON.stringify([before, after]));
  }
});

test('what is marks without end is cut where no pair is', () => {
  assert.equal(unitsToGiveBack('\u0301'.repeat(64), '\u0301'), 0);
  assert.equal(unitsToGiveBack(`${'\u0301'.repeat(63)}\ud83d`, '\ude00'), 1);
});

test('a slice of pieces is that of the text', () => {
  const pieces = ['ab', '', 'cde', 'f'];
  assert.equal(sliceOf(pieces, 0, 6), 'abcdef');
  assert.equal(sliceOf(pieces, 1, 4), 'bcd');
  assert.equal(sliceOf(pieces, 2, 5), 'cde');
  assert.equal(sliceOf(pieces, 5, 99), 'f');
  assert.equal(sliceOf(pieces, 3, 3), '');
  assert.equal(sliceOf(pieces, 9, 12), '');
  assert.equal(sliceOf([], 0, 1), '');
});

test('a room has a measure in characters and one in bytes, and the smaller of them counts', () => {
  const cases: readonly (readonly [text: string, chars: number, bytes: number, units: number])[] = [
    ['abcdef', 4, Infinity, 4],
    ['abcdef', Infinity, 4, 4],
    ['abcdef', 3, 4, 3],
    ['abcdef', 9, 6, 6],
    ['', 9, 0, 0],
    ['abc', 9, 0, 0],
    ['\u00e9\u00e9\u00e9', 9, 4, 2],
    ['\u00e9\u00e9\u00e9', 9, 5, 2],
    ['\u732b\u732b\u732b', 9, 8, 2],
    ['\u732b\u732b\u732b', 9, 9, 3],
    // Two units, four bytes.
    ['\u{1F600}\u{1F600}', 9, 4, 2],
    ['\u{1F600}\u{1F600}', 9, 8, 4],
  ];
  for (const [text, chars, bytes, units] of cases) {
    assert.equal(unitsWithin({ chars, bytes }, text), units, JSON.stringify([text, chars, bytes]));
  }
  assert.equal(unitsWithin(ANY_ROOM, 'abc'), 3);
});
