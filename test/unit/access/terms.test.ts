// Tests of access/terms.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { termsOf } from '../../../src/access/terms.ts';

const perClient = { requestsPerMinute: 120, concurrency: 64 };
const keys = [{ name: 'ci', requestsPerMinute: 5, models: ['fast'], budgetUsdPerDay: 1 }, { name: 'ops' }];
const jwt = { concurrency: 2, models: ['slow'] };

test('what is set for a key or for tokens goes before what holds for everybody', () => {
  const terms = termsOf({ perClient, keys, jwt });
  const { requestsPerMinute, concurrency, models, budgetUsdPerDay } = terms('ci');
  assert.deepEqual([requestsPerMinute, concurrency, models, budgetUsdPerDay], [5, 64, ['fast'], 1]);
  assert.equal(terms('ops').requestsPerMinute, 120);
  assert.equal(terms('ops').models, undefined);
  assert.deepEqual(terms('jwt:ci'), { requestsPerMinute: 120, concurrency: 2, models: ['slow'] });
});

test('whoever needs no key, and the keys of the variable, have what everybody has', () => {
  const terms = termsOf({ perClient, keys, jwt });
  for (const client of ['', 'MCP_API_KEY', 'MCP_API_KEY 2']) assert.deepEqual(terms(client), perClient, client);
});

test('who is known no more may ask for nothing', () => {
  const terms = termsOf({ perClient, keys });
  for (const client of ['gone', 'jwt:alice', 'MCP_API_KEY x', 'CI', '__proto__']) {
    assert.deepEqual(terms(client).models, [], client);
  }
});
