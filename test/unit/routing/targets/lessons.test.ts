import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mend } from '../../../../src/providers/dialect.ts';
import { areAboutOthers, LessonBook, withMends } from '../../../../src/routing/targets/lessons.ts';
import { FakeClock } from '../../../support/clock.ts';

const drop = (param: string): Mend => ({ action: 'drop', param });

test('lessons are kept by model and add up', () => {
  const book = new LessonBook();
  book.keep('m', [drop('seed')], 0);
  book.keep('m', [drop('stop')], 0);
  assert.deepEqual([...book.of('m', 0).drop], ['seed', 'stop']);
  assert.deepEqual([...book.of('n', 0).drop], []);
});

test('a rename and its opposite do not chase each other', () => {
  const there = withMends(new LessonBook().of('m', 0), [{ action: 'rename', param: 'a', to: 'b' }]);
  const back = withMends(there, [{ action: 'rename', param: 'b', to: 'a' }]);
  assert.deepEqual([...back.rename], [['b', 'a']]);
  assert.deepEqual([...there.rename], [['a', 'b']]);
});

test('a value is replaced for good, or only where it is the one that was refused', () => {
  const { values } = withMends(new LessonBook().of('m', 0), [
    { action: 'set', param: 'temperature', value: 1 },
    { action: 'set', param: 'reasoning_effort', value: 'low', refused: 'minimal' },
    { action: 'set', param: 'reasoning_effort', value: 'high', refused: 'xhigh' },
  ]);
  assert.deepEqual(Object.fromEntries(values), {
    temperature: 1,
    'reasoning_effort=minimal': 'low',
    'reasoning_effort=xhigh': 'high',
  });
});

test('after an hour the target is asked plainly again', () => {
  const clock = new FakeClock(5000);
  const book = new LessonBook();
  book.keep('m', [drop('seed')], clock.now());
  clock.advance(3_599_999);
  assert.deepEqual([...book.of('m', clock.now()).drop], ['seed']);
  clock.advance(1);
  assert.deepEqual([...book.of('m', clock.now()).drop], []);
});

test('each lesson has an hour of its own, and a newer one about the same replaces it', () => {
  const book = new LessonBook();
  const toLow: Mend = { action: 'set', param: 'reasoning_effort', value: 'low', refused: 'minimal' };
  book.keep('m', [drop('seed'), toLow], 0);
  book.keep('m', [drop('stop'), { action: 'rename', param: 'max_tokens', to: 'n' }], 3_000_000);
  book.keep(
    'm',
    [
      { ...toLow, value: 'high', refused: 'xhigh' },
      { ...toLow, value: 'medium' },
    ],
    3_000_000,
  );
  assert.deepEqual([...book.of('m', 3_599_999).drop], ['seed', 'stop']);
  const later = book.of('m', 3_600_000);
  assert.deepEqual([...later.drop], ['stop']);
  assert.deepEqual([...later.rename], [['max_tokens', 'n']]);
  assert.deepEqual(Object.fromEntries(later.values), {
    'reasoning_effort=xhigh': 'high',
    'reasoning_effort=minimal': 'medium',
  });
  assert.deepEqual([...book.of('m', 6_600_000).drop], []);
});

test("what was one caller's own mistake is not remembered", () => {
  const book = new LessonBook();
  book.keep('m', [{ action: 'adopt', habit: 'schema-in-words', once: true }, drop('seed')], 0);
  assert.deepEqual([[...book.of('m', 1).habits], [...book.of('m', 1).drop]], [[], ['seed']]);
});

test('a thousand models are remembered, and of more the one taught longest ago is forgotten', () => {
  const book = new LessonBook();
  const taught = [drop('seed')];
  for (let i = 0; i < 1000; i++) book.keep(`m${i}`, taught, 0);
  book.keep('m0', taught, 1);
  book.keep('one more', taught, 2);
  const isKnown = (model: string): boolean => book.of(model, 3).drop.size > 0;
  assert.deepEqual(['m0', 'm1', 'm2', 'one more'].map(isKnown), [true, false, true, true]);
});

test('mends are about others when none touches what the others changed', () => {
  const renamed: Mend = { action: 'rename', param: 'max_tokens', to: 'max_completion_tokens' };
  assert.equal(areAboutOthers([drop('temperature')], [renamed]), true);
  assert.equal(areAboutOthers([drop('temperature'), drop('max_completion_tokens')], [renamed]), false);
  assert.equal(areAboutOthers([{ action: 'adopt', habit: 'not-streamed' }], [drop('stream')]), true);
  assert.equal(
    areAboutOthers([{ action: 'adopt', habit: 'responses' }], [{ action: 'adopt', habit: 'responses' }]),
    false,
  );
});
