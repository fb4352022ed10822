// Tests of resilience/token-bucket.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenBucket } from '../../../src/resilience/token-bucket.ts';

test('a minute is there at once, then it comes back continuously', () => {
  const bucket = new TokenBucket(60, 0);
  for (let i = 0; i < 60; i++) {
    assert.equal(bucket.waitMs(1, 0), 0);
    bucket.take(1, 0);
  }
  assert.equal(bucket.waitMs(1, 0), 1000);
  assert.equal(bucket.waitMs(1, 400), 600);
  assert.equal(bucket.waitMs(1, 1000), 0);
  assert.equal(bucket.waitMs(3, 1000), 2000);
});

test('it holds no more than a minute, however long nobody took', () => {
  const bucket = new TokenBucket(60, 0);
  bucket.take(60, 10_000_000);
  assert.equal(bucket.waitMs(1, 10_000_000), 1000);
});

test('what was underestimated is a debt that the next one waits for', () => {
  const bucket = new TokenBucket(600, 0);
  bucket.take(600, 0);
  bucket.take(300, 0);
  assert.equal(Math.round(bucket.waitMs(10, 0)), 31_000);
  bucket.take(-300, 0);
  assert.equal(Math.round(bucket.waitMs(10, 0)), 1000);
});

test('what is more than it holds may be taken when it is full', () => {
  const bucket = new TokenBucket(100, 0);
  assert.equal(bucket.waitMs(5000, 0), 0);
  bucket.take(5000, 0);
  assert.equal(Math.round(bucket.waitMs(1, 0)), 2_940_600);
});

test('a clock that goes back gives nothing and takes nothing', () => {
  const bucket = new TokenBucket(60, 5000);
  bucket.take(60, 5000);
  assert.equal(bucket.waitMs(1, 0), 1000);
  assert.equal(bucket.waitMs(1, 5500), 500);
});
