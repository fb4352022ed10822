import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyRing } from '../../../../src/routing/targets/keys.ts';

const MINUTE = 60_000;

test('calls begin with each key in turn', () => {
  const ring = new KeyRing(() => ['a', 'b', 'c']);
  assert.deepEqual(ring.order('m', 0), ['a', 'b', 'c']);
  assert.deepEqual(ring.order('m', 0), ['b', 'c', 'a']);
  assert.deepEqual(ring.order('m', 0), ['c', 'a', 'b']);
  assert.deepEqual(ring.order('m', 0), ['a', 'b', 'c']);
});

test('a refused key is out for five minutes', () => {
  const ring = new KeyRing(() => ['a', 'b']);
  ring.takeOut('a', undefined, 0);
  assert.deepEqual(ring.order('m', 5 * MINUTE - 1), ['b']);
  assert.deepEqual(ring.order('n', 5 * MINUTE - 1), ['b']);
  assert.deepEqual(ring.order('m', 5 * MINUTE), ['a', 'b']);
});

test('a key refused for one model serves the others', () => {
  const ring = new KeyRing(() => ['a', 'b']);
  ring.takeOut('a', 'm', 0);
  assert.deepEqual(ring.order('m', 1), ['b']);
  assert.deepEqual(ring.order('n', 1), ['b', 'a']);
});

test('a key that has used up a limit of a model comes after the others until it is back', () => {
  const ring = new KeyRing(() => ['a', 'b', 'c']);
  ring.rest('a', 'm', 0, 20_000);
  ring.rest('b', 'm', 0, 10_000);
  assert.deepEqual(ring.order('m', 1), ['c', 'b', 'a']);
  assert.deepEqual(ring.order('n', 1), ['b', 'c', 'a'], 'the limit of another model is another one');
  assert.deepEqual(ring.order('m', 10_000), ['c', 'b', 'a']);
  assert.deepEqual(ring.order('m', 20_000), ['a', 'b', 'c']);
  ring.rest('a', 'm', 20_000, 3_600_000);
  assert.deepEqual(ring.order('m', 20_000 + 5 * MINUTE), ['b', 'c', 'a'], 'nobody rests for longer than five minutes');
});

test('when all are out one is tried anyway; without keys there is the empty one', () => {
  const ring = new KeyRing(() => ['a', 'b']);
  ring.takeOut('a', undefined, 0);
  ring.takeOut('b', undefined, 0);
  assert.deepEqual(ring.order('m', 1), ['a']);
  assert.deepEqual(ring.order('m', 1), ['b']);
  assert.deepEqual(new KeyRing(() => []).order('m', 0), ['']);
});

test('a key whose place another has taken already is no reason to read them again', () => {
  const asked: boolean[] = [];
  const ring = new KeyRing((refused = false) => {
    asked.push(refused);
    return ['new'];
  });
  assert.deepEqual(ring.without('old'), ['new']);
  assert.deepEqual(asked, [false]);
});

test('keys that change are taken up, and a new one is in', () => {
  let keys = ['old'];
  const ring = new KeyRing((refused) => (refused === true ? ['new'] : keys));
  ring.takeOut('old', undefined, 0);
  assert.deepEqual(ring.without('old'), ['new']);
  keys = ['new'];
  assert.deepEqual(ring.order('m', 1), ['new']);
  assert.deepEqual(ring.now, ['new']);
});
