import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LessonBook, withMends } from '../../../src/routing/lessons.ts';

test('lessons are kept by model and add up', () => {
  const book = new LessonBook();
  const first = withMends(book.of('m'), [{ action: 'drop', param: 'seed' }]);
  book.keep('m', withMends(first, [{ action: 'drop', param: 'stop' }]));
  assert.deepEqual([...book.of('m').drop], ['seed', 'stop']);
  assert.deepEqual([...book.of('n').drop], []);
});

test('a rename and its opposite do not chase each other', () => {
  const there = withMends(new LessonBook().of('m'), [{ action: 'rename', param: 'a', to: 'b' }]);
  const back = withMends(there, [{ action: 'rename', param: 'b', to: 'a' }]);
  assert.deepEqual([...back.rename], [['b', 'a']]);
  assert.deepEqual([...there.rename], [['a', 'b']]);
});
