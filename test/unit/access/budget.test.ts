// Tests of access/budget.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Budget } from '../../../src/access/budget.ts';
import type { DailyBudget, Held, Spending } from '../../../src/access/budget.ts';
import { Fault } from '../../../src/core/fault.ts';
import { MemoryStore } from '../../../src/resilience/memory-store.ts';
import { FakeClock } from '../../support/clock.ts';

const EVENING = Date.UTC(2026, 7, 1, 23);

function fresh(limits: DailyBudget): { clock: FakeClock; budget: Budget } {
  const clock = new FakeClock(0, EVENING);
  const store = new MemoryStore(clock, { maxEntries: 100, maxBytes: 100_000 });
  return { clock, budget: new Budget({ store, clock, budgetOf: () => limits }) };
}

function reserve(budget: Budget, spending: Spending, client = 'ci'): Held {
  const held = budget.reserve(client, spending);
  assert.ok(!(held instanceof Promise));
  return held;
}

function refused(budget: Budget, spending: Spending): Fault {
  try {
    reserve(budget, spending);
  } catch (thrown) {
    assert.ok(thrown instanceof Fault);
    return thrown;
  }
  throw new Error('it was not refused');
}

test('what is spent is refused with what is left and when it begins anew', () => {
  const { budget } = fresh({ budgetUsdPerDay: 5 });
  reserve(budget, { usd: 4.5, tokens: 10 });
  const fault = refused(budget, { usd: 0.75, tokens: 10 });
  assert.equal(fault.kind, 'BUDGET');
  assert.equal(
    fault.message,
    'The budget of $5.00 a day has $0.50 left, and this call may take $0.75. It begins anew at 2026-08-02T00:00Z.',
  );
  assert.equal(fault.retryAfterMs, 3_600_000);
  reserve(budget, { usd: 5, tokens: 10 }, 'other');
});

test('what rounding has left of a budget is nothing', () => {
  const { budget } = fresh({ budgetUsdPerDay: 1 });
  for (let i = 0; i < 10; i++) reserve(budget, { usd: 0.1, tokens: 1 });
  assert.match(refused(budget, { usd: 0.1, tokens: 1 }).message, /^The budget of \$1\.00 a day is used up\. /);
});

test('money and tokens are two budgets, and who is refused one of them keeps the other', () => {
  const { budget } = fresh({ budgetUsdPerDay: 5, budgetTokensPerDay: 1000 });
  assert.match(refused(budget, { usd: 5, tokens: 1001 }).message, /1000 tokens a day has 1000 tokens left/);
  reserve(budget, { usd: 5, tokens: 1000 });
});

test('what a call took in the end is what it costs', () => {
  const { budget } = fresh({ budgetUsdPerDay: 5, budgetTokensPerDay: 1000 });
  void reserve(budget, { usd: 5, tokens: 1000 }).settle({ usd: 1, tokens: 100 });
  void reserve(budget, { usd: 4, tokens: 900 }).settle({ tokens: 0 });
  reserve(budget, { usd: 4, tokens: 900 });
  assert.match(refused(budget, { usd: 1, tokens: 0 }).message, /is used up/);
});

test('a model without a price is not refused for money', () => {
  const { budget } = fresh({ budgetUsdPerDay: 1 });
  void reserve(budget, { usd: 1, tokens: 5 }).settle({ usd: 3, tokens: 5 });
  reserve(budget, { tokens: 1_000_000 });
});

test('the next day is a new one', () => {
  const { clock, budget } = fresh({ budgetTokensPerDay: 100 });
  reserve(budget, { tokens: 100 });
  clock.advance(3_599_999);
  refused(budget, { tokens: 1 });
  clock.advance(1);
  reserve(budget, { tokens: 100 });
});

test('without a budget nothing is kept', () => {
  const { budget } = fresh({});
  for (let i = 0; i < 1000; i++) reserve(budget, { usd: 1000, tokens: 1e9 });
});

test('what is left of a day is what is not set aside, and never below nothing', async () => {
  const clock = new FakeClock(0, 0);
  const store = new MemoryStore(clock, { maxEntries: 100, maxBytes: 10_000 });
  const limits = { budgetUsdPerDay: 1, budgetTokensPerDay: 100 };
  const budget = new Budget({ store, clock, budgetOf: () => limits });
  const held = await budget.reserve('ci', { usd: 0.25, tokens: 40 });
  const resetMs = 86_400_000;
  assert.deepEqual(await budget.left('ci'), {
    usd: { limit: 1, left: 0.75, resetMs },
    tokens: { limit: 100, left: 60, resetMs },
  });
  await held.settle({ usd: 2, tokens: 500 });
  clock.advance(3_600_000);
  assert.deepEqual(await budget.left('ci'), {
    usd: { limit: 1, left: 0, resetMs: resetMs - 3_600_000 },
    tokens: { limit: 100, left: 0, resetMs: resetMs - 3_600_000 },
  });
  assert.deepEqual(await new Budget({ store, clock, budgetOf: () => ({}) }).left('ci'), {});
});
