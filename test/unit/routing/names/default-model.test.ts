// Product sheet, sections 3 and 7: DEFAULT_MODEL and `provider/model`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import { checkProvider, onlyModel, ownName, settledDefault } from '../../../../src/routing/names/default-model.ts';

test("our own provider's name in front is none of the model's", () => {
  assert.equal(ownName('corp/gpt-4o', 'corp', []), 'gpt-4o');
  assert.equal(ownName('corp/meta/llama', 'corp', []), 'meta/llama');
  assert.equal(ownName('meta/llama', 'corp', []), 'meta/llama');
  assert.equal(ownName('corporate', 'corp', []), 'corporate');
  assert.equal(ownName('openrouter/auto', 'openrouter', []), 'openrouter/auto');
  assert.equal(ownName('openrouter/meta/llama', 'openrouter', []), 'meta/llama');
  assert.equal(ownName('openrouter/', 'openrouter', []), '');
  assert.equal(ownName('openai/gpt-4o', 'openai', ['openai/gpt-4o']), 'openai/gpt-4o');
});

test('the default is the configured one, then the one of OpenAI', () => {
  assert.equal(settledDefault({ defaultModel: 'm', isOpenAi: true }, 'chat'), 'm');
  assert.equal(settledDefault({ defaultModel: undefined, isOpenAi: true }, 'chat'), 'gpt-4o-mini');
  assert.equal(settledDefault({ defaultModel: undefined, isOpenAi: true }, 'embed'), 'text-embedding-3-small');
  assert.equal(settledDefault({ defaultModel: undefined, isOpenAi: false }, 'chat'), undefined);
});

const listed = (...ids: string[]): { id: string; provider: string }[] => ids.map((id) => ({ id, provider: 'corp' }));

test('the only model is the default; of several, the fault names them', () => {
  assert.equal(onlyModel(listed('a'), 'corp'), 'a');
  assert.throws(() => onlyModel(listed('a', 'b'), 'corp'), {
    kind: 'INVALID_INPUT',
    message: 'No model was named, there is no default, and corp has a, b.',
  });
  assert.throws(() => onlyModel([], 'corp'), /corp lists none/);
  assert.throws(() => onlyModel(listed(...Array.from({ length: 25 }, (_, i) => `m${i}`)), 'corp'), /m19 and 5 more/);
});

test('a provider that is not there is refused with the name of the one that is', () => {
  checkProvider(undefined, ['corp']);
  checkProvider('corp', ['corp']);
  assert.throws(() => checkProvider('other', ['corp', 'local']), {
    data: { param: 'provider', next: 'The providers are corp, local.' },
  });
  assert.throws(
    () => checkProvider('other', ['corp']),
    (thrown) =>
      thrown instanceof Fault && thrown.kind === 'INVALID_INPUT' && thrown.data.next?.includes('"corp"') === true,
  );
});
