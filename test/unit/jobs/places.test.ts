import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Places } from '../../../src/jobs/places.ts';

test('any offset will do until the text begins anew, and then only the front and what was given since', () => {
  const places = new Places();
  places.give(20);
  assert.deepEqual(
    [0, 7, 20].map((at) => places.isSound(at)),
    [true, true, true],
  );
  places.beginAnew();
  places.give(9);
  assert.deepEqual(
    [0, 7, 9, 20].map((at) => places.isSound(at)),
    [true, false, true, false],
  );
});

test('what was given of any text before is not free; the front and what belongs to this text is', () => {
  const places = new Places();
  places.give(0);
  places.give(20);
  places.beginAnew();
  places.give(9);
  places.beginAnew();
  places.give(11);
  assert.deepEqual(
    [0, 9, 11, 20].map((at) => places.isFree(at)),
    [true, false, true, false],
  );
  places.give(20);
  assert.equal(places.isSound(20), false);
});

test('a thousand offsets are remembered, those given last; who has another begins anew', () => {
  const places = new Places();
  places.beginAnew();
  for (let offset = 1; offset <= 1000; offset++) places.give(offset);
  assert.equal(places.isSound(1), true);
  places.give(1);
  places.give(1001);
  assert.deepEqual(
    [1, 2, 3, 1001].map((at) => places.isSound(at)),
    [true, false, true, true],
  );
});
