import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traitsOf } from '../../../../src/protocol/clients.ts';
import { isReachable, patienceOf } from '../../../../src/server/call/patience.ts';
import type { Waiter } from '../../../../src/server/call/patience.ts';

function patience(name: string, more: Partial<Waiter> = {}): number | undefined {
  return patienceOf({ traits: traitsOf(name), isTold: false, totalMs: 600_000, softDeadlineMs: 50_000, ...more });
}

test('the usual client waits for fifty seconds, or for less where that is set', () => {
  assert.equal(patience('t'), 50_000);
  assert.equal(patience('t', { isTold: true }), 50_000);
  assert.equal(patience('t', { softDeadlineMs: 20_000 }), 20_000);
  // Its own limit holds whatever is set.
  assert.equal(patience('t', { softDeadlineMs: 300_000 }), 50_000);
});

test('nobody is cut short where that is turned off, or where the call is over before', () => {
  assert.equal(patience('t', { softDeadlineMs: 0 }), undefined);
  assert.equal(patience('t', { totalMs: 40_000 }), undefined);
  assert.equal(patience('t', { totalMs: 50_000 }), 50_000);
  assert.equal(patience('anymodel-mcp'), undefined);
});

test('who begins to wait anew with each notice waits as long as it hears of us', () => {
  assert.equal(patience('opencode', { isTold: true }), undefined);
  assert.equal(patience('opencode'), 50_000);
});

test('a job is found again but by who starts a process for each call', () => {
  assert.equal(isReachable('process', traitsOf('t')), true);
  assert.equal(isReachable('process', traitsOf('docker-mcp-gateway')), false);
  assert.equal(isReachable('session', traitsOf('docker-mcp-gateway')), true);
  assert.equal(isReachable('request', traitsOf('docker-mcp-gateway')), true);
});
