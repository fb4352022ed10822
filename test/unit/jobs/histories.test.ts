import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CancelSource } from '../../../src/core/context.ts';
import { Fault } from '../../../src/core/fault.ts';
import { Histories } from '../../../src/jobs/histories.ts';
import type { HistoryLimits } from '../../../src/jobs/histories.ts';
import { FakeClock } from '../../support/clock.ts';

function open(limits: Partial<HistoryLimits> = {}): { readonly all: Histories<string>; readonly clock: FakeClock } {
  const clock = new FakeClock(0, 1_767_225_600_000);
  return { all: new Histories<string>(clock, limits), clock };
}

const nobody = { cancel: new CancelSource(), deadline: 600_000 };

async function say(all: Histories<string>, owner: string, id: string, text: string): Promise<void> {
  const turn = await all.enter(owner, id, nobody);
  turn.keep([...turn.messages, text]);
  turn.end();
}

const ids = (all: Histories<string>, owner = ''): readonly string[] => all.of(owner).map(({ id }) => id);

test('what is kept is there for the next call, and listed', async () => {
  const { all } = open();
  await say(all, '', 'a', 'one');
  await say(all, '', 'a', 'two');
  assert.deepEqual(all.get('', 'a'), ['one', 'two']);
  assert.deepEqual(all.of(''), [{ id: 'a', length: 2, chars: 13, updatedAt: 1_767_225_600_000 }]);
});

test('nobody else finds it, reads it or drops it', async () => {
  const { all } = open();
  await say(all, 'ci', 'a', 'secret');
  assert.equal(all.get('other', 'a'), undefined);
  assert.deepEqual(all.of('other'), []);
  assert.equal(all.drop('other', 'a'), false);
  const turn = await all.enter('other', 'a', nobody);
  assert.deepEqual(turn.messages, []);
  turn.end();
  assert.deepEqual(all.get('ci', 'a'), ['secret']);
});

test('an owner that is gone takes its own along, and nothing of others', async () => {
  const { all, clock } = open();
  for (const [owner, id] of [
    ['a', 'x'],
    ['a', 'y'],
    ['b', 'x'],
  ] as const)
    await say(all, owner, id, 'one');
  const turn = await all.enter('a', 'x', nobody);
  all.dropAll('a');
  turn.keep(['kept by a call that was under way']);
  turn.end();
  assert.deepEqual([ids(all, 'a'), ids(all, 'b')], [[], ['x']]);
  assert.equal(clock.pending, 0);
});

test('names cannot be made to stand for those of another owner', async () => {
  const { all } = open();
  await say(all, 'a","b', 'c', 'one');
  assert.equal(all.get('a', 'b","c'), undefined);
});

describe('turns', () => {
  test('the second call waits for the first, and sees what it kept', async () => {
    const { all } = open();
    const order: string[] = [];
    const first = await all.enter('', 'a', nobody);
    const second = (async (): Promise<void> => {
      const turn = await all.enter('', 'a', nobody);
      order.push(`second sees ${turn.messages.join()}`);
      turn.end();
    })();
    await Promise.resolve();
    order.push('first ends');
    first.keep(['one']);
    first.end();
    await second;
    assert.deepEqual(order, ['first ends', 'second sees one']);
  });

  test('a call that keeps nothing leaves what was there', async () => {
    const { all } = open();
    await say(all, '', 'a', 'one');
    const turn = await all.enter('', 'a', nobody);
    turn.end();
    turn.keep(['late']);
    assert.deepEqual(all.get('', 'a'), ['one']);
    assert.deepEqual(ids(all), ['a']);
  });

  test('one that is called off while it waits stops nobody', async () => {
    const { all } = open();
    const first = await all.enter('', 'a', nobody);
    const off = new CancelSource();
    const second = all.enter('', 'a', { ...nobody, cancel: off });
    let isThird = false;
    const third = (async (): Promise<void> => {
      const turn = await all.enter('', 'a', nobody);
      isThird = true;
      turn.end();
    })();
    off.cancel(new Fault('cancelled', 'Off.'));
    await assert.rejects(second, { kind: 'cancelled' });
    assert.equal(isThird, false, 'the third still waits for the first');
    first.end();
    await third;
    assert.deepEqual(ids(all), [], 'nothing was said');
  });

  test('conversations do not wait for each other', async () => {
    const { all } = open();
    const first = await all.enter('', 'a', nobody);
    (await all.enter('', 'b', nobody)).end();
    (await all.enter('other', 'a', nobody)).end();
    first.end();
  });

  test('one whose time is over while it waits says so, and leaves no timer', async () => {
    const { all, clock } = open();
    const first = await all.enter('', 'a', nobody);
    const second = all.enter('', 'a', { ...nobody, deadline: 500 });
    clock.advance(500);
    await assert.rejects(second, { kind: 'TIMEOUT' });
    first.end();
    assert.equal(clock.pending, 0);
  });

  test('no more than so many wait', async () => {
    const { all } = open({ waiting: 1 });
    const first = await all.enter('', 'a', nobody);
    const second = all.enter('', 'a', nobody);
    await assert.rejects(all.enter('', 'a', nobody), { kind: 'OVERLOADED' });
    first.end();
    (await second).end();
  });
});

describe('drop', () => {
  test('what was said is gone, and what is under way is not kept', async () => {
    const { all } = open();
    await say(all, '', 'a', 'one');
    const turn = await all.enter('', 'a', nobody);
    assert.equal(all.drop('', 'a'), true);
    turn.keep(['one', 'two']);
    turn.end();
    assert.equal(all.get('', 'a'), undefined);
    assert.equal(all.drop('', 'a'), false);
    await say(all, '', 'a', 'new');
    assert.deepEqual(all.get('', 'a'), ['new']);
  });
});

describe('bounds', () => {
  test('an owner that has too many loses its oldest, and nobody else one', async () => {
    const { all } = open({ perOwner: 2 });
    await say(all, 'other', 'x', '1');
    for (const id of ['a', 'b', 'c']) await say(all, '', id, '1');
    assert.deepEqual([ids(all), ids(all, 'other')], [['c', 'b'], ['x']]);
  });

  test('characters are bounded, at the cost of whoever adds them', async () => {
    const { all } = open({ totalChars: 30 });
    await say(all, 'other', 'x', '1234567');
    await say(all, '', 'a', '1234567');
    await say(all, '', 'b', '1234567');
    assert.deepEqual([ids(all), ids(all, 'other')], [['b'], ['x']]);
  });

  test('one in use is not taken away', async () => {
    const { all } = open({ perOwner: 1 });
    await say(all, '', 'a', '1');
    const turn = await all.enter('', 'a', nobody);
    await say(all, '', 'b', '1');
    assert.deepEqual(turn.messages, ['1']);
    turn.keep(['1', '2']);
    turn.end();
    assert.deepEqual(all.get('', 'a'), ['1', '2']);
  });

  test('one that was not used for long enough is forgotten', async () => {
    const { all, clock } = open({ ttlMs: 1000 });
    await say(all, '', 'a', '1');
    clock.advance(600);
    await say(all, '', 'b', '1');
    clock.advance(600);
    assert.deepEqual([ids(all), all.get('', 'a')], [['b'], undefined]);
  });

  test('what may be taken into one is bounded', () => {
    const { all } = open({ mostChars: 10 });
    assert.deepEqual([all.isFull(['123456']), all.isFull(['1234567'])], [false, true]);
  });
});
