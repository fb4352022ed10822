import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../../../src/core/nearest.ts';

const NAMES = ['model', 'max_tokens', 'temperature', 'n', 'stop'];

test('a mistyped name finds the one that was meant', () => {
  assert.equal(nearest('modle', NAMES), 'model');
  assert.equal(nearest('temprature', NAMES), 'temperature');
  assert.equal(nearest('stops', NAMES), 'stop');
  assert.equal(nearest('max_token', NAMES), 'max_tokens');
});

test('case and separators do not count', () => {
  assert.equal(nearest('maxTokens', NAMES), 'max_tokens');
  assert.equal(nearest('MAX-TOKENS', NAMES), 'max_tokens');
  assert.equal(nearest('listModels', ['list_models', 'embed']), 'list_models');
});

test('a name that is far from all finds none', () => {
  assert.equal(nearest('colour', NAMES), undefined);
  assert.equal(nearest('banana', ['apple']), undefined);
  assert.equal(nearest('model', []), undefined);
});

test('short names that share no letter are not near', () => {
  assert.equal(nearest('x', ['n']), undefined);
  assert.equal(nearest('', ['n']), undefined);
  assert.equal(nearest('N', ['n']), 'n');
  assert.equal(nearest('nn', ['n']), 'n');
});

test('two letters that changed places are one mistake', () => {
  assert.equal(nearest('ab', ['ba', 'cd']), 'ba');
});

test('the first of two equally near names wins, the nearer of two always', () => {
  assert.equal(nearest('chat', ['chats', 'chas']), 'chats');
  assert.equal(nearest('chat', ['chas', 'chat']), 'chat');
});

test('a name of a million characters is answered at once', () => {
  assert.equal(nearest('q'.repeat(1_000_000), NAMES), undefined);
});
