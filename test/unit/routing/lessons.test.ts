import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LessonBook, withMend } from '../../../src/routing/lessons.ts';

test('lessons are kept by model and add up', () => {
  const book = new LessonBook();
  const first = withMend(book.of('m'), { action: 'drop', param: 'seed' });
  book.keep('m', withMend(first, { action: 'drop', param: 'stop' }));
  assert.deepEqual([...book.of('m').drop], ['seed', 'stop']);
  assert.deepEqual([...book.of('n').drop], []);
});

test('a rename and its opposite do not chase each other', () => {
  const there = withMend(new LessonBook().of('m'), { action: 'rename', param: 'a', to: 'b' });
  const back = withMend(there, { action: 'rename', param: 'b', to: 'a' });
  assert.deepEqual([...back.rename], [['b', 'a']]);
  assert.deepEqual([...there.rename], [['a', 'b']]);
});
