import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Finder } from '../../../../src/core/secrets/finder.ts';
import { Sought } from '../../../../src/core/secrets/sought.ts';

const KEY = 'sk-proj-7f3a9c41d85b2e60f7a1c94d';

function soughtOf(...values: readonly string[]): Sought {
  const sought = new Sought();
  for (const value of values) sought.add(value);
  return sought;
}

/** What is done for each character of a text, in pieces of that size. */
function stepsPerCharacter(text: string, sought: Sought, piece = text.length): number {
  const finder = new Finder(sought.lookup);
  for (let at = 0; at < text.length; at += piece) {
    finder.push(text.slice(at, at + piece));
    finder.release(finder.held);
  }
  return finder.steps / text.length;
}

const LENGTH = 65_536;
const filled = (unit: string): string => unit.repeat(Math.ceil(LENGTH / unit.length));
const packed = Buffer.from(`a:${KEY}`).toString('base64');

const HOSTILE: Readonly<Record<string, string>> = {
  backslashes: filled('\\'),
  'percent signs': filled('%'),
  'percent signs, escaped': filled('%25'),
  'one percent sign, escaped again and again': `%${filled('25')}`,
  'the beginnings of escapes': filled('%2'),
  'escapes that end in a row': `${filled('%3')}${filled('1')}`,
  ampersands: filled('&'),
  'ampersands, escaped': filled('&amp;'),
  'one ampersand, escaped again and again': `&${filled('amp;')}`,
  'ampersands by number': filled('&#38;'),
  'references without an end': filled('&#0000000000'),
  semicolons: filled('aaaaaaaaaaa;'),
  'backslashes by number': filled('\\u005c'),
  'one backslash by number, again and again': `\\${filled('u005c')}`,
  'backslashes in percent': filled('%5C'),
  'letters of base64': filled('c2stcHJvai0'),
  'the first character': filled('s'),
  'the beginning': filled(KEY.slice(0, -1)),
  'the end': filled(KEY.slice(1)),
  'the last characters': filled(KEY.slice(-4)),
  'the beginning in base64': filled(packed.slice(0, -8)),
  'the key': filled(KEY),
  'the key, every character escaped': filled(KEY.replace(/./g, (char) => `%${char.charCodeAt(0).toString(16)}`)),
  'halves of pairs': filled('\ud83d'),
  'halves of pairs by number': filled('\\ud83d'),
  'bytes of UTF-8': filled('%F0%9F%98'),
};

describe('no text takes more than a few steps for each of its characters', () => {
  const one = soughtOf(KEY);
  const many = soughtOf(...Array.from({ length: 300 }, (_, i) => `${KEY}${i}-of-many`), KEY);
  for (const [what, text] of Object.entries(HOSTILE)) {
    test(what, () => {
      // An ordinary one takes one.
      for (const sought of [one, many]) {
        assert.ok(stepsPerCharacter(text, sought) <= 5, String(stepsPerCharacter(text, sought)));
        assert.ok(stepsPerCharacter(text, sought, 4096) <= 5, String(stepsPerCharacter(text, sought, 4096)));
        // What a piece costs is bounded, however small.
        assert.ok(stepsPerCharacter(text, sought, 1) <= 200, String(stepsPerCharacter(text, sought, 1)));
      }
    });
  }

  test('a key of one letter, in a text of that letter', () => {
    const sought = soughtOf(`${'a'.repeat(60)}b`, `b${'a'.repeat(60)}`, 'a'.repeat(61));
    for (const letters of [filled('a'), filled('ab'), filled('YWFh'), filled(`${'a'.repeat(59)}b`)])
      // Two for each length that ends alike.
      assert.ok(stepsPerCharacter(letters, sought) <= 20, String(stepsPerCharacter(letters, sought)));
  });

  test('an ordinary one', () => {
    const text = filled('Ordinary words, 100 of them; "quoted", and <marked> & so on.\n');
    assert.ok(stepsPerCharacter(text, one) <= 1.2);
    assert.ok(stepsPerCharacter(JSON.stringify(text), many) <= 1.2);
  });
});
