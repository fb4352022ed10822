// Tests of routing/cache/flight.ts, through the layer that flies them: equal questions under way share one answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { Hear } from '../../../../src/providers/chat.ts';
import { settled, stage, text } from './stage.ts';
import type { Stage, Upstream } from './stage.ts';

const OFF = new Fault('cancelled', 'Not wanted any more.');

async function only(scene: Stage): Promise<Upstream> {
  await settled();
  const [upstream, ...others] = scene.upstreams;
  assert.ok(upstream !== undefined && others.length === 0, `${scene.upstreams.length} upstream calls`);
  return upstream;
}

/** A listener that has no room until it is let go. */
function slow(): { hear: Hear; letGo(): void; batches: number } {
  let waiting: (() => void)[] = [];
  const listener = {
    batches: 0,
    hear: (): Promise<void> => {
      listener.batches++;
      return new Promise((resolve) => waiting.push(resolve));
    },
    letGo() {
      const those = waiting;
      waiting = [];
      for (const one of those) one();
    },
  };
  return listener;
}

test('who comes later hears what was said and then what comes, and is told whose attempts these were', async () => {
  const scene = stage();
  const first = scene.ask();
  const upstream = await only(scene);
  upstream.ctx.phase('streaming', 1);
  void upstream.say(text('a'));
  void upstream.say(text('b'));
  const second = scene.ask();
  assert.equal(second.text, 'ab');
  void upstream.say(text('c'));
  upstream.finish();
  assert.deepEqual([await first.outcome, await second.outcome], ['ok', 'ok']);
  assert.deepEqual([first.text, second.text], ['abc', 'abc']);
  assert.deepEqual([first.ctx.served.shared, second.ctx.served.shared], [undefined, true]);
  assert.deepEqual(second.ctx.served.attempts, [{ provider: 'corp', model: 'gpt', status: 200, ms: 0 }]);
  assert.deepEqual(second.ctx.phases, ['streaming 1']);
  await only(scene);
});

test('questions of different clients are never shared', async () => {
  const scene = stage();
  void scene.ask({}, { client: 'a' });
  void scene.ask({}, { client: 'b' });
  await settled();
  assert.equal(scene.upstreams.length, 2);
});

test('a restart is heard by who has heard something, and not by who comes after it', async () => {
  const scene = stage();
  const first = scene.ask();
  const upstream = await only(scene);
  void upstream.say(text('half'));
  void upstream.say({ type: 'restart', attempt: 2, reason: OFF }, text('w'));
  const second = scene.ask();
  void upstream.say(text('hole'));
  upstream.finish();
  await Promise.all([first.outcome, second.outcome]);
  assert.deepEqual([first.text, second.text], ['whole', 'whole']);
  assert.equal(first.heard.filter(({ type }) => type === 'restart').length, 1);
  assert.equal(second.heard.filter(({ type }) => type === 'restart').length, 0);
});

test('one that is called off leaves the others theirs, the first one too', async () => {
  const scene = stage();
  const first = scene.ask();
  const upstream = await only(scene);
  void upstream.say(text('a'));
  const second = scene.ask();
  first.ctx.cancel.cancel(OFF);
  assert.equal(await first.outcome, 'cancelled');
  assert.equal(upstream.ctx.cancel.reason, undefined);
  void upstream.say(text('b'));
  upstream.finish();
  assert.equal(await second.outcome, 'ok');
  assert.equal(second.text, 'ab');
  assert.equal(first.text, 'a');
});

test('the last one takes the upstream call with it, and who asks then asks anew', async () => {
  const scene = stage();
  const first = scene.ask();
  const upstream = await only(scene);
  const second = scene.ask();
  first.ctx.cancel.cancel(OFF);
  second.ctx.cancel.cancel(OFF);
  assert.equal(upstream.ctx.cancel.reason, OFF);
  void scene.ask();
  assert.deepEqual([await first.outcome, await second.outcome], ['cancelled', 'cancelled']);
  await settled();
  assert.equal(scene.upstreams.length, 2);
});

test("a fault is everybody's, after what was said before it, and is not kept", async () => {
  const scene = stage();
  const first = scene.ask();
  const upstream = await only(scene);
  void upstream.say(text('a'));
  const second = scene.ask();
  upstream.fail(new Fault('UPSTREAM', 'Broken.'));
  assert.deepEqual([await first.outcome, await second.outcome], ['UPSTREAM', 'UPSTREAM']);
  assert.equal(second.text, 'a');
  assert.equal(second.ctx.served.attempts[0]?.error, 'UPSTREAM');
  void scene.ask();
  await settled();
  assert.equal(scene.upstreams.length, 2);
});

test('one alone slows the upstream; of two the one with room sets the pace', async () => {
  const scene = stage();
  const listener = slow();
  const first = scene.ask({}, { hear: listener.hear });
  const upstream = await only(scene);
  const waiting = upstream.say(text('a'));
  assert.ok(waiting instanceof Promise);
  listener.letGo();
  await waiting;
  const second = scene.ask();
  for (const one of ['b', 'c', 'd']) assert.equal(upstream.say(text(one)), undefined);
  assert.equal(second.text, 'abcd');
  assert.equal(first.text, 'ab');
  upstream.finish();
  assert.equal(await second.outcome, 'ok');
  listener.letGo();
  await settled();
  listener.letGo();
  assert.equal(await first.outcome, 'ok');
  assert.equal(first.text, 'abcd');
  assert.equal(listener.batches, 3);
});

test('who is called off while slow ends at once', async () => {
  const scene = stage();
  const first = scene.ask({}, { hear: slow().hear });
  const upstream = await only(scene);
  void upstream.say(text('a'));
  upstream.fail(new Fault('UPSTREAM', 'Broken.'));
  await settled();
  first.ctx.cancel.cancel(OFF);
  assert.equal(await first.outcome, 'cancelled');
});

test('who is too far behind goes on alone with a call of their own', async () => {
  const scene = stage({ maxChars: 1000 });
  const listener = slow();
  const behind = scene.ask({}, { hear: listener.hear });
  const upstream = await only(scene);
  void upstream.say(text('a'));
  const ahead = scene.ask();
  for (let i = 0; i < 20; i++) void upstream.say(text('x'.repeat(100)));
  upstream.finish();
  assert.equal(await ahead.outcome, 'ok');
  assert.equal(ahead.text.length, 2001);
  for (let i = 0; i < 4; i++) {
    listener.letGo();
    await settled();
  }
  assert.equal(scene.upstreams.length, 2);
  void scene.upstreams[1]?.say(text('own'));
  scene.upstreams[1]?.finish();
  for (let i = 0; i < 4; i++) {
    listener.letGo();
    await settled();
  }
  assert.equal(await behind.outcome, 'ok');
  assert.equal(behind.text, 'own');
});

test('a listener that throws ends alone with what it threw, and the others go on', async () => {
  const scene = stage();
  const hear = (): never => {
    throw new Fault('UPSTREAM', 'Cannot be shown.');
  };
  const first = scene.ask({}, { hear });
  const upstream = await only(scene);
  const second = scene.ask();
  void upstream.say(text('a'));
  assert.equal(await first.outcome, 'UPSTREAM');
  upstream.finish();
  assert.equal(await second.outcome, 'ok');
});

test("when the first one's time is over, who has time left asks anew", async () => {
  const scene = stage();
  const first = scene.ask({}, { limitMs: 1000 });
  const upstream = await only(scene);
  void upstream.say(text('half'));
  const second = scene.ask({}, { limitMs: 5000 });
  scene.clock.advance(1000);
  upstream.fail(new Fault('TIMEOUT', 'Too long.'));
  assert.equal(await first.outcome, 'TIMEOUT');
  await settled();
  void scene.upstreams[1]?.say(text('whole'));
  scene.upstreams[1]?.finish();
  assert.equal(await second.outcome, 'ok');
  assert.equal(second.text, 'whole');
});

test('the answer may begin anew while one who listens can drop what it heard', async () => {
  const scene = stage();
  const first = scene.ask({}, { commit: { isMade: true } });
  const upstream = await only(scene);
  assert.equal(upstream.ctx.commit?.isMade, true);
  const second = scene.ask({}, { commit: { isMade: false } });
  assert.equal(upstream.ctx.commit?.isMade, false);
  upstream.finish();
  await Promise.all([first.outcome, second.outcome]);
});
