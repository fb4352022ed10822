// What is read off the names of models, against the caps and refusals the API was seen to give in 2026.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takesForcedTools, traitsOf } from '../../../../../src/providers/dialects/anthropic/models.ts';

const known: readonly (readonly [string, number, string, string, string])[] = [
  ['claude-2.1', 4096, 'no', 'both', 'unasked'],
  ['claude-instant-1.2', 4096, 'no', 'both', 'unasked'],
  ['claude-3-haiku-20240307', 4096, 'no', 'both', 'unasked'],
  ['claude-3-5-sonnet-20241022', 8192, 'no', 'both', 'unasked'],
  ['anthropic/claude-3.5-haiku', 8192, 'no', 'both', 'unasked'],
  ['claude-3-7-sonnet-latest', 64_000, 'budget', 'both', 'unasked'],
  ['claude-opus-4-20250514', 32_000, 'budget', 'both', 'unasked'],
  ['claude-opus-4-1-20250805', 32_000, 'budget', 'one', 'unasked'],
  ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 64_000, 'budget', 'one', 'unasked'],
  ['claude-haiku-4-5@20251001', 64_000, 'budget', 'one', 'unasked'],
  ['claude-opus-4.6', 128_000, 'adaptive', 'one', 'unasked'],
  ['claude-opus-4-7', 128_000, 'adaptive', 'default', 'unasked'],
  ['claude-opus-5', 128_000, 'adaptive', 'default', 'disabled'],
  ['claude-sonnet-5', 128_000, 'adaptive', 'default', 'disabled'],
  ['claude-haiku-5-5', 128_000, 'adaptive', 'default', 'disabled'],
  ['claude-opus-5-5', 128_000, 'adaptive', 'default', 'never'],
  ['claude-sonnet-5-5', 128_000, 'adaptive', 'default', 'between_tools'],
  ['claude-fable-5', 128_000, 'adaptive', 'default', 'never'],
  ['claude-mythos-preview', 128_000, 'adaptive', 'default', 'never'],
  ['claude-sonnet-10-20290101', 128_000, 'adaptive', 'default', 'between_tools'],
  ['qwen3-8b', 8192, 'budget', 'both', 'disabled'],
  ['', 8192, 'budget', 'both', 'disabled'],
];

for (const [name, maxOutput, thinking, sampling, quiet] of known) {
  test(`what ${name} takes`, () => {
    const traits = traitsOf(name);
    assert.deepEqual(
      [traits.maxOutput, traits.thinking, traits.sampling, traits.quiet],
      [maxOutput, thinking, sampling, quiet],
    );
  });
}

test('schemas go into a parameter from 4.1 on, and into words as well where nobody knows', () => {
  const place = (name: string): string => traitsOf(name).schema;
  assert.deepEqual(['claude-opus-4', 'claude-opus-4-1', 'claude-sonnet-4-5', 'gpt-oss'].map(place), [
    'words',
    'parameter',
    'parameter',
    'both',
  ]);
});

test('a model that always thinks takes no forced tools', () => {
  const takes = (name: string): boolean => takesForcedTools(traitsOf(name));
  assert.deepEqual(['claude-opus-5', 'claude-opus-4-1', 'qwen3'].map(takes), [true, true, true]);
  assert.deepEqual(['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-fable-5-1'].map(takes), [false, false, false]);
});
