// Tests of gateway.ts: the engine is loaded with the first call, and until then there is nothing that could tell.

import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/env.ts';
import { silentLog } from '../../src/core/log.ts';
import { Secrets } from '../../src/core/secrets.ts';
import { createGateway } from '../../src/gateway.ts';
import type { Gateway } from '../../src/gateway.ts';
import { FakeClock } from '../support/clock.ts';
import { rawServer, reply } from '../support/loopback.ts';
import { latch } from './providers/http/clients.ts';

function configOf(env: Readonly<Record<string, string>>): Config {
  const missing = (): { problem: string } => ({ problem: 'does not exist' });
  const inputs = {
    flags: new Map(),
    openSecret: missing,
    readText: missing,
    isFolder: () => false,
    secrets: new Secrets(),
  };
  const read = readConfig({ env, ...inputs });
  assert.ok('config' in read, JSON.stringify(read));
  return read.config;
}

const corp = configOf({ API_BASE_URL: 'https://llm.corp.example/v1', PROVIDER_NAME: 'corp' });
const claude = configOf({ ANTHROPIC_API_KEY: 'claude-key-1' });

function gatewayOf(config: Config, clock = new FakeClock()): Gateway {
  const random = { draw: () => 0.5, id: () => 'id' };
  return createGateway(config, { clock, random, secrets: new Secrets(), log: silentLog, version: '1' });
}

const first = async (gateway: Gateway): Promise<string | undefined> =>
  (await gateway.explain('m')).targets[0]?.provider;

test('what is reloaded before the first call is what the first call goes by', async () => {
  const gateway = gatewayOf(claude);
  gateway.reload(corp);
  assert.notEqual(await first(gateway), 'anthropic');
  gateway.reload(claude);
  assert.equal(await first(gateway), 'anthropic', 'the engine is rebuilt once it is there');
  await gateway.close();
});

test('a reload while the engine is being loaded is not lost', async () => {
  const gateway = gatewayOf(claude);
  const asked = first(gateway);
  gateway.reload(corp);
  await asked;
  assert.notEqual(await first(gateway), 'anthropic');
  await gateway.close();
});

test('what cannot work is refused at the start and by a reload, before there is an engine', async () => {
  const { provider } = corp;
  assert.ok(provider !== undefined);
  const unfit = { ...corp, provider: { ...provider, tls: { ca: 'no certificate' } } };
  assert.throws(() => gatewayOf(unfit), { kind: 'CONFIG', message: 'tls.ca holds no certificate in PEM form.' });
  const gateway = gatewayOf(claude);
  assert.throws(() => gateway.reload(unfit), { kind: 'CONFIG' });
  assert.equal(await first(gateway), 'anthropic', 'the last good one stays');
  assert.throws(() => gateway.reload(unfit), { kind: 'CONFIG' });
  assert.equal(await first(gateway), 'anthropic');
  await gateway.close();
});

test('a gateway that was closed loads no engine', async () => {
  const gateway = gatewayOf(claude);
  const asked = gateway.explain('m');
  await gateway.close();
  await assert.rejects(asked, { kind: 'cancelled' });
});

test('health checks do not wait for a call', async (t) => {
  const asked = latch<string>();
  const server = await rawServer(t, ({ head, socket }) => {
    asked.resolve(head);
    socket.end(reply('{"data":[]}'));
  });
  const { provider } = configOf({ API_BASE_URL: `http://127.0.0.1:${server.port}/v1` });
  assert.ok(provider !== undefined);
  const clock = new FakeClock();
  const healthCheck = { endpoint: '/models', intervalMs: 1000 };
  const gateway = gatewayOf({ ...corp, provider: { ...provider, healthCheck } }, clock);
  // The engine has been loaded when there is something to wait for.
  while (clock.pending === 0) await setImmediate();
  clock.advance(1000);
  assert.match(await asked.promise, /^GET \/v1\/models /);
  await gateway.close();
});
