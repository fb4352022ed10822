// Rates under random demand: over any window no more is let through than what was there and what came back, and the
// requests under way never exceed their number.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelSource } from '../../src/core/context.ts';
import { Fault } from '../../src/core/fault.ts';
import { TokenBucket } from '../../src/resilience/token-bucket.ts';
import { Permits } from '../../src/routing/limits/permits.ts';
import type { Permit } from '../../src/routing/limits/permits.ts';
import { FakeClock } from '../support/clock.ts';
import { forSeeds, forSeedsAsync, integer } from '../support/property.ts';
import type { Draw } from '../support/property.ts';

interface Taken {
  readonly at: number;
  readonly amount: number;
}

/** Every window from one taking to another holds a minute's worth and what its length brings, at most. */
function assertRate(taken: readonly Taken[], perMinute: number): void {
  for (const [i, from] of taken.entries()) {
    let sum = 0;
    for (const { at, amount } of taken.slice(i)) {
      sum += amount;
      const most = perMinute * (1 + (at - from.at) / 60_000);
      assert.ok(sum <= most + 1e-3, `${sum} in ${at - from.at} ms, not ${most}`);
    }
  }
}

test('a bucket that is asked before it is taken from never exceeds its rate over any window', () => {
  forSeeds(300, (draw) => {
    const perMinute = 1 + integer(draw, 500);
    const bucket = new TokenBucket(perMinute, 0);
    const taken: Taken[] = [];
    let now = 0;
    for (let i = 0; i < 80; i++) {
      const amount = 1 + draw() * Math.min(50, perMinute - 1);
      if (draw() < 0.5) now += integer(draw, 5000);
      const waitMs = bucket.waitMs(amount, now);
      if (waitMs > 0 && draw() < 0.5) continue;
      now += waitMs;
      assert.equal(bucket.waitMs(amount, now) <= 1e-3, true);
      bucket.take(amount, now);
      taken.push({ at: now, amount });
    }
    assertRate(taken, perMinute);
  });
});

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Timer by timer, so that what is granted is noted at its own instant. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  const until = clock.now() + ms;
  await turn();
  for (let at = clock.nextAt; at !== undefined && at <= until; at = clock.nextAt) {
    clock.advanceTo(at);
    await turn();
  }
  clock.advanceTo(until);
  await turn();
}

async function busyMinutes(draw: Draw): Promise<void> {
  const clock = new FakeClock();
  const limits = { requestsPerMinute: 5 + integer(draw, 40), tokensPerMinute: 500, concurrency: 1 + integer(draw, 5) };
  const permits = new Permits({ provider: 'p', limits, clock, maxWaiting: 20 });
  const requests: Taken[] = [];
  const tokens: Taken[] = [];
  const held: Permit[] = [];
  let ended = 0;
  let asked = 0;
  for (let step = 0; step < 100; step++) {
    await pass(clock, integer(draw, 2000));
    if (held.length > 0 && draw() < 0.5) held.splice(integer(draw, held.length), 1)[0]?.release();
    asked++;
    const cancel = new CancelSource();
    const estimateTokens = 1 + integer(draw, 60);
    const deadline = clock.now() + 1 + integer(draw, 30_000);
    void Promise.resolve(permits.acquire({ estimateTokens, deadline, cancel, client: `c${integer(draw, 3)}` })).then(
      (permit) => {
        ended++;
        held.push(permit);
        requests.push({ at: clock.now(), amount: 1 });
        tokens.push({ at: clock.now(), amount: estimateTokens });
        return assert.ok(held.length <= limits.concurrency, 'more under way than allowed');
      },
      () => ended++,
    );
    if (draw() < 0.1) cancel.cancel(new Fault('cancelled', 'No.'));
  }
  for (let i = 0; i < 200; i++) {
    await pass(clock, 1000);
    for (const permit of held.splice(0)) permit.release();
  }
  assert.equal(ended, asked);
  assert.equal(clock.pending, 0);
  assertRate(requests, limits.requestsPerMinute);
  assertRate(tokens, limits.tokensPerMinute);
}

test('permits hold every limit at once, and every request for one ends exactly once', async () => {
  await forSeedsAsync(40, busyMinutes);
});
