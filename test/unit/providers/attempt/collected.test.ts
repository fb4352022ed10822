import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import { Collected } from '../../../../src/providers/attempt/collected.ts';

test('nothing is read before the end, and a byte order mark is no part of it', () => {
  const body = new Collected((text) => [text]);
  assert.deepEqual(body.push(Buffer.from('\uFEFFa')), []);
  assert.deepEqual(body.push(Buffer.from('b')), []);
  assert.deepEqual(body.end(), ['ab']);
});

test('a body over the limit is refused as it comes, for good', () => {
  const body = new Collected((text) => [text], 3);
  body.push(Buffer.from('abc'));
  assert.throws(
    () => body.push(Buffer.from('d')),
    (thrown) => thrown instanceof Fault && thrown.kind === 'UPSTREAM' && thrown.retry === 'never',
  );
});
