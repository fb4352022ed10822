// Who is asked for a name, and what a list of several providers is when one of them is down.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Fault } from '../../../src/core/fault.ts';
import type { Models } from '../../../src/providers/chat.ts';
import { byProvider } from '../../../src/routing/by-provider.ts';
import type { NamedModels } from '../../../src/routing/by-provider.ts';
import { FakeClock } from '../../support/clock.ts';
import { testContext } from '../../support/model-context.ts';
import { scripted } from '../../support/models.ts';

interface Named extends NamedModels {
  readonly asked: string[];
}

function named(id: string, ids: readonly string[] | Fault): Named {
  const asked: string[] = [];
  const { models } = scripted({
    models: ids instanceof Fault ? [] : ids.map((model) => ({ id: model, provider: id })),
    serve: ({ served }) => void served.attempts.push({ provider: id, model: '', status: 200, ms: 1 }),
  });
  const listed: Models = {
    ...models,
    chat: async (request) => void asked.push(request.model),
    list: (query, ctx) => (ids instanceof Fault ? Promise.reject(ids) : models.list(query, ctx)),
  };
  return { id, models: listed, asked };
}

const clock = new FakeClock();
const context = (): ReturnType<typeof testContext> => testContext(clock);

async function ask(models: Models, model: string): Promise<void> {
  await models.chat({ model, messages: [] }, context(), () => {});
}

describe('a name', () => {
  test("with another provider's id goes there whole, every other goes to the main one", async () => {
    const [main, other] = [named('corp', []), named('claude', [])];
    const models = byProvider(main, [other], { clock });
    for (const model of ['gpt', 'claude/opus', 'corp/gpt', 'claudette', 'vendor/claude/x', ''])
      await ask(models, model);
    assert.deepEqual(other.asked, ['claude/opus']);
    assert.deepEqual(main.asked, ['gpt', 'corp/gpt', 'claudette', 'vendor/claude/x', '']);
  });

  test('that is missing is the default one, wherever that is', async () => {
    const [main, other] = [named('corp', []), named('claude', [])];
    const models = byProvider(main, [other], { clock, defaultModel: 'claude/opus' });
    await ask(models, '');
    await ask(models, 'gpt');
    assert.deepEqual([main.asked, other.asked], [['gpt'], ['']]);
  });

  test('without a main provider needs one in front', async () => {
    const models = byProvider(undefined, [named('a', []), named('b', [])], { clock });
    await ask(models, 'b/x');
    await assert.rejects(
      ask(models, 'x'),
      (fault) =>
        fault instanceof Fault &&
        fault.kind === 'INVALID_INPUT' &&
        fault.message ===
          'The model "x" was named without a provider, and none of the providers (a, b) is the main one.' &&
        fault.data.next?.includes('DEFAULT_MODEL=provider/model') === true,
    );
    await assert.rejects(ask(models, ''), /No model was named, and none of the providers/);
  });
});

describe('the list', () => {
  const down = new Fault('NETWORK', 'Connection refused.');

  test('is that of all, the main one first, and the attempts are those of all', async () => {
    const ctx = context();
    const { models, failed } = await byProvider(named('b', ['2', '3']), [named('a', ['1'])], { clock }).list({}, ctx);
    assert.deepEqual(
      models.map(({ id, provider }) => `${provider}/${id}`),
      ['b/2', 'b/3', 'a/1'],
    );
    assert.deepEqual(failed, []);
    assert.deepEqual(
      ctx.served.attempts.map(({ provider }) => provider),
      ['b', 'a'],
    );
  });

  test('is that of one when it is asked of one', async () => {
    const models = byProvider(named('b', ['2']), [named('a', ['1'])], { clock });
    assert.deepEqual((await models.list({ provider: 'a' }, context())).models, [{ id: '1', provider: 'a' }]);
  });

  test('names the one that is down and goes without it', async () => {
    const listing = await byProvider(named('b', ['2']), [named('a', down)], { clock }).list({}, context());
    assert.deepEqual(listing.models, [{ id: '2', provider: 'b' }]);
    assert.deepEqual(listing.failed, [{ provider: 'a', fault: down }]);
  });

  test('gives each of several fifteen seconds, and one asked alone all there is', async () => {
    const deadlines: number[] = [];
    const slow = named('a', ['1']);
    const list: Models['list'] = (query, ctx) => (deadlines.push(ctx.deadline), slow.models.list(query, ctx));
    const models = byProvider(named('b', ['2']), [{ ...slow, models: { ...slow.models, list } }], { clock });
    const ctx = context();
    await models.list({}, ctx);
    await models.list({ provider: 'a' }, ctx);
    assert.deepEqual(deadlines, [clock.now() + 15_000, ctx.deadline]);
  });

  test('fails when all are down', async () => {
    const models = byProvider(named('b', new Fault('AUTH', 'No.')), [named('a', down)], { clock });
    await assert.rejects(models.list({}, context()), /^Fault: No\.$/);
  });
});
