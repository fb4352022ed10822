// Tests of routing/cache/cached.ts: what is given again, and what is asked anew.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../../src/core/store.ts';
import { MemoryStore } from '../../../../src/resilience/memory-store.ts';
import { FakeClock } from '../../../support/clock.ts';
import { settled, stage, text } from './stage.ts';
import type { Asked, Stage } from './stage.ts';

async function answered(scene: Stage, call: Asked, reason = 'stop'): Promise<void> {
  await settled();
  const upstream = scene.upstreams.at(-1);
  assert.ok(upstream !== undefined, 'nothing was asked upstream');
  void upstream.say({ type: 'start', id: 'x' }, text('one '));
  void upstream.say(text('two'), { type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } });
  upstream.finish(reason);
  assert.equal(await call.outcome, 'ok');
}

test('an equal question is answered again, with no attempt, and says so', async () => {
  const scene = stage();
  const first = scene.ask();
  await answered(scene, first);
  assert.equal(first.ctx.served.cached, undefined);
  assert.equal(first.ctx.served.attempts.length, 1);
  const again = scene.ask();
  assert.equal(await again.outcome, 'ok');
  assert.equal(scene.upstreams.length, 1);
  assert.deepEqual(again.heard, [
    { type: 'start', id: 'x' },
    text('one two'),
    { type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } },
    { type: 'finish', reason: 'stop' },
  ]);
  assert.deepEqual(again.ctx.served, { provider: 'corp', model: 'gpt', attempts: [], changed: [], cached: true });
});

test('who did not ask the upstream has not paid: the cost is told once, the tokens each time', async () => {
  const scene = stage();
  const calls = [scene.ask(), scene.ask()];
  await settled();
  void scene.upstreams[0]?.say(text('dear'), { type: 'usage', usage: { inputTokens: 3, costUsd: 0.25 } });
  scene.upstreams[0]?.finish();
  for (const call of calls) assert.equal(await call.outcome, 'ok');
  calls.push(scene.ask());
  assert.equal(await calls[2]?.outcome, 'ok');
  assert.equal(scene.upstreams.length, 1);
  assert.deepEqual(
    calls.map(({ heard }) => heard.filter(({ type }) => type === 'usage')),
    [
      [{ type: 'usage', usage: { inputTokens: 3, costUsd: 0.25 } }],
      [{ type: 'usage', usage: { inputTokens: 3, costUsd: 0 } }],
      [{ type: 'usage', usage: { inputTokens: 3, costUsd: 0 } }],
    ],
  );
});

test('after its time it is asked anew', async () => {
  const scene = stage();
  await answered(scene, scene.ask());
  scene.clock.advance(300_000);
  await answered(scene, scene.ask());
  assert.equal(scene.upstreams.length, 2);
});

test('refresh asks anew and takes the place of what was kept', async () => {
  const scene = stage();
  await answered(scene, scene.ask());
  const fresh = scene.ask({ cache: 'refresh' });
  await settled();
  void scene.upstreams[1]?.say(text('new'));
  scene.upstreams[1]?.finish();
  assert.equal(await fresh.outcome, 'ok');
  const again = scene.ask();
  await again.outcome;
  assert.equal(again.text, 'new');
  assert.equal(scene.upstreams.length, 2);
});

test('an answer that is not whole is given but not given again', async () => {
  for (const reason of ['length', 'content_filter', 'pause']) {
    const scene = stage();
    await answered(scene, scene.ask(), reason);
    await answered(scene, scene.ask());
    assert.equal(scene.upstreams.length, 2, reason);
  }
});

test('what may differ each time, was refused the cache, or leads nowhere known is passed through', async () => {
  const scene = stage();
  for (const more of [{ temperature: 1 }, { cache: false }, { model: 'unknown' }] as const) {
    const before = scene.upstreams.length;
    await answered(scene, scene.ask(more));
    await answered(scene, scene.ask(more));
    assert.equal(scene.upstreams.length, before + 2, JSON.stringify(more));
  }
});

test('each client has its own, unless they share one', async () => {
  for (const [shared, upstreams] of [
    [false, 2],
    [true, 1],
  ] as const) {
    const scene = stage({ shared });
    await answered(scene, scene.ask({}, { client: 'a' }));
    const other = scene.ask({}, { client: 'b' });
    if (!shared) await answered(scene, other);
    assert.equal(await other.outcome, 'ok');
    assert.equal(scene.upstreams.length, upstreams);
  }
});

test('an answer that began anew is kept without what was dropped', async () => {
  const scene = stage();
  const first = scene.ask();
  await settled();
  const [upstream] = scene.upstreams;
  assert.ok(upstream !== undefined);
  void upstream.say(text('half'));
  const reason = { kind: 'INCOMPLETE' };
  void upstream.say({ type: 'restart', attempt: 2, reason: Object.assign(new Error('cut'), reason) as never });
  void upstream.say(text('whole'));
  upstream.finish();
  await first.outcome;
  assert.equal(first.text, 'whole');
  const again = scene.ask();
  await again.outcome;
  assert.deepEqual(again.heard, [text('whole'), { type: 'finish', reason: 'stop' }]);
});

test('an answer over the bound is given whole and not kept', async () => {
  const scene = stage({ maxChars: 1000 });
  const first = scene.ask();
  await settled();
  for (let i = 0; i < 50; i++) void scene.upstreams[0]?.say(text('x'.repeat(100)));
  scene.upstreams[0]?.finish();
  assert.equal(await first.outcome, 'ok');
  assert.equal(first.text.length, 5000);
  void scene.ask();
  await settled();
  assert.equal(scene.upstreams.length, 2);
});

test('a store that is elsewhere is waited for; one that fails, or holds rubbish, is as good as empty', async () => {
  const memory = new MemoryStore(new FakeClock(), { maxEntries: 10, maxBytes: 100_000 });
  const remote: Store = {
    get: async (key) => memory.get(key),
    put: async (key, value, ttlMs) => memory.put(key, value, ttlMs),
    incr: async () => 0,
    claim: async () => true,
  };
  const scene = stage({ store: remote });
  await answered(scene, scene.ask());
  const again = scene.ask();
  assert.equal(await again.outcome, 'ok');
  assert.equal(scene.upstreams.length, 1);
  const gone = (): never => {
    throw new Error('gone');
  };
  const stores: readonly Store[] = [
    { ...remote, get: () => Promise.reject(new Error('gone')), put: () => Promise.reject(new Error('gone')) },
    { ...remote, get: gone, put: gone },
    { ...remote, get: () => 'rubbish', put: () => {} },
  ];
  for (const store of stores) {
    const broken = stage({ store });
    await answered(broken, broken.ask());
    await answered(broken, broken.ask());
    assert.equal(broken.upstreams.length, 2);
  }
});

test('an image is given again while it is small enough to be kept', async () => {
  const painted = async (url: string): Promise<{ upstreams: number; again: Asked }> => {
    const scene = stage({ maxChars: 10_000 });
    const first = scene.ask();
    await settled();
    void scene.upstreams[0]?.say({ type: 'image', url });
    scene.upstreams[0]?.finish();
    assert.equal(await first.outcome, 'ok');
    assert.ok(first.heard.some(({ type }) => type === 'image'));
    const again = scene.ask();
    await settled();
    void scene.upstreams[1]?.say(text('anew'));
    scene.upstreams[1]?.finish();
    assert.equal(await again.outcome, 'ok');
    return { upstreams: scene.upstreams.length, again };
  };
  const small = `data:image/png;base64,${'A'.repeat(9000)}`;
  const kept = await painted(small);
  assert.equal(kept.upstreams, 1);
  assert.deepEqual(kept.again.heard, [
    { type: 'image', url: small },
    { type: 'finish', reason: 'stop' },
  ]);
  const large = await painted(`data:image/png;base64,${'A'.repeat(10_000)}`);
  assert.equal(large.upstreams, 2);
  assert.equal(large.again.text, 'anew');
});
