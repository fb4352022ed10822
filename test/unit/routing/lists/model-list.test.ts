// Pages that end and pages that would not, and what is asked about single models (WIRE.md case 66).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { ModelContext, ModelInfo } from '../../../../src/providers/chat.ts';
import { ModelList, allPages } from '../../../../src/routing/lists/model-list.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testContext } from '../../../support/model-context.ts';
import { faultOf, settle } from '../../../support/scripted-fetch.ts';

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

interface Asking {
  readonly list: ModelList;
  readonly asked: ModelContext[];
  /** Answers the oldest question that is open. */
  readonly answer: (outcome: string | Fault) => void;
}

function asking(clock: FakeClock): Asking {
  const asked: ModelContext[] = [];
  const waiting: ((outcome: string | Fault) => void)[] = [];
  const list = new ModelList(clock, (ctx) => {
    asked.push(ctx);
    return new Promise((resolve, reject) => {
      waiting.push((outcome) => (outcome instanceof Fault ? reject(outcome) : resolve([model(outcome)])));
    });
  });
  return { list, asked, answer: (outcome) => waiting.shift()?.(outcome) };
}

const idsOf = (models: readonly ModelInfo[]): string[] => models.map(({ id }) => id);

test('who asks at the same time waits for one request, and hears of its phases and attempts', async () => {
  const clock = new FakeClock();
  const { list, asked, answer } = asking(clock);
  const [one, two] = [testContext(clock), testContext(clock)];
  const both = Promise.all([list.get(one, false), list.get(two, true)]);
  asked[0]?.phase('waiting', 1);
  asked[0]?.served.attempts.push({ provider: 'p', model: '', status: 200, ms: 1 });
  answer('a');
  assert.deepEqual((await both).map(idsOf), [['a'], ['a']]);
  assert.equal(asked.length, 1);
  assert.deepEqual([one.phases, two.phases], [['waiting 1'], ['waiting 1']]);
  assert.deepEqual([one.served.attempts.length, two.served.attempts.length], [1, 1]);
  assert.equal(clock.pending, 0);
});

test('an old list is given while it is asked for again, once, and stays when that fails', async () => {
  const clock = new FakeClock();
  const { list, asked, answer } = asking(clock);
  const ctx = testContext(clock);
  const first = list.get(ctx, false);
  answer('a');
  await first;
  clock.advance(59_999);
  await list.get(ctx, false);
  assert.equal(asked.length, 1);
  clock.advance(1);
  assert.deepEqual(idsOf(await list.get(ctx, false)), ['a']);
  assert.deepEqual(idsOf(await list.get(ctx, false)), ['a']);
  assert.equal(asked.length, 2);
  answer(new Fault('NETWORK', 'down'));
  await settle();
  assert.deepEqual(idsOf(await list.get(ctx, false)), ['a']);
  assert.equal(asked.length, 2, 'a failure is not repeated at once');
  clock.advance(60_000);
  await list.get(ctx, false);
  answer('b');
  await settle();
  assert.deepEqual(idsOf(await list.get(ctx, false)), ['b']);
});

test('a call that is called off leaves the others their request; the last one takes it along', async () => {
  const clock = new FakeClock();
  const { list, asked } = asking(clock);
  const [one, two] = [testContext(clock), testContext(clock, 5000)];
  const first = list.get(one, false);
  const second = list.get(two, false);
  const reason = new Fault('cancelled', 'not wanted');
  one.cancel.cancel(reason);
  await assert.rejects(first, reason);
  assert.ok(asked.every(({ cancel }) => cancel.reason === undefined));
  assert.equal((await faultOf(clock, second)).kind, 'TIMEOUT');
  assert.equal(clock.now(), 5000);
  assert.equal(asked[0]?.cancel.reason?.kind, 'TIMEOUT');
});

test('a refresh that fails is told, and changes nothing', async () => {
  const clock = new FakeClock();
  const { list, answer } = asking(clock);
  const ctx = testContext(clock);
  const first = list.get(ctx, false);
  answer('a');
  await first;
  const again = list.get(ctx, true);
  answer(new Fault('AUTH', 'no'));
  await assert.rejects(again, /no/);
  assert.deepEqual(list.knownIds, ['a']);
});
