// Tests of routing/limits/charged.ts: what is set aside, and what stands in its place.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { ModelContext, Usage } from '../../../../src/providers/chat.ts';
import { charged } from '../../../../src/routing/limits/charged.ts';
import type { Reserve } from '../../../../src/routing/limits/charged.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testContext } from '../../../support/model-context.ts';
import { answering, scripted } from '../../../support/models.ts';

const QUESTION = { model: 'm', messages: [{ role: 'user', content: 'abcd' }], maxTokens: 50 } as const;

function ledger(): { reserve: Reserve; told: string[] } {
  const told: string[] = [];
  const spell = ({ inputTokens, outputTokens }: Usage): string => `${inputTokens}+${outputTokens}`;
  const reserve: Reserve = (model, estimate) => {
    told.push(`${model} ${spell(estimate)}`);
    return { settle: (usage, { provider, model: by }) => void told.push(`${provider}/${by} ${spell(usage)}`) };
  };
  return { reserve, told };
}

test('a chat is settled by the usage its upstream counted, under who served it', async () => {
  const { reserve, told } = ledger();
  const models = charged(reserve)(scripted({ batches: [answering('hello')] }).models);
  await models.chat(QUESTION, testContext(new FakeClock()), () => {});
  assert.deepEqual(told, ['m 5+50', 'corp/gpt-4o-mini 3+5']);
});

test('an answer that was begun and not counted is counted by its length, one never begun by nothing', async () => {
  const { reserve, told } = ledger();
  const cut = new Fault('INCOMPLETE', 'Cut.');
  const text = [{ type: 'text', text: 'x'.repeat(40) }] as const;
  const ask = async (batches: readonly (typeof text | Error)[]): Promise<void> => {
    const models = charged(reserve)(scripted({ batches }).models);
    await assert.rejects(
      models.chat(QUESTION, testContext(new FakeClock()), () => {}),
      cut,
    );
  };
  await ask([text, cut]);
  await ask([cut]);
  assert.deepEqual(
    told.filter((line) => line.startsWith('corp')),
    ['corp/gpt-4o-mini 5+10', 'corp/gpt-4o-mini undefined+undefined'],
  );
});

test('what a usage does not count is counted by its length: no answer is free because its upstream cannot count', async () => {
  const { reserve, told } = ledger();
  const text = { type: 'text', text: 'x'.repeat(40) } as const;
  for (const usage of [{}, { outputTokens: 7 }, { inputTokens: 9 }]) {
    const models = charged(reserve)(scripted({ batches: [[text, { type: 'usage', usage }]] }).models);
    await models.chat(QUESTION, testContext(new FakeClock()), () => {});
  }
  const embeddings = { model: 'm', vectors: [[1]], usage: {} };
  const models = charged(reserve)(scripted({ embeddings }).models);
  await models.embed({ model: 'm', input: ['x'.repeat(12)] }, testContext(new FakeClock()));
  assert.deepEqual(
    told.filter((line) => line.startsWith('corp')),
    ['5+10', '5+7', '9+10', '3+0'].map((tokens) => `corp/gpt-4o-mini ${tokens}`),
  );
});

test('what is charged is the model that was asked, whatever name the upstream answers under', async () => {
  const { reserve, told } = ledger();
  const serve = ({ served }: ModelContext): void => {
    Object.assign(served, { provider: 'corp', asked: 'gpt-4o', model: 'gpt-4o-2024-08-06' });
  };
  const models = charged(reserve)(scripted({ batches: [answering('hello')], serve }).models);
  await models.chat(QUESTION, testContext(new FakeClock()), () => {});
  assert.deepEqual(told, ['m 5+50', 'corp/gpt-4o 3+5']);
});

test('what may not be set aside is not asked', async () => {
  const { models, asked } = scripted({ batches: [answering('hello')] });
  const spent = new Fault('BUDGET', 'Spent.');
  const refusing = charged(() => Promise.reject(spent))(models);
  await assert.rejects(
    refusing.chat(QUESTION, testContext(new FakeClock()), () => {}),
    spent,
  );
  await assert.rejects(refusing.embed({ model: 'm', input: ['a'] }, testContext(new FakeClock())), spent);
  assert.deepEqual([asked.chat.length, asked.embed.length], [0, 0]);
});

test('an answer stays one although its cost could not be written down', async () => {
  const embeddings = { model: 'm', vectors: [[1]], usage: { inputTokens: 2 } };
  const models = charged(() => ({ settle: () => Promise.reject(new Error('disk')) }))(scripted({ embeddings }).models);
  assert.equal(await models.embed({ model: 'm', input: ['a'] }, testContext(new FakeClock())), embeddings);
});

test('an image that is not counted is taken for a thousand tokens, whatever its size', async () => {
  const { reserve, told } = ledger();
  const url = `data:image/png;base64,${'A'.repeat(1_000_000)}`;
  const models = charged(reserve)(scripted({ batches: [[{ type: 'image', url }]] }).models);
  await models.chat(QUESTION, testContext(new FakeClock()), () => {});
  assert.deepEqual(told, ['m 5+50', 'corp/gpt-4o-mini 5+1000']);
});
