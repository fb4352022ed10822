// What a send says of its target, and what it does not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { FaultKind } from '../../../../src/core/fault.ts';
import { TargetHealth } from '../../../../src/routing/targets/target-health.ts';
import type { SendEnd } from '../../../../src/routing/targets/target-health.ts';

const settings = { failures: 2, openForMs: 1000 };

function run(health: TargetHealth, now: number, end: Partial<SendEnd> & { readonly kind?: FaultKind }): void {
  const { kind, ...how } = end;
  const failure = kind === undefined ? undefined : new Fault(kind, 'x');
  const begun = health.begin(now, settings);
  health.end(begun, { failure, status: 200, isPastDeadline: false, latencyMs: 10, ...how }, now, settings);
}

test('it opens after failures in a row, and a success between them starts the count again', () => {
  const health = new TargetHealth();
  run(health, 0, { kind: 'UPSTREAM' });
  run(health, 0, {});
  run(health, 0, { kind: 'NETWORK', status: 0 });
  assert.equal(health.mayBegin(0), true);
  run(health, 0, { kind: 'INCOMPLETE' });
  assert.equal(health.mayBegin(999), false);
  assert.equal(health.mayBegin(1000), true);
});

test('a refusal of the request comes from one that is well; a limit, a cancel and our own deadline say nothing', () => {
  for (const [kind, status, isPastDeadline, isOpen] of [
    ['INVALID_INPUT', 400, false, false],
    ['AUTH', 401, false, false],
    ['RATE_LIMITED', 429, false, true],
    ['cancelled', 200, false, true],
    ['internal', 200, false, true],
    ['EMPTY_ANSWER', 200, false, true],
    ['TIMEOUT', 0, true, true],
  ] as const) {
    const health = new TargetHealth();
    run(health, 0, { kind: 'UPSTREAM' });
    run(health, 0, { kind, status, isPastDeadline });
    run(health, 0, { kind: 'UPSTREAM' });
    assert.equal(!health.mayBegin(0), isOpen, kind);
  }
});

test('one probe at a time; its verdict is the target’s, and one that was left lets the next one try', () => {
  const health = new TargetHealth();
  run(health, 0, { kind: 'UPSTREAM' });
  run(health, 0, { kind: 'UPSTREAM' });
  const probe = health.begin(1000, settings);
  assert.equal(health.mayBegin(1000), false);
  const late = health.begin(1000, settings);
  const end = { status: 0, isPastDeadline: false, latencyMs: 1 };
  health.end(late, { ...end, failure: new Fault('UPSTREAM', 'x') }, 1000, settings);
  health.end(probe, { ...end, failure: new Fault('cancelled', 'x') }, 1000, settings);
  assert.equal(health.mayBegin(1000), true);
  run(health, 1000, {});
  run(health, 1000, { kind: 'UPSTREAM' });
  assert.equal(health.mayBegin(1000), true);
});

test('in flight is what has begun and not ended', () => {
  const health = new TargetHealth();
  const kinds = [health.begin(0, settings), health.begin(0, settings)];
  assert.equal(health.inFlight, 2);
  for (const kind of kinds) {
    health.end(kind, { failure: undefined, status: 200, isPastDeadline: false, latencyMs: 1 }, 0, settings);
  }
  assert.equal(health.inFlight, 0);
});

test('latency is of answers, forgets with time, and a quick failure makes nobody fast', () => {
  const health = new TargetHealth();
  assert.equal(health.latencyMs(0), undefined);
  run(health, 0, { latencyMs: 100 });
  run(health, 0, { kind: 'NETWORK', latencyMs: 1 });
  assert.equal(health.latencyMs(0), 100);
  run(health, 0, { kind: 'INVALID_INPUT', status: 400, latencyMs: 1 });
  assert.equal(health.latencyMs(0), 100);
  // Half of the weight is gone after 30 s: (100 / 2 + 400) / 1.5.
  run(health, 30_000, { latencyMs: 400 });
  assert.equal(health.latencyMs(30_000), 300);
  run(health, 30_000, { kind: 'TIMEOUT', latencyMs: 30_000 });
  assert.ok((health.latencyMs(30_000) ?? 0) > 300, 'a slow failure does count');
  assert.equal(health.latencyMs(150_001), undefined, 'nobody knows any more');
});
