// WIRE.md section 1 and case 97: where requests go, and under which headers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeOf } from '../../../../../src/providers/dialects/anthropic/request.ts';
import { anthropicEndpoint } from '../../../../support/anthropic-stream.ts';

const written: readonly (readonly [string, string])[] = [
  ['https://api.anthropic.com', 'https://api.anthropic.com/v1/messages'],
  ['https://api.anthropic.com/', 'https://api.anthropic.com/v1/messages'],
  [' https://api.anthropic.com/v1/ ', 'https://api.anthropic.com/v1/messages'],
  ['https://api.anthropic.com/v1/messages', 'https://api.anthropic.com/v1/messages'],
  ['https://api.anthropic.com/v1/messages/count_tokens', 'https://api.anthropic.com/v1/messages'],
  ['https://api.anthropic.com/v1/models', 'https://api.anthropic.com/v1/messages'],
  ['https://openrouter.ai/api/v1', 'https://openrouter.ai/api/v1/messages'],
  ['https://gw.example.com/anthropic/v1?k=1', 'https://gw.example.com/anthropic/v1/messages?k=1'],
  ['https://gw.example.com/v1/anthropic', 'https://gw.example.com/v1/anthropic/v1/messages'],
  ['http://[::1]:8080', 'http://[::1]:8080/v1/messages'],
];

for (const [baseUrl, url] of written)
  test(`97: ${baseUrl}`, () => assert.equal(routeOf(anthropicEndpoint({ baseUrl })).messages, url));

test('a page is asked for after the row the last one ended with', () => {
  const { models } = routeOf(anthropicEndpoint({ query: { t: '1' } }));
  assert.equal(models(undefined), 'https://api.anthropic.com/v1/models?t=1&limit=1000');
  assert.equal(models('a b&c'), 'https://api.anthropic.com/v1/models?t=1&limit=1000&after_id=a+b%26c');
});

test('the key goes where its kind belongs', () => {
  const headers = (apiKey: string): unknown => routeOf(anthropicEndpoint({ apiKey })).headers;
  const always = { 'user-agent': 'anymodel-mcp', 'anthropic-version': '2023-06-01' };
  assert.deepEqual(headers(''), always);
  assert.deepEqual(headers('sk-ant-api03-x'), { ...always, 'x-api-key': 'sk-ant-api03-x' });
  assert.deepEqual(headers('sk-ant-oat01-x'), {
    ...always,
    authorization: 'Bearer sk-ant-oat01-x',
    'anthropic-beta': 'oauth-2025-04-20',
  });
});

test('one endpoint has one route', () => {
  const endpoint = anthropicEndpoint();
  assert.equal(routeOf(endpoint), routeOf(endpoint));
});
