// What is made of refusals that came inside an answer, as servers before 0.12.6 sent them, and of what cannot be mended.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../../../../src/core/fault.ts';
import type { JsonObject } from '../../../../../src/core/json.ts';
import type { Mend } from '../../../../../src/providers/dialect.ts';
import { mendOllama } from '../../../../../src/providers/dialects/ollama/mend.ts';
import { ollamaErrorIn, readOllamaRefusal } from '../../../../../src/providers/dialects/ollama/refusal.ts';

function inBand(error: string): Fault {
  const fault = ollamaErrorIn({ error });
  assert.ok(fault !== undefined);
  return fault;
}

function mends(error: string, body: JsonObject): readonly Mend[] {
  const sending = { method: 'POST', url: 'http://x', headers: {}, body: JSON.stringify(body), changed: [] } as const;
  return mendOllama(inBand(error), { ask: { op: 'models' }, sending });
}

test('a schema refused inside the answer is said in words the next time', () => {
  const habit = [{ action: 'adopt', habit: 'schema-as-object' }];
  assert.deepEqual(mends('invalid JSON schema in format', { format: { type: 'object' } }), habit);
  assert.deepEqual(mends('JSON schema conversion failed: x', { format: { type: 'object' } }), habit);
  assert.deepEqual(mends('failed to parse grammar', { format: { type: 'object' } }), habit);
  assert.deepEqual(mends('invalid JSON schema in format', { format: 'json' }), []);
  assert.deepEqual(mends('invalid JSON schema in format', {}), []);
});

test('what is no complaint about the request is not mended', () => {
  for (const error of ['boom', 'server busy', 'model "m" not found', 'the input length exceeds the context length']) {
    assert.deepEqual(mends(error, { think: 'high', format: { type: 'object' } }), []);
  }
});

test('a level that is refused where no other helps becomes true', () => {
  const error = 'invalid think value: "high" (must be "max", "high", true, or false)';
  const refused = readOllamaRefusal(400, { get: () => null }, JSON.stringify({ error }), 0);
  const sending = { method: 'POST', url: 'http://x', headers: {}, body: '{"think":"high"}', changed: [] } as const;
  assert.deepEqual(mendOllama(refused, { ask: { op: 'models' }, sending }), [
    { action: 'set', param: 'think', value: true },
  ]);
});

test('an error has to say something', () => {
  for (const fields of [{}, { error: '' }, { error: null }, { error: false }])
    assert.equal(ollamaErrorIn(fields), undefined);
  assert.equal(ollamaErrorIn({ error: { message: 'boom' } })?.kind, 'UPSTREAM');
  assert.equal(ollamaErrorIn({ error: '{"error":' })?.kind, 'UPSTREAM');
});
