// The shapes and classes themselves are fixtures (fixtures/dialects/openai/8*); here is what no single answer
// shows: limits, precedence, and what overrides what.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInBandError, readRefusal } from '../../../../src/providers/faults/refusal.ts';
import type { Fault } from '../../../../src/core/fault.ts';

function refused(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Fault {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readRefusal(status, { get: (name) => headers[name] ?? null }, text, 0);
}

test('a message of any length or shape is one short line', () => {
  const fault = refused(400, { error: { message: `a\u0000b\r\nc ${'x'.repeat(5_000_000)}` } });
  assert.match(fault.message, /: a b c x+…$/);
  assert.ok(fault.message.length < 700);
  assert.equal(fault.message.isWellFormed(), true);
});

test('81: x-should-retry overrides both ways, but never quota, auth or filter', () => {
  const yes = { 'x-should-retry': 'true' };
  assert.equal(refused(400, {}, yes).retry, 'again');
  assert.equal(refused(500, {}, { 'x-should-retry': 'false' }).retry, 'never');
  assert.equal(refused(500, {}, { 'x-should-retry': 'maybe' }).retry, 'again');
  assert.equal(refused(401, {}, yes).retry, 'elsewhere');
  assert.equal(refused(429, { error: { code: 'insufficient_quota' } }, yes).retry, 'elsewhere');
  assert.equal(refused(400, { error: { code: 'content_filter' } }, yes).retry, 'never');
});

test('every status has a kind', () => {
  const kinds = [301, 400, 401, 402, 403, 404, 405, 408, 409, 413, 418, 422, 424, 425, 429, 500, 504, 524, 529].map(
    (status) => `${status} ${refused(status, '').kind} ${refused(status, '').retry}`,
  );
  assert.deepEqual(kinds, [
    '301 UPSTREAM never',
    '400 INVALID_INPUT never',
    '401 AUTH elsewhere',
    '402 QUOTA elsewhere',
    '403 AUTH elsewhere',
    '404 UPSTREAM never',
    '405 UPSTREAM never',
    '408 TIMEOUT again',
    '409 UPSTREAM again',
    '413 INVALID_INPUT never',
    '418 UPSTREAM never',
    '422 INVALID_INPUT never',
    '424 UPSTREAM again',
    '425 UPSTREAM again',
    '429 RATE_LIMITED again',
    '500 UPSTREAM again',
    '504 UPSTREAM again',
    '524 UPSTREAM again',
    '529 OVERLOADED again',
  ]);
});

test('an error inside a 200 is classed by its code, else by its type, else as transient', () => {
  assert.equal(readInBandError({ error: { code: 429 } }).kind, 'RATE_LIMITED');
  assert.equal(readInBandError({ error: { type: 'rate_limit_error' } }).kind, 'RATE_LIMITED');
  assert.equal(readInBandError({ error: { type: 'overloaded_error' } }).kind, 'OVERLOADED');
  assert.equal(readInBandError({ error: { code: 'insufficient_quota' } }).kind, 'QUOTA');
  assert.equal(readInBandError({ error: { type: 'invalid_request_error' } }).kind, 'INVALID_INPUT');
  assert.equal(readInBandError({ error: 'boom' }).kind, 'UPSTREAM');
  assert.equal(readInBandError({ error: 'boom' }).retry, 'again');
});

test('the id of the request is read from any of its headers', () => {
  for (const name of [
    'x-request-id',
    'request-id',
    'apim-request-id',
    'x-ms-request-id',
    'x-generation-id',
    'cf-ray',
  ]) {
    assert.equal(refused(500, '', { [name]: ' id-1 ' }).data.requestId, 'id-1');
  }
  assert.equal(refused(500, { request_id: 'id-2' }).data.requestId, 'id-2');
  assert.equal(refused(500, '').data.requestId, undefined);
});
