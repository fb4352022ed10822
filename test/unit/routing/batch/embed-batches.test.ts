// Tests of routing/batch/embed-batches.ts: what is asked together, and what each caller has of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { Embeddings, EmbedModel, EmbedRequest, ModelContext, Usage } from '../../../../src/providers/chat.ts';
import { batched } from '../../../../src/routing/batch/embed-batches.ts';
import type { BatchOptions } from '../../../../src/routing/batch/embed-batches.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testContext } from '../../../support/model-context.ts';
import type { TestContext } from '../../../support/model-context.ts';
import { scripted } from '../../../support/models.ts';

interface Scene {
  readonly clock: FakeClock;
  /** The texts of each upstream request. */
  readonly sent: string[][];
  readonly embed: (
    input: readonly string[],
    more?: Partial<EmbedRequest>,
  ) => { readonly ctx: TestContext; readonly done: Promise<Embeddings> };
}

const USAGE: Usage = { inputTokens: 10 };

/** Vectors that tell which text they are of. */
const told: EmbedModel = async ({ input }, ctx) => {
  ctx.served.provider = 'corp';
  ctx.served.model = 'e';
  ctx.served.asked = 'asked-e';
  ctx.served.attempts.push({ provider: 'corp', model: 'e', status: 200, ms: 1 });
  return { model: 'e', vectors: input.map((text) => [text.length, text.charCodeAt(0)]), usage: USAGE };
};

function scene(answer: EmbedModel = told, options: Partial<BatchOptions> = {}): Scene {
  const clock = new FakeClock();
  const sent: string[][] = [];
  const embed: EmbedModel = (request, ctx) => (sent.push([...request.input]), answer(request, ctx));
  const models = batched({ clock, ...options })({ ...scripted({}).models, embed });
  return {
    clock,
    sent,
    embed(input, more = {}) {
      const ctx = testContext(clock);
      return { ctx, done: models.embed({ model: 'e', input, ...more }, ctx) };
    },
  };
}

/** Refuses every request that has one of these texts. */
function refusing(bad: string, kind: 'INVALID_INPUT' | 'UPSTREAM' = 'INVALID_INPUT'): EmbedModel {
  return (request: EmbedRequest, ctx: ModelContext) =>
    request.input.includes(bad) ? Promise.reject(new Fault(kind, `Not ${bad}.`)) : told(request, ctx);
}

test('calls within three milliseconds are one request, split again in order', async () => {
  const { clock, sent, embed } = scene();
  const first = embed(['aaaa', 'bb']);
  clock.advance(2);
  const second = embed(['cc']);
  assert.deepEqual(sent, []);
  clock.advance(1);
  assert.deepEqual(await first.done, {
    model: 'e',
    vectors: [
      [4, 97],
      [2, 98],
    ],
    usage: { inputTokens: 8 },
  });
  assert.deepEqual(await second.done, { model: 'e', vectors: [[2, 99]], usage: { inputTokens: 2 } });
  assert.deepEqual(sent, [['aaaa', 'bb', 'cc']]);
  assert.equal(second.ctx.served.asked, 'asked-e', 'what it costs is told by that name');
  assert.deepEqual(second.ctx.served.attempts, [{ provider: 'corp', model: 'e', status: 200, ms: 1 }]);
  assert.equal(clock.pending, 0);
});

test('one alone is sent as it is when its time is over', async () => {
  const { clock, sent, embed } = scene();
  const only = embed(['a']);
  clock.advance(3);
  assert.equal((await only.done).usage, USAGE);
  assert.deepEqual(sent, [['a']]);
});

test('other models, other lengths and other clients are other requests', async () => {
  const { clock, sent, embed } = scene();
  const all = [
    embed(['a']),
    embed(['b'], { model: 'f' }),
    embed(['c'], { dimensions: 8 }),
    embed(['d'], { dimensions: 8 }),
  ];
  clock.advance(3);
  await Promise.all(all.map(({ done }) => done));
  assert.deepEqual(sent, [['a'], ['b'], ['c', 'd']]);
});

test('without a window nothing waits', async () => {
  const { clock, sent, embed } = scene(told, { windowMs: 0 });
  await Promise.all([embed(['a']).done, embed(['b']).done]);
  assert.deepEqual(sent, [['a'], ['b']]);
  assert.equal(clock.pending, 0);
});

test('a request holds so many texts and characters, and one call that has more is sent at once as it is', async () => {
  const { clock, sent, embed } = scene(told, { maxItems: 3, maxChars: 10 });
  const all = [embed(['a', 'b']), embed(['c', 'd']), embed(['123456789']), embed(['1', '2', '3', '4'])];
  clock.advance(3);
  await Promise.all(all.map(({ done }) => done));
  assert.deepEqual(sent, [['a', 'b'], ['c', 'd'], ['1', '2', '3', '4'], ['123456789']]);
});

test('a bad text fails its own call and no other', async () => {
  const { clock, sent, embed } = scene(refusing('bad'));
  const all = [embed(['a']), embed(['bad']), embed(['c'])];
  clock.advance(3);
  const results = await Promise.allSettled(all.map(({ done }) => done));
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(sent, [['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
});

test("any other fault is everybody's, and is not asked again", async () => {
  const { clock, sent, embed } = scene(refusing('a', 'UPSTREAM'));
  const all = [embed(['a']), embed(['b'])];
  clock.advance(3);
  for (const { done } of all) await assert.rejects(done, { kind: 'UPSTREAM' });
  assert.equal(sent.length, 1);
});

test("too few vectors are nobody's: each is asked by itself", async () => {
  const { clock, sent, embed } = scene(async (request, ctx) => {
    const embeddings = await told(request, ctx);
    return { ...embeddings, vectors: embeddings.vectors.slice(0, 1) };
  });
  const all = [embed(['aa']), embed(['b'])];
  clock.advance(3);
  assert.deepEqual(
    (await Promise.all(all.map(({ done }) => done))).map(({ vectors }) => vectors),
    [[[2, 97]], [[1, 98]]],
  );
  assert.equal(sent.length, 3);
});

test('a model that takes singly what it refused together is sent less at once from then on', async () => {
  const { clock, sent, embed } = scene((request, ctx) =>
    request.input.length > 2 ? Promise.reject(new Fault('INVALID_INPUT', 'Too many.')) : told(request, ctx),
  );
  const four = async (): Promise<void> => {
    const all = ['a', 'b', 'c', 'd'].map((text) => embed([text]));
    clock.advance(3);
    await Promise.all(all.map(({ done }) => done));
  };
  await four();
  assert.equal(sent.length, 5);
  await four();
  assert.deepEqual(sent.slice(5), [
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('who is called off before it is sent is not sent, after it drops its part; the last one ends the request', async () => {
  const off = new Fault('cancelled', 'No.');
  const seen: ModelContext[] = [];
  const { clock, sent, embed } = scene((_request, ctx) => {
    seen.push(ctx);
    return new Promise((_resolve, reject) => ctx.cancel.onCancel(reject));
  });
  const [a, b, c] = [embed(['a']), embed(['b']), embed(['c'])];
  a.ctx.cancel.cancel(off);
  await assert.rejects(a.done, off);
  clock.advance(3);
  assert.deepEqual(sent, [['b', 'c']]);
  b.ctx.cancel.cancel(off);
  await assert.rejects(b.done, off);
  assert.equal(seen[0]?.cancel.reason, undefined);
  c.ctx.cancel.cancel(off);
  await assert.rejects(c.done, off);
  assert.equal(seen[0]?.cancel.reason, off);
});
