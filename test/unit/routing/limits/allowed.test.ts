// Tests of routing/limits/allowed.ts: a client that may ask for some models only.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { ModelContext, ModelInfo, Models } from '../../../../src/providers/chat.ts';
import { allowed, sightOf } from '../../../../src/routing/limits/allowed.ts';
import type { AllowedOptions } from '../../../../src/routing/limits/allowed.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testContext } from '../../../support/model-context.ts';
import { answering, scripted } from '../../../support/models.ts';
import type { Asked, Script } from '../../../support/models.ts';

const LISTED: readonly ModelInfo[] = [
  { id: 'fast', provider: 'alias' },
  { id: 'best', provider: 'alias' },
  { id: 'gpt-4o', provider: 'corp' },
  { id: 'gpt-4o-mini', provider: 'corp' },
  { id: 'fast', provider: 'local' },
  { id: 'gpt-4o', provider: 'local' },
];

const MODELS: Readonly<Record<string, readonly string[]>> = {
  ci: ['fast', 'corp/gpt-4o'],
  one: ['best'],
  bare: ['gpt-4o'],
  none: [],
};

interface Limited {
  readonly models: Models;
  readonly asked: Asked;
}

function limited(script: Script = {}, options: Partial<AllowedOptions> = {}): Limited {
  const { models, asked } = scripted({ models: LISTED, batches: [answering('hi')], ...script });
  const layer = allowed({
    modelsOf: (client) => MODELS[client],
    isAlias: (name) => name === 'fast' || name === 'best',
    defaultProvider: 'corp',
    bareNames: 'every',
    ...options,
  });
  return { models: layer(models), asked };
}

function as(client: string): ModelContext {
  return { ...testContext(new FakeClock()), client };
}

async function asks(one: Limited, client: string, model: string): Promise<string | undefined> {
  await one.models.chat({ model, messages: [] }, as(client), () => {});
  return one.asked.chat.at(-1)?.model;
}

function refused(one: Limited, client: string, model: string): Promise<string> {
  return one.models
    .chat({ model, messages: [] }, as(client), () => {})
    .then(
      () => assert.fail(`${model} was asked`),
      (thrown: unknown) => {
        assert.ok(thrown instanceof Fault && thrown.kind === 'MODEL_NOT_FOUND');
        assert.deepEqual(one.asked.chat, []);
        return `${thrown.message} ${thrown.data.next}`;
      },
    );
}

describe('what may be asked', () => {
  test('the names of the key, as they are; an alias also in the form it is listed in', async () => {
    const one = limited();
    assert.equal(await asks(one, 'ci', 'fast'), 'fast');
    assert.equal(await asks(one, 'ci', 'alias/fast'), 'alias/fast');
    assert.equal(await asks(one, 'ci', 'corp/gpt-4o'), 'corp/gpt-4o');
    assert.equal(await asks(one, 'anybody', 'whatever'), 'whatever');
  });

  test('everything else is as if it were not there', async () => {
    for (const model of ['best', 'gpt-4o', 'local/gpt-4o', 'local/fast', 'corp/', 'Fast', 'fast ', 'alias/gpt-4o']) {
      assert.match(await refused(limited(), 'ci', model), /^There is no model "/, model);
    }
    assert.equal(
      await refused(limited(), 'ci', 'corp/gpt-5o'),
      'There is no model "corp/gpt-5o". Did you mean "corp/gpt-4o"?',
    );
    assert.equal(
      await refused(limited(), 'ci', 'whatever'),
      'There is no model "whatever". The models of this client are fast, corp/gpt-4o.',
    );
    assert.match(await refused(limited(), 'none', 'fast'), /This client may ask for no model\.$/);
  });

  test('by completions and embeddings too', async () => {
    const { models, asked } = limited();
    const isMissing = (thrown: unknown): boolean => thrown instanceof Fault && thrown.kind === 'MODEL_NOT_FOUND';
    await assert.rejects(
      models.complete({ model: 'best', prompt: '' }, as('ci'), () => {}),
      isMissing,
    );
    await assert.rejects(models.embed({ model: 'best', input: [] }, as('ci')), isMissing);
    assert.deepEqual([asked.complete, asked.embed], [[], []]);
    await models.embed({ model: 'fast', input: [] }, as('ci'));
    assert.equal(asked.embed.length, 1);
  });

  test('without a name the default, if it is one of them, else the only one', async () => {
    assert.equal(await asks(limited({}, { defaultModel: 'fast' }), 'ci', ''), 'fast');
    assert.equal(await asks(limited({}, { defaultModel: 'gpt-4o' }), 'ci', ''), 'corp/gpt-4o');
    assert.equal(await asks(limited({}, { defaultModel: 'gpt-4o' }), 'one', ''), 'best');
    assert.equal(await asks(limited({}, { defaultModel: 'gpt-4o' }), 'anybody', ''), '');
    assert.match(
      await refused(limited({}, { defaultModel: 'local/x' }), 'ci', ''),
      /^No model was named, and the default/,
    );
  });

  test('what fails further on names no model of others', async () => {
    const fault = new Fault('MODEL_NOT_FOUND', 'corp has no gpt-4o.', {
      data: { next: 'Did you mean "secret-model"?' },
    });
    const { models } = limited({ batches: [fault] });
    await assert.rejects(
      models.chat({ model: 'corp/gpt-4o', messages: [] }, as('ci'), () => {}),
      (thrown) => {
        assert.ok(thrown instanceof Fault);
        assert.equal(thrown.data.next, 'The models of this client are fast, corp/gpt-4o.');
        return true;
      },
    );
  });
});

describe('what is listed', () => {
  const list = async (client: string, options: Partial<AllowedOptions> = {}): Promise<string[]> => {
    const { models } = await limited({}, options).models.list({}, as(client));
    return models.map(({ id, provider }) => `${provider}/${id}`);
  };

  test('what may be asked, and nothing of the same name elsewhere', async () => {
    assert.deepEqual(await list('ci'), ['alias/fast', 'corp/gpt-4o']);
    assert.deepEqual(await list('one'), ['alias/best']);
    assert.deepEqual(await list('none'), []);
    assert.equal((await list('anybody')).length, 6);
  });

  test('a bare name is that of every provider, or of the main one', async () => {
    assert.deepEqual(await list('bare'), ['corp/gpt-4o', 'local/gpt-4o']);
    assert.deepEqual(await list('bare', { bareNames: 'main' }), ['corp/gpt-4o']);
  });

  test('and which providers failed, where they are its own', async () => {
    const failed = ['corp', 'local'].map((provider) => ({ provider, fault: new Fault('NETWORK', 'down') }));
    const { models } = limited({ failed });
    const shown = await models.list({}, as('ci'));
    assert.deepEqual(
      shown.failed.map(({ provider }) => provider),
      ['corp'],
    );
  });
});

describe('what a client may see', () => {
  const options: AllowedOptions = {
    modelsOf: (client) => MODELS[client],
    isAlias: (name) => name === 'fast' || name === 'best',
    defaultProvider: 'corp',
    bareNames: 'main',
  };
  const seen = (client: string, more: Partial<AllowedOptions> = {}): readonly string[] | undefined => {
    const sight = sightOf({ ...options, ...more }, client);
    return sight && ['corp', 'local'].filter((id) => sight.provider(id));
  };

  test('is everything for one that may ask for every model', () => {
    assert.equal(sightOf(options, 'anybody'), undefined);
  });

  test('are the providers its names may lead to; an alias shows none', () => {
    assert.deepEqual([seen('ci'), seen('one'), seen('none')], [['corp'], [], []]);
    assert.deepEqual([seen('bare'), seen('bare', { bareNames: 'every' })], [['corp'], ['corp', 'local']]);
  });

  test('are the models it may ask for, of the providers it may ask them of', () => {
    const sight = sightOf(options, 'ci');
    const models = LISTED.filter((model) => sight?.model(model) === true);
    assert.deepEqual(models, [
      { id: 'fast', provider: 'alias' },
      { id: 'gpt-4o', provider: 'corp' },
    ]);
  });
});
