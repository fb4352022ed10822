import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePattern } from '../../../../src/core/json-schema/pattern.ts';

const forever = (): boolean => true;
const found = (source: string, text: string): boolean | undefined => compilePattern(source)?.(text, forever);

test('every part of a pattern that can be walked', () => {
  const cases: readonly (readonly [source: string, good: readonly string[], bad: readonly string[]])[] = [
    ['abc', ['abc', 'xabcx'], ['ab', '']],
    ['', ['', 'x'], []],
    ['^a|b$', ['ax', 'xb'], ['xax', 'bx']],
    ['^(?:a|bc)*$', ['', 'abcabc'], ['b', 'ac']],
    ['^(?<year>[0-9]{4})-x$', ['2026-x'], ['226-x']],
    ['^a{2}$', ['aa'], ['a', 'aaa']],
    ['^a{2,}$', ['aa', 'aaaa'], ['a']],
    ['^a{1,3}$', ['a', 'aaa'], ['', 'aaaa']],
    ['^a{0}$', [''], ['a']],
    ['^a+?b??c*?$', ['a', 'aabcc'], ['b']],
    ['^[^a-c\\]]+$', ['xyz'], ['a', ']']],
    ['^.$', ['😀', 'x'], ['\n', 'ab']],
    [String.raw`^\u{1F600}\uD83D\uDE00$`, ['😀😀'], ['😀']],
    [String.raw`^\x41\u0042\t\/\.$`, ['AB\t/.'], ['AB\t/x']],
    [String.raw`^\p{L}\P{L}\d\D\w\W\s\S$`, ['ä-1x_- x'], ['ä-1x_-xx', 'a-11_- x']],
    [String.raw`\bcat\b`, ['a cat!', 'cat'], ['cats', 'concat']],
    [String.raw`\Bcat`, ['concat'], ['cat']],
    ['^[a-z]+(?:-[a-z]+)*$', ['a-slug-like-this'], ['a--b', '-a']],
    ['^(((((a*)*)*)*)*)*$', ['', 'aaaa'], ['ab']],
    ['^(?:a?){20}a{20}$', ['a'.repeat(20), 'a'.repeat(40)], ['a'.repeat(19), 'a'.repeat(41)]],
  ];
  for (const [source, good, bad] of cases) {
    for (const text of good) assert.equal(found(source, text), true, `${source} is not found in ${text}`);
    for (const text of bad) assert.equal(found(source, text), false, `${source} is found in ${text}`);
  }
});

test('what cannot be walked, or is no pattern, is not compiled', () => {
  const sources = ['(', 'a**', '[z-a]', String.raw`\-`, '(?=a)', '(?!a)', '(?<=a)', '(?<!a)', String.raw`(a)\1`];
  const named = [String.raw`(?<n>a)\k<n>`, '((a{1000}){1000}){1000}', '(?:){1000000000}', 'a'.repeat(2001)];
  for (const source of [...sources, ...named]) assert.equal(compilePattern(source), undefined, source);
});

test('a pattern that would make a backtracking matcher run for years takes steps in proportion to the text', () => {
  const match = compilePattern('^(a+)+$');
  const steps = (length: number): number => {
    let spent = 0;
    assert.equal(
      match?.(`${'a'.repeat(length)}b`, (more) => ((spent += more), true)),
      false,
    );
    return spent;
  };
  assert.ok(steps(8000) < steps(1000) * 9);
  assert.ok(steps(8000) < 200_000);
});

test('a text too long, or work that is called off, has no outcome', () => {
  assert.equal(found('a', 'b'.repeat(10_001)), undefined);
  assert.equal(
    compilePattern('a')?.('bbb', () => false),
    undefined,
  );
});
