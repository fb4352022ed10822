// What a list of several providers is, and what it is when one of them is down.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import type { Models } from '../../../../src/providers/chat.ts';
import { FakeClock } from '../../../support/clock.ts';
import { testContext } from '../../../support/model-context.ts';
import { testModels } from '../../../support/router.ts';
import type { TestProvider, TestRouterOptions } from '../../../support/router.ts';
import { ScriptedFetch } from '../../../support/scripted-fetch.ts';

const clock = new FakeClock();
const context = (): ReturnType<typeof testContext> => testContext(clock);

function lists(...ids: string[]): TestProvider {
  const body = JSON.stringify({ data: ids.map((id) => ({ id })) });
  return { fetch: new ScriptedFetch(clock, [{ headers: { 'content-type': 'application/json' }, body: [body] }]).fetch };
}

const fails = (fault: Fault): TestProvider => ({ fetch: new ScriptedFetch(clock, [{ fails: fault }]).fetch });

function models(providers: TestRouterOptions['providers'], aliased: readonly string[] = []): Models {
  const target = { provider: 'b', model: '2', weight: 1 };
  const aliases = Object.fromEntries(aliased.map((name) => [name, [target]]));
  return testModels({ clock, providers, aliases, maxRetries: 0 });
}

const down = new Fault('NETWORK', 'Connection refused.');

describe('the list', () => {
  test('is that of all, the main one first, and the attempts are those of all', async () => {
    const ctx = context();
    const listing = await models({ b: lists('2', '3'), a: lists('1') }).list({}, ctx);
    assert.deepEqual(
      listing.models.map(({ id, provider }) => `${provider}/${id}`),
      ['b/2', 'b/3', 'a/1'],
    );
    assert.deepEqual(listing.failed, []);
    assert.deepEqual(
      ctx.served.attempts.map(({ provider }) => provider),
      ['b', 'a'],
    );
  });

  test('has the aliases first', async () => {
    const listing = await models({ b: { models: ['2'] } }, ['fast', 'good']).list({}, context());
    assert.deepEqual(listing.models, [
      { id: 'fast', provider: 'alias' },
      { id: 'good', provider: 'alias' },
      { id: '2', provider: 'b' },
    ]);
  });

  test('is that of one when it is asked of one', async () => {
    const listing = await models({ b: lists('2'), a: lists('1') }, ['fast']).list({ provider: 'a' }, context());
    assert.deepEqual(listing.models, [{ id: '1', provider: 'a' }]);
  });

  test('cannot be asked of a provider that is not there', async () => {
    await assert.rejects(models({ b: {}, a: {} }).list({ provider: 'c' }, context()), /There is no provider "c"/);
  });

  test('names the one that is down and goes without it', async () => {
    const listing = await models({ b: lists('2'), a: fails(down) }).list({}, context());
    assert.deepEqual(listing.models, [{ id: '2', provider: 'b' }]);
    assert.deepEqual(
      listing.failed.map(({ provider, fault }) => `${provider} ${fault.kind}`),
      ['a NETWORK'],
    );
  });

  test('fails when all are down, but not where there are aliases', async () => {
    const both = { b: fails(new Fault('AUTH', 'No.')), a: fails(down) };
    await assert.rejects(models(both).list({}, context()), /^Fault: No\. Tried once at b\.$/);
    const again = { b: fails(new Fault('AUTH', 'No.')), a: fails(down) };
    const listing = await models(again, ['fast']).list({}, context());
    assert.deepEqual([listing.models.length, listing.failed.length], [1, 2]);
  });
});
