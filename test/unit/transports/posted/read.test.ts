// The text of a POST, and what is refused before it is one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import { readPost } from '../../../../src/transports/posted/read.ts';
import { TestExchange } from '../../../support/exchange.ts';

const OPTIONS = { maxBodyBytes: 100, scrub: (text: string): string => text };
const JSON_BODY = { 'content-type': 'application/json' };

class Failing extends TestExchange {
  readonly why: Fault;

  constructor(why: Fault) {
    super({ path: '/mcp', headers: JSON_BODY, body: {} });
    this.why = why;
  }

  override body(): Promise<string> {
    return Promise.reject(this.why);
  }
}

test('a compressed body is refused before it is read', async () => {
  for (const coding of ['gzip', 'br', 'deflate, gzip', 'GZIP', 'identity, gzip']) {
    const exchange = new TestExchange({
      path: '/mcp',
      headers: { ...JSON_BODY, 'content-encoding': coding },
      body: {},
    });
    assert.equal(await readPost(exchange, OPTIONS), undefined);
    assert.deepEqual([exchange.status, exchange.headers['accept-encoding']], [415, 'identity'], coding);
  }
  const plain = new TestExchange({ path: '/mcp', headers: { ...JSON_BODY, 'content-encoding': 'Identity' }, body: {} });
  assert.equal(await readPost(plain, OPTIONS), '{}');
});

test('where there is no room for it, the client is told when to come again', async () => {
  const exchange = new Failing(new Fault('OVERLOADED', 'No room.', { retryAfterMs: 2000 }));
  assert.equal(await readPost(exchange, OPTIONS), undefined);
  assert.deepEqual([exchange.status, exchange.headers['retry-after']], [503, '2']);
});

test('to a client that has gone nothing is said', async () => {
  const exchange = new Failing(new Fault('cancelled', 'Gone.'));
  assert.equal(await readPost(exchange, OPTIONS), undefined);
  assert.equal(exchange.state, 'none');
});
