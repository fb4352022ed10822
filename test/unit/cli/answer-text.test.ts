// An answer on a stream that takes nothing back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnswerText } from '../../../src/cli/answer-text.ts';

/** What is written: each string is text, `null` a restart, and the last one the answer as delivered. */
function written(...steps: readonly (string | null)[]): string {
  const answer = new AnswerText();
  const outputs = steps.map((step, i) => {
    if (i === steps.length - 1) return answer.finish(step ?? '');
    if (step !== null) return answer.add(step);
    answer.restart();
    return '';
  });
  return outputs.join('');
}

const BROKE_OFF = '\n\n[it broke off; once more]\n\n';

test('text is written as it comes', () => assert.equal(written('You ', 'said', 'You said'), 'You said'));
test('without progress the answer is written at the end', () => assert.equal(written('whole'), 'whole'));
test('a restart that says the same shows it once', () => {
  assert.equal(written('one ', 'two', null, 'one', ' two three', 'one two three'), 'one two three');
});
test('a second restart in the middle of the repeating', () => {
  assert.equal(written('one two', null, 'one', null, 'one two', ' three', 'one two three'), 'one two three');
});
test('a restart that says something else says so', () => {
  assert.equal(written('one two', null, 'one ', 'three', 'one three'), `one two${BROKE_OFF}one three`);
});
test('an answer that is another at the end, or shorter, is written whole', () => {
  assert.equal(written('one two', 'three'), `one two${BROKE_OFF}three`);
  assert.equal(written('one two', null, 'one', 'one'), `one two${BROKE_OFF}one`);
});
