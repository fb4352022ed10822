// Tests of routing/limits/permits.ts: at once, in turn, in time, or refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancelSource } from '../../../../src/core/context.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { Permits } from '../../../../src/routing/limits/permits.ts';
import type { Permit, PermitAsk } from '../../../../src/routing/limits/permits.ts';
import type { ProviderLimits } from '../../../../src/routing/limits/refusal.ts';
import { FakeClock } from '../../../support/clock.ts';

function fresh(limits: ProviderLimits, maxWaiting = 10): { clock: FakeClock; permits: Permits } {
  const clock = new FakeClock();
  return { clock, permits: new Permits({ provider: 'corp', limits, clock, maxWaiting }) };
}

function ask(more: Partial<PermitAsk> = {}): PermitAsk {
  return { estimateTokens: 10, deadline: 600_000, cancel: new CancelSource(), client: 'a', ...more };
}

function now(permit: Permit | Promise<Permit>): Permit {
  assert.ok(!(permit instanceof Promise), 'it has to be waited for');
  return permit;
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Follows what becomes of a request. */
function follow(permit: Permit | Promise<Permit>, name: string, told: string[]): void {
  assert.ok(permit instanceof Promise, `${name} was granted at once`);
  permit.then(
    () => told.push(name),
    (thrown: unknown) => told.push(`${name} ${Fault.from(thrown).kind}`),
  );
}

test('without limits there is always room, and nothing to give back', () => {
  const { permits } = fresh({});
  for (let i = 0; i < 1000; i++) now(permits.acquire(ask()));
});

test('the second of one at once waits, is told so, and goes when the first is over', async () => {
  const { permits } = fresh({ concurrency: 1 });
  const first = now(permits.acquire(ask()));
  let queued = 0;
  const told: string[] = [];
  follow(permits.acquire(ask({ queued: () => queued++ })), 'second', told);
  await turn();
  assert.deepEqual([queued, told], [1, []]);
  first.release();
  first.release();
  await turn();
  assert.deepEqual(told, ['second']);
});

test('a rate lets one through as its part of the minute passes', async () => {
  const { clock, permits } = fresh({ requestsPerMinute: 2 });
  now(permits.acquire(ask())).release();
  now(permits.acquire(ask())).release();
  const told: string[] = [];
  follow(permits.acquire(ask()), 'third', told);
  follow(permits.acquire(ask()), 'fourth', told);
  clock.advance(29_999);
  await turn();
  assert.deepEqual(told, []);
  clock.advance(1);
  await turn();
  assert.deepEqual(told, ['third']);
  clock.advance(30_000);
  await turn();
  assert.deepEqual(told, ['third', 'fourth']);
  assert.equal(clock.pending, 0);
});

test('tokens are set aside by estimate and settled by what was used', async () => {
  const { permits } = fresh({ tokensPerMinute: 1000 });
  const first = now(permits.acquire(ask({ estimateTokens: 900 })));
  first.settle({ inputTokens: 100, outputTokens: 100 });
  first.settle({ inputTokens: 100, outputTokens: 100 });
  first.release();
  now(permits.acquire(ask({ estimateTokens: 800 })));
  assert.ok(permits.acquire(ask({ estimateTokens: 1, deadline: 100 })) instanceof Promise);
});

test('what was not answered gives its tokens back, once, and not its place in the rate of requests', () => {
  const { permits } = fresh({ tokensPerMinute: 100, requestsPerMinute: 3 });
  for (let i = 0; i < 3; i++) {
    const permit = now(permits.acquire(ask({ estimateTokens: 100 })));
    permit.unanswered();
    permit.unanswered();
    permit.settle({ outputTokens: 50 });
    permit.release();
  }
  const fourth = permits.acquire(ask());
  assert.ok(fourth instanceof Promise, 'three requests were made');
});

test('an estimate that was too small is a debt', async () => {
  const { clock, permits } = fresh({ tokensPerMinute: 1000 });
  now(permits.acquire(ask({ estimateTokens: 1000 }))).settle({ inputTokens: 1900, outputTokens: 100 });
  const told: string[] = [];
  follow(permits.acquire(ask({ estimateTokens: 100 })), 'next', told);
  clock.advance(65_000);
  await turn();
  assert.deepEqual(told, []);
  clock.advance(1001);
  await turn();
  assert.deepEqual(told, ['next']);
});

test('clients take turns', async () => {
  const { permits } = fresh({ concurrency: 1 });
  const first = now(permits.acquire(ask()));
  const order: string[] = [];
  for (const [i, client] of ['a', 'a', 'a', 'b'].entries()) {
    void Promise.resolve(permits.acquire(ask({ client }))).then((permit) => {
      order.push(`${client}${i}`);
      return permit.release();
    });
  }
  first.release();
  await turn();
  assert.deepEqual(order, ['a0', 'b3', 'a1', 'a2']);
});

test('a full queue refuses at once: OVERLOADED for places, RATE_LIMITED with the time for a rate', async () => {
  const places = fresh({ concurrency: 1 }, 0);
  now(places.permits.acquire(ask()));
  await assert.rejects(Promise.resolve(places.permits.acquire(ask())), (thrown: unknown) => {
    assert.ok(thrown instanceof Fault);
    assert.deepEqual([thrown.kind, thrown.retry, thrown.retryAfterMs], ['OVERLOADED', 'elsewhere', undefined]);
    assert.match(thrown.message, /corp, 1 requests at once, has no room, and 0 calls wait/);
    return true;
  });
  const rate = fresh({ requestsPerMinute: 1 }, 0);
  now(rate.permits.acquire(ask()));
  await assert.rejects(Promise.resolve(rate.permits.acquire(ask())), (thrown: unknown) => {
    assert.ok(thrown instanceof Fault);
    assert.deepEqual([thrown.kind, thrown.retry, thrown.retryAfterMs], ['RATE_LIMITED', 'elsewhere', 60_000]);
    return true;
  });
});

test('what no turn could serve in time is refused at once', async () => {
  const { permits } = fresh({ requestsPerMinute: 1 });
  now(permits.acquire(ask()));
  await assert.rejects(Promise.resolve(permits.acquire(ask({ deadline: 59_999 }))), { kind: 'RATE_LIMITED' });
});

test('who waits until its deadline is refused, who is called off hears why, and both make room', async () => {
  const { clock, permits } = fresh({ concurrency: 1 });
  const first = now(permits.acquire(ask()));
  const told: string[] = [];
  const cancel = new CancelSource();
  follow(permits.acquire(ask({ deadline: 1000 })), 'late', told);
  follow(permits.acquire(ask({ cancel })), 'off', told);
  follow(permits.acquire(ask()), 'last', told);
  clock.advance(1000);
  cancel.cancel(new Fault('cancelled', 'Not wanted any more.'));
  first.release();
  await turn();
  assert.deepEqual(told, ['late OVERLOADED', 'off cancelled', 'last']);
  assert.equal(clock.pending, 0);
});

test('a cancelled call gets no permit, even when there is room', async () => {
  const { permits } = fresh({ concurrency: 1 });
  const cancel = new CancelSource();
  cancel.cancel(new Fault('cancelled', 'No.'));
  await assert.rejects(Promise.resolve(permits.acquire(ask({ cancel }))), { kind: 'cancelled' });
  now(permits.acquire(ask()));
});

test('a large one in turn is not overtaken by small ones for ever', async () => {
  const { clock, permits } = fresh({ tokensPerMinute: 600 });
  now(permits.acquire(ask({ estimateTokens: 600 })));
  const told: string[] = [];
  follow(permits.acquire(ask({ estimateTokens: 500 })), 'large', told);
  follow(permits.acquire(ask({ estimateTokens: 1, client: 'b' })), 'small', told);
  clock.advance(40_000);
  await turn();
  assert.deepEqual(told, []);
  clock.advance(10_200);
  await turn();
  assert.deepEqual(told, ['large', 'small']);
});
