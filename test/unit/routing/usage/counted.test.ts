// Tests of routing/usage/: what is counted of each kind of call, and that it stays bounded.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { ChatRequest, ModelContext, Models } from '../../../../src/providers/chat.ts';
import { UsageBook } from '../../../../src/routing/usage/book.ts';
import { counted } from '../../../../src/routing/usage/counted.ts';
import { ListsSeen } from '../../../../src/routing/usage/lists-seen.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testContext } from '../../../support/model-context.ts';
import { answering, scripted } from '../../../support/models.ts';
import type { Script } from '../../../support/models.ts';

const ASK: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const NONE = { requests: 0, failed: 0, cached: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };

interface Site {
  readonly book: UsageBook;
  readonly models: Models;
  readonly told: string[];
}

function site(script: Script): Site {
  const book = new UsageBook();
  const told: string[] = [];
  const news = {
    used: (): void => void told.push('used'),
    listed: (changed: readonly { readonly id: string }[]): void =>
      void told.push(`listed ${changed.map(({ id }) => id).join(' ')}`),
  };
  return { book, told, models: counted({ book, lists: new ListsSeen(), news })(scripted(script).models) };
}

const context = (client?: string): ModelContext => ({
  ...testContext(new FakeClock()),
  ...(client === undefined ? {} : { client }),
});

describe('counted', () => {
  test('an answer is counted by model, by client and in all', async () => {
    const { book, models, told } = site({ batches: [answering('hi')] });
    await models.chat(ASK, context('ci'), () => {});
    await models.complete({ model: 'm', prompt: 'p' }, context(), () => {});
    const one = { ...NONE, requests: 1, inputTokens: 3, outputTokens: 5 };
    assert.deepEqual(book.of('ci').client, one);
    assert.deepEqual(book.of('').client, one);
    assert.deepEqual(book.of('other').client, NONE);
    assert.deepEqual(book.of('').total, { ...NONE, requests: 2, inputTokens: 6, outputTokens: 10 });
    assert.deepEqual(book.of('').models, [
      { provider: 'corp', model: 'gpt-4o-mini', ...NONE, requests: 2, inputTokens: 6, outputTokens: 10 },
    ]);
    assert.deepEqual(told, ['used', 'used']);
  });

  test('a failure is counted where it was tried, and still thrown', async () => {
    const { book, models } = site({ batches: [new Fault('UPSTREAM', 'Down.')] });
    await assert.rejects(
      models.chat(ASK, context(), () => {}),
      { kind: 'UPSTREAM' },
    );
    assert.deepEqual(book.of('').models, [{ provider: 'corp', model: 'gpt-4o-mini', ...NONE, requests: 1, failed: 1 }]);
  });

  test('what failed before a provider was chosen is in the sum alone', async () => {
    const { book, models } = site({ batches: [new Fault('NOT_CONFIGURED', 'None.')], serve: () => {} });
    const ctx: ModelContext = { ...context(), served: { provider: '', model: '', attempts: [], changed: [] } };
    await assert.rejects(models.chat(ASK, ctx, () => {}));
    assert.deepEqual([book.of('').models, book.of('').total.failed], [[], 1]);
  });

  test('an answer of before took nothing', async () => {
    const { book, models } = site({
      batches: [answering('hi')],
      serve: ({ served }) => Object.assign(served, { provider: 'corp', model: 'm', cached: true }),
    });
    await models.chat(ASK, context(), () => {});
    assert.deepEqual(book.of('').total, { ...NONE, requests: 1, cached: 1 });
  });

  test('embeddings count too, with what they cost', async () => {
    const embeddings = { model: 'e', vectors: [[1]], usage: { inputTokens: 4, costUsd: 0.5 } };
    const { book, models } = site({ embeddings });
    assert.deepEqual(await models.embed({ model: 'e', input: ['a'] }, context()), embeddings);
    assert.deepEqual(book.of('').total, { ...NONE, requests: 1, inputTokens: 4, costUsd: 0.5 });
  });

  test('a listener that has no room is waited for', async () => {
    const { models } = site({ batches: [answering('a'), answering('b')] });
    let open = (): void => {};
    let heard = 0;
    const done = models.chat(ASK, context(), () => {
      heard++;
      return heard === 1 ? new Promise((resolve) => (open = resolve)) : undefined;
    });
    await Promise.resolve();
    assert.equal(heard, 1);
    open();
    await done;
    assert.equal(heard, 2);
  });
});

describe('the book', () => {
  test('tells a thousand models and clients apart, and no more', () => {
    const book = new UsageBook();
    for (let i = 0; i < 1500; i++) {
      const served = { provider: 'corp', model: `m${i}`, attempts: [], changed: [] };
      book.add({ ...NONE, requests: 1 }, { ...context(`c${i}`), served });
    }
    const { models, total } = book.of('');
    assert.deepEqual([models.length, models[0]?.model, total.requests], [1000, 'm500', 1500]);
    assert.deepEqual([book.of('c499').client.requests, book.of('c500').client.requests], [0, 1]);
  });

  test('keeps provider and model apart, whatever is in their names', () => {
    const book = new UsageBook();
    for (const [provider, model] of [
      ['a/b', 'c'],
      ['a', 'b/c'],
    ] as const) {
      book.add({ ...NONE, requests: 1 }, { ...context(), served: { provider, model, attempts: [], changed: [] } });
    }
    assert.equal(book.of('').models.length, 2);
  });
});

describe('lists', () => {
  const model = (id: string, provider = 'corp'): { id: string; provider: string } => ({ id, provider });

  test('what came and what went is told, once a list was seen', async () => {
    const script = { models: [model('a'), model('b')] };
    const { models, told } = site(script);
    await models.list({}, context());
    await models.list({}, context());
    assert.deepEqual(told, []);
    script.models = [model('b'), model('c'), model('x', 'local')];
    await models.list({}, context());
    assert.deepEqual(told, ['listed c a']);
  });

  test('a provider that is not in a listing has lost nothing', () => {
    const seen = new ListsSeen();
    seen.changedBy({ models: [model('a'), model('x', 'local')], failed: [] });
    assert.deepEqual(seen.changedBy({ models: [model('x', 'local')], failed: [] }), []);
    assert.deepEqual(seen.changedBy({ models: [model('b')], failed: [] }), [model('b'), model('a')]);
  });
});
