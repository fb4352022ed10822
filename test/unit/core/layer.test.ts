import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stack } from '../../../src/core/layer.ts';
import type { Layer } from '../../../src/core/layer.ts';

type Say = (word: string) => string;

function around(name: string): Layer<Say> {
  return (inner) => (word) => `${name}(${inner(word)})`;
}

test('the first layer given is the outermost', () => {
  assert.equal(stack(around('a'), around('b'), around('c'))((word) => word)('x'), 'a(b(c(x)))');
});

test('no layers leave the function as it is', () => {
  const say: Say = (word) => word;
  assert.equal(stack<Say>()(say), say);
});
