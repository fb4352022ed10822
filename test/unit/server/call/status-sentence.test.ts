import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusSentence } from '../../../../src/server/call/status-sentence.ts';

test('every phase has its sentence, at first and later', () => {
  const first = { attempt: 1, seconds: 0, characters: 0 };
  const later = { attempt: 3, seconds: 15, characters: 1234 };
  assert.equal(statusSentence('queued', first), 'Waiting for a free place.');
  assert.equal(statusSentence('queued', later), 'Waiting for a free place (15 s).');
  assert.equal(statusSentence('connecting', first), 'Connecting to the model.');
  assert.equal(statusSentence('connecting', later), 'Connecting to the model, attempt 3 (15 s).');
  assert.equal(statusSentence('waiting', first), 'Waiting for the first token.');
  assert.equal(statusSentence('waiting', later), 'Waiting for the first token, attempt 3 (15 s).');
  assert.equal(statusSentence('streaming', first), 'Receiving the answer.');
  assert.equal(statusSentence('streaming', later), 'Receiving the answer: 1234 characters so far (15 s).');
  assert.equal(statusSentence('retrying', later), 'Waiting to try again, attempt 3 (15 s).');
  assert.equal(statusSentence('restart', later), 'Starting again, attempt 3: what had come is dropped.');
});
