// Tests of gateway/layers.ts: clients of one server who may do different things, and hear nothing of each other.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Config } from '../../../src/config/config.ts';
import { readConfig } from '../../../src/config/env.ts';
import { Fault } from '../../../src/core/fault.ts';
import { Secrets } from '../../../src/core/secrets.ts';
import { silentLog } from '../../../src/core/log.ts';
import { clientTerms } from '../../../src/gateway/client-terms.ts';
import { layered } from '../../../src/gateway/layers.ts';
import { MemoryStore } from '../../../src/resilience/memory-store.ts';
import { UsageBook } from '../../../src/routing/usage/book.ts';
import { ListsSeen } from '../../../src/routing/usage/lists-seen.ts';
import { ClientGate } from '../../../src/access/client-limits.ts';
import type { Models } from '../../../src/providers/chat.ts';
import { FakeClock } from '../../support/clock.ts';
import { testContext } from '../../support/model-context.ts';
import { answering, scripted } from '../../support/models.ts';

function configOf(file: object): Config {
  const read = readConfig({
    env: { CONFIG_PATH: '/c.json' },
    flags: new Map(),
    openSecret: () => ({ problem: 'is not there' }),
    readText: () => ({ value: JSON.stringify(file) }),
    isFolder: () => false,
    secrets: new Secrets(),
  });
  assert.ok('config' in read, JSON.stringify(read));
  return read.config;
}

interface Site {
  readonly models: Models;
  readonly gate: ClientGate;
  /** Asks as that client; answers the kind of the failure, if it fails. */
  ask(client: string, model?: string): Promise<string>;
  /** How often the upstream was asked. */
  readonly asked: () => number;
}

const key = (name: string, n: number, more: object): object => ({ name, sha256: String(n).repeat(64), ...more });

function site(file: object): Site {
  const config = configOf(file);
  const clock = new FakeClock();
  const store = new MemoryStore(clock, { maxEntries: 1000, maxBytes: 1e6 });
  const limitsOf = clientTerms(config);
  const upstream = scripted({ batches: [answering('hi')] });
  const targetsOf = (model: string): [{ provider: string; model: string; credentials: string }] => [
    { provider: 'corp', model, credentials: '' },
  ];
  const models = layered({ models: upstream.models, targetsOf }, config, {
    clock,
    log: silentLog,
    memory: { texts: store, counts: store },
    limitsOf,
    defaultProvider: 'corp',
    counting: { book: new UsageBook(), lists: new ListsSeen(), news: { used: () => {}, listed: () => {} } },
  });
  const ask = (client: string, model = 'corp/m'): Promise<string> =>
    models
      .chat(
        { model, messages: [{ role: 'user', content: 'hi' }], temperature: 0, maxTokens: 10 },
        { ...testContext(clock), client },
        () => {},
      )
      .then(
        () => 'answered',
        (thrown: unknown) => Fault.from(thrown).kind,
      );
  return { models, ask, gate: new ClientGate({ store, clock, limitsOf }), asked: () => upstream.asked.chat.length };
}

describe('what each client may', () => {
  const auth = {
    keys: [
      key('small', 1, { budgetTokensPerDay: 20, requestsPerMinute: 1, models: ['corp/m'] }),
      key('large', 2, { budgetTokensPerDay: 2000, concurrency: 1 }),
      key('plain', 3, {}),
    ],
  };
  const limits = { perClient: { requestsPerMinute: 3 } };

  test('a budget of its own, or none', async () => {
    const one = site({ auth, limits });
    assert.deepEqual(
      [await one.ask('small'), await one.ask('small'), await one.ask('small')],
      ['answered', 'BUDGET', 'BUDGET'],
    );
    for (let i = 0; i < 20; i++) assert.equal(await one.ask('large'), 'answered');
    for (let i = 0; i < 20; i++) assert.equal(await one.ask('plain'), 'answered');
  });

  test('as many requests as its key says, else as everybody', () => {
    const { gate } = site({ auth, limits });
    const enters = (client: string): string => {
      try {
        void gate.enter(client);
        return 'in';
      } catch (thrown) {
        return Fault.from(thrown).kind;
      }
    };
    assert.deepEqual([enters('small'), enters('small')], ['in', 'RATE_LIMITED']);
    assert.deepEqual([enters('large'), enters('large')], ['in', 'OVERLOADED']);
    assert.deepEqual(
      ['plain', 'plain', 'plain', 'plain'].map((client) => enters(client)),
      ['in', 'in', 'in', 'RATE_LIMITED'],
    );
  });

  test('models that are its own, and none once its key has gone', async () => {
    const one = site({ auth });
    assert.equal(await one.ask('small', 'corp/other'), 'MODEL_NOT_FOUND');
    assert.equal(await one.ask('large', 'corp/other'), 'answered');
    assert.equal(await one.ask('gone'), 'MODEL_NOT_FOUND');
    assert.equal(await one.ask('jwt:alice'), 'MODEL_NOT_FOUND');
    assert.equal(await one.ask(''), 'answered');
  });
});

describe('answers that are kept', () => {
  const auth = { keys: [key('a', 1, {}), key('b', 2, {}), key('c', 3, { models: ['other'] })] };

  test("are each client's own", async () => {
    const one = site({ auth, cache: { enabled: true } });
    for (const client of ['a', 'a', 'b', 'b', 'a']) assert.equal(await one.ask(client), 'answered');
    assert.equal(one.asked(), 2);
  });

  test('shared on request, though not with those who may not ask', async () => {
    const one = site({ auth, cache: { enabled: true, shared: true } });
    assert.deepEqual([await one.ask('a'), await one.ask('b')], ['answered', 'answered']);
    assert.equal(one.asked(), 1);
    assert.equal(await one.ask('c'), 'MODEL_NOT_FOUND');
  });

  test('equal questions under way are shared by one client only', async () => {
    const one = site({ auth, cache: { enabled: true } });
    await Promise.all(['a', 'a', 'a', 'b', 'b'].map((client) => one.ask(client)));
    assert.equal(one.asked(), 2);
  });
});
