// A format said in words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaInWords } from '../../../../../src/providers/dialects/sending/schema-words.ts';

test('a schema is said with its description, and as it was given', () => {
  const words = schemaInWords({
    type: 'json_schema',
    json_schema: { name: 'n', description: 'A city.', schema: { type: 'object', properties: {} } },
  });
  assert.match(words, /^Answer with one JSON value and nothing else/);
  assert.match(words, /What it is: A city\.\n/);
  assert.match(words, /\{"type":"object","properties":\{\}\}$/);
});

test('JSON without a schema is an object', () => {
  assert.match(schemaInWords({ type: 'json_object' }), /^Answer with one JSON object and nothing else/);
});

test('plain text needs no words', () => assert.equal(schemaInWords({ type: 'text' }), ''));
