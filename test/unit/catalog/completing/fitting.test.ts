import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitting } from '../../../../src/catalog/completing/fitting.ts';

const MODELS = ['gpt-4o', 'gpt-4o-mini', 'o1', 'claude-sonnet-4', 'meta/llama-3', 'openrouter/gpt-4o'];

test('nothing typed fits everything, in order', () => {
  assert.deepEqual(fitting('', MODELS), MODELS);
  assert.deepEqual(fitting('  ', MODELS), MODELS);
});

test('names that begin with it come first, then those with a word that does, then those that contain it', () => {
  assert.deepEqual(fitting('o', ['gpt-4o', 'x-o1', 'o1', 'claude']), ['o1', 'x-o1', 'gpt-4o']);
  assert.deepEqual(fitting('GPT-4', MODELS), ['gpt-4o', 'gpt-4o-mini', 'openrouter/gpt-4o']);
});

test('letters in their order are found, and a wrong or missing one is forgiven', () => {
  assert.deepEqual(fitting('g4om', MODELS), ['gpt-4o-mini']);
  assert.deepEqual(fitting('cluade', MODELS), ['claude-sonnet-4']);
  assert.deepEqual(fitting('lama', MODELS), ['meta/llama-3']);
  assert.deepEqual(fitting('snonet', MODELS), ['claude-sonnet-4'], 'a later word too');
});

test('what is no name at all fits nothing', () => {
  assert.deepEqual(fitting('zzzz', MODELS), []);
  assert.deepEqual(fitting('q', MODELS), []);
});

test('a good match is never behind a fuzzy one, and no name comes twice', () => {
  const found = fitting('mini', ['m-i-n-i', 'gemini', 'mini', 'gpt-mini', 'mimi', 'mini']);
  assert.deepEqual(found, ['mini', 'gpt-mini', 'gemini', 'm-i-n-i', 'mimi']);
});

test('with a hundred good matches no fuzzy ones are looked for', () => {
  const many = Array.from({ length: 100 }, (_, i) => `abc${i}`);
  assert.equal(fitting('abc', ['a-b-c', ...many]).length, 100);
  assert.equal(fitting('abc', ['a-b-c', ...many.slice(1)]).length, 100);
  assert.equal(fitting('abc', ['a-b-c', ...many.slice(1)]).at(-1), 'a-b-c');
});

test('a long text typed is no work', () => {
  assert.deepEqual(fitting('x'.repeat(1_000_000), MODELS), []);
});
