// WIRE.md 5.2, 5.3; cases 78, 79, 80 and 96.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReset, retryAfterMs } from '../../../../src/providers/faults/retry-after.ts';

/** 2023-11-14T22:13:20Z */
const WALL_MS = 1_700_000_000_000;

function waitFor(headers: Readonly<Record<string, string>>, status = 429): number | undefined {
  return retryAfterMs(status, { get: (name) => headers[name] ?? null }, WALL_MS);
}

test('78: milliseconds win over seconds, fractions count', () => {
  assert.equal(waitFor({ 'retry-after-ms': '50', 'retry-after': '3' }), 50);
  assert.equal(waitFor({ 'retry-after-ms': '0.5' }), 0.5);
  assert.equal(waitFor({ 'retry-after': '1.5' }), 1500);
});

test('79: a date ahead is a wait; what is past or no time is none', () => {
  assert.equal(waitFor({ 'retry-after': 'Tue, 14 Nov 2023 22:13:30 GMT' }), 10_000);
  for (const bad of [
    'Wed, 21 Oct 2015 07:28:00 GMT',
    '-1',
    '0',
    'abc',
    '',
    'NaN',
    'Infinity',
    '1e999',
    '0x10',
    '1e3',
  ]) {
    assert.equal(waitFor({ 'retry-after': bad }), undefined, bad);
  }
  assert.equal(waitFor({ 'retry-after-ms': 'abc', 'retry-after': '2' }), 2000);
});

test('96: resets in every form', () => {
  const forms: readonly (readonly [string, number])[] = [
    ['6m0s', 360_000],
    ['12ms', 12],
    ['1s', 1000],
    ['1h2m3.5s', 3_723_500],
    ['45', 45_000],
    ['0.25', 250],
    ['2023-11-14T22:13:50Z', 30_000],
    ['1700000030', 30_000],
    ['1700000030000', 30_000],
  ];
  for (const [text, ms] of forms) assert.equal(parseReset(text, WALL_MS), ms, text);
  for (const bad of [null, '', '0', '0s', 'soon', '6m0', '1600000000', '2020-01-01T00:00:00Z']) {
    assert.equal(parseReset(bad, WALL_MS), undefined, String(bad));
  }
});

test('96: without retry-after a rate limit waits for what is used up', () => {
  const limits = {
    'x-ratelimit-remaining-requests': '10',
    'x-ratelimit-reset-requests': '1s',
    'x-ratelimit-remaining-tokens': '0',
    'x-ratelimit-reset-tokens': '8s',
  };
  assert.equal(waitFor(limits), 8000);
  assert.equal(waitFor({ ...limits, 'x-ratelimit-remaining-tokens': '5' }), 1000);
  assert.equal(waitFor({ ...limits, 'retry-after': '2' }), 2000);
  assert.equal(waitFor(limits, 503), undefined);
  assert.equal(waitFor({ 'x-ratelimit-reset': '1700000004000' }), 4000);
});

test("96: Anthropic's limits are read under their own names", () => {
  const limits = {
    'anthropic-ratelimit-requests-remaining': '10',
    'anthropic-ratelimit-requests-reset': '2023-11-14T22:13:21Z',
    'anthropic-ratelimit-input-tokens-remaining': '0',
    'anthropic-ratelimit-input-tokens-reset': '2023-11-14T22:13:50Z',
  };
  assert.equal(waitFor(limits), 30_000);
});
