// Tests of resilience/kept.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kept } from '../../../src/resilience/kept.ts';

test('equal settings are the same thing after a reload, others a new one', () => {
  const before = new Kept<object>();
  const corp = before.of('corp', { url: 'u', limits: { a: 1, b: 2 } }, () => ({}));
  const local = before.of('local', { url: 'l' }, () => ({}));
  const after = new Kept(before);
  assert.equal(
    after.of('corp', { limits: { b: 2, a: 1 }, url: 'u' }, () => ({})),
    corp,
  );
  assert.notEqual(
    after.of('local', { url: 'elsewhere' }, () => ({})),
    local,
  );
});

test('asked for twice it is made once', () => {
  const kept = new Kept<object>();
  assert.equal(
    kept.of('a', {}, () => ({})),
    kept.of('a', {}, () => ({})),
  );
});

test('what one configuration did not ask for is forgotten by the next', () => {
  const first = new Kept<object>();
  const thing = first.of('a', {}, () => ({}));
  const third = new Kept(new Kept(first));
  assert.notEqual(
    third.of('a', {}, () => ({})),
    thing,
  );
});
