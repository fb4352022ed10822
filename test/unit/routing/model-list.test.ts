// Pages that end and pages that would not, and what is asked about single models (WIRE.md case 66).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelInfo } from '../../../src/providers/chat.ts';
import { ModelList, allPages } from '../../../src/routing/model-list.ts';
import { FakeClock } from '../../support/clock.ts';
import { testContext } from '../../support/model-context.ts';

const model = (id: string): ModelInfo => ({ id, provider: 'p' });

test('66: pages are merged in order', async () => {
  const asked: (string | undefined)[] = [];
  const models = await allPages(async (page) => {
    asked.push(page);
    return page === undefined ? { models: [model('a'), model('b')], next: 'b' } : { models: [model('c')] };
  });
  assert.deepEqual(
    models.map(({ id }) => id),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(asked, [undefined, 'b']);
});

test('66: a page that names itself, or one before it, is the last', async () => {
  let asked = 0;
  await allPages(async () => ((asked += 1), { models: [], next: 'b' }));
  assert.equal(asked, 2);
});

test('pages without an end are left after a hundred', async () => {
  let asked = 0;
  const models = await allPages(async () => ({ models: [model('m')], next: `page ${asked++}` }));
  assert.deepEqual([asked, models.length], [100, 100]);
});

test('models are described a few at a time, kept, and left as they are where that fails', async () => {
  const clock = new FakeClock();
  const list = new ModelList(clock, async () => ['a', 'b', 'c', 'd', 'e', 'f'].map(model));
  const models = await list.get(testContext(clock), false);
  let running = 0;
  let most = 0;
  let asked = 0;
  const describe = async (one: ModelInfo): Promise<ModelInfo> => {
    asked++;
    running++;
    most = Math.max(most, running);
    await Promise.resolve();
    running--;
    if (one.id === 'b') throw new Error('no');
    return { ...one, contextLength: 5 };
  };
  const described = await list.described(models, describe);
  assert.deepEqual(
    described.map(({ id, contextLength = 0 }) => `${id} ${contextLength}`),
    ['a 5', 'b 0', 'c 5', 'd 5', 'e 5', 'f 5'],
  );
  assert.equal(most, 4);
  await list.described(models, describe);
  assert.equal(asked, 7, 'only the one that failed is asked again');
  await list.get(testContext(clock), true);
  await list.described(models, describe);
  assert.equal(asked, 13, 'a fresh list is described afresh');
});
