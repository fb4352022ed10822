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

test("Anthropic's errors in a stream are classed by name as if they had their status", () => {
  const kinds = [
    'overloaded_error',
    'api_error',
    'rate_limit_error',
    'invalid_request_error',
    'not_found_error',
    'request_too_large',
    'timeout_error',
    'authentication_error',
    'billing_error',
  ].map((type) => {
    const { kind, retry } = readInBandError({ type: 'error', error: { type, message: 'x' }, request_id: 'req_1' });
    return `${type} ${kind} ${retry}`;
  });
  assert.deepEqual(kinds, [
    'overloaded_error OVERLOADED again',
    'api_error UPSTREAM again',
    'rate_limit_error RATE_LIMITED again',
    'invalid_request_error INVALID_INPUT never',
    'not_found_error MODEL_NOT_FOUND elsewhere',
    'request_too_large INVALID_INPUT never',
    'timeout_error TIMEOUT again',
    'authentication_error AUTH elsewhere',
    'billing_error QUOTA elsewhere',
  ]);
});

test('bare texts are classed by what they say', () => {
  assert.equal(readInBandError({ error: "model 'x' not found" }).kind, 'MODEL_NOT_FOUND');
  assert.equal(
    readInBandError({ error: 'server busy, please try again. maximum pending requests exceeded' }).kind,
    'OVERLOADED',
  );
  assert.equal(refused(503, { error: 'server busy, please try again.' }).kind, 'OVERLOADED');
  assert.equal(
    refused(503, { error: { message: 'Loading model' } }).data.next,
    'Try again when the server has loaded the model.',
  );
  assert.equal(refused(404, { error: { type: 'not_found_error', message: 'Not found' } }).kind, 'UPSTREAM');
  assert.equal(
    refused(404, { error: { type: 'not_found_error', message: 'model: claude-9' } }).kind,
    'MODEL_NOT_FOUND',
  );
});

test('a model at another endpoint is told which tool to use', () => {
  const complete = refused(404, {
    error: {
      message:
        'This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use v1/completions?',
      param: 'model',
    },
  });
  assert.equal(complete.kind, 'MODEL_NOT_FOUND');
  assert.equal(complete.data.next, 'It does not chat. Choose another model. The complete tool asks such models.');
  const chat = refused(404, {
    error: {
      message:
        'This is a chat model and not supported in the v1/completions endpoint. Did you mean to use v1/chat/completions?',
      param: 'model',
    },
  });
  assert.equal(chat.data.next, 'It is a chat model: ask it with the chat tool.');
  assert.equal(refused(400, { message: 'The model does not support Chat Completions API' }).kind, 'MODEL_NOT_FOUND');
});

test('a filter names what it objected to, in the sentence as well', () => {
  const category = (error: object, status = 400): string | undefined => refused(status, { error }).data.category;
  const verdicts = {
    hate: { filtered: true, severity: 'high' },
    sexual: { filtered: false },
    jailbreak: { filtered: true },
  };
  const inner = { code: 'ResponsibleAIPolicyViolation', content_filter_result: verdicts };
  assert.equal(category({ code: 'content_filter', innererror: inner }), 'hate, jailbreak');
  assert.equal(category({ code: 'content_filter', innererror: { code: 'x', content_filter_result: {} } }), undefined);
  assert.equal(category({ code: 403, metadata: { reasons: ['violence', 'hate'] } }, 403), 'violence, hate');
  assert.equal(category({ code: 'content_filter', stop_details: { category: 'cyber' } }), 'cyber');
  assert.equal(category({ message: 'too short', metadata: { reasons: [] } }), undefined);
  const { message } = refused(400, { error: { code: 'content_filter', message: 'Filtered.', innererror: inner } });
  assert.match(message, /: Filtered \(hate, jailbreak\)\.$/);
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

test('a server that does not fetch images is told of the setting that has us fetch them', () => {
  const complaints = [
    "Invalid 'url' field: must be a base64 encoded image.",
    'Failed to download image from https://a.example/b.png',
    'Error while downloading file https://a.example/b.png',
  ];
  for (const message of complaints) {
    const { kind, data } = refused(400, { error: { message } });
    assert.equal(kind, 'INVALID_INPUT', message);
    assert.match(data.next ?? '', /With FETCH_IMAGES=1 this server fetches images itself\.$/, message);
  }
  const transient = refused(502, { error: { message: 'Failed to fetch http upstream' } });
  assert.equal(transient.kind, 'UPSTREAM');
  assert.doesNotMatch(transient.data.next ?? '', /FETCH_IMAGES/);
});
