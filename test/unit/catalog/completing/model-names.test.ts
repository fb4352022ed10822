import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeModelAddress, completeModelName } from '../../../../src/catalog/completing/model-names.ts';
import { Fault } from '../../../../src/core/fault.ts';
import type { Models } from '../../../../src/providers/chat.ts';
import { scripted, toolContext } from '../../../support/models.ts';

const MODELS = [
  { id: 'gpt-4o', provider: 'corp' },
  { id: 'meta/llama', provider: 'local' },
  { id: 'fast', provider: 'alias' },
];

function from(models: Models): Parameters<typeof completeModelName>[0] {
  return { models, providers: [{ id: 'corp' }, { id: 'local' }], mainProvider: 'corp' };
}

async function complete(
  how: typeof completeModelName,
  name: string,
  value: string,
  given: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  return how(from(scripted({ models: MODELS }).models), { argument: { name, value }, given }, toolContext().ctx);
}

test('a model is suggested by the name a caller gives, a provider by its id', async () => {
  assert.deepEqual(await complete(completeModelName, 'model', ''), ['gpt-4o', 'local/meta/llama', 'fast']);
  assert.deepEqual(await complete(completeModelName, 'model', 'lla'), ['local/meta/llama']);
  assert.deepEqual(await complete(completeModelName, 'provider', 'c'), ['corp', 'local']);
  assert.deepEqual(await complete(completeModelName, 'question', 'g'), []);
});

test('a provider that is given narrows the models', async () => {
  const { models, asked } = scripted({ models: MODELS });
  const typed = { argument: { name: 'model', value: '' }, given: { provider: 'local' } };
  assert.deepEqual(await completeModelName(from(models), typed, toolContext().ctx), ['local/meta/llama']);
  assert.deepEqual(asked.list, [{ provider: 'local' }]);
  assert.deepEqual(await complete(completeModelName, 'model', '', { provider: 'alias' }), ['fast']);
  assert.deepEqual(await complete(completeModelName, 'model', '', { provider: 'nobody' }), []);
});

test('the variables of the address of a model are completed as they are', async () => {
  assert.deepEqual(await complete(completeModelAddress, 'id', '', { provider: 'local' }), ['meta/llama']);
  assert.deepEqual(await complete(completeModelAddress, 'provider', 'al'), ['alias', 'local']);
  assert.deepEqual(await complete(completeModelAddress, 'model', 'g'), []);
});

test('a list that cannot be had suggests nothing, and a call that was called off stays so', async () => {
  const failing = (fault: Fault): Models => ({ ...scripted({}).models, list: () => Promise.reject(fault) });
  const typed = { argument: { name: 'model', value: 'g' }, given: {} };
  const { ctx } = toolContext();
  assert.deepEqual(await completeModelName(from(failing(new Fault('UPSTREAM', 'Down.'))), typed, ctx), []);
  await assert.rejects(completeModelName(from(failing(new Fault('cancelled', 'Off.'))), typed, ctx), {
    kind: 'cancelled',
  });
});
