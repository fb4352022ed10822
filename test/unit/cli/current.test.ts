// A running gateway and its configuration file: what is read again, what a broken file changes, and what the gateway
// knows of it afterwards.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log, LogFields } from '../../../src/core/log.ts';
import { silentLog } from '../../../src/core/log.ts';
import { keepCurrent } from '../../../src/cli/current.ts';
import { reloadable } from '../../../src/config/reload/reload.ts';
import { createGateway } from '../../../src/gateway.ts';
import type { Gateway } from '../../../src/gateway.ts';
import { FakeClock } from '../../support/clock.ts';
import { stage } from './stage.ts';

const PEM: Readonly<Record<string, string>> = {
  '/nowhere/cert.pem': '-----BEGIN CERTIFICATE-----',
  '/nowhere/locked.pem': '-----BEGIN ENCRYPTED PRIVATE KEY-----',
};

interface Running {
  readonly gateway: Gateway;
  readonly sink: { readonly level: string };
  readonly lines: string[];
  readonly clock: FakeClock;
  /** Another text in the file, and the signal that has it read. */
  readonly take: (text: string) => void;
  readonly stop: () => Promise<void>;
}

function running(first: string): Running {
  const clock = new FakeClock(0, 1_000_000);
  const held = { text: first, hangup: (): void => {} };
  const { host } = stage([]);
  const inputs = {
    env: { CONFIG_PATH: '/nowhere/anymodel.json' },
    flags: new Map<string, string>(),
    isFolder: () => true,
    openSecret: () => ({ value: { read: () => 'sk-canary-0123456789' } }),
    readText: (path: string) => ({ value: PEM[path] ?? held.text }),
    secrets: host.secrets,
  };
  const settings = reloadable(inputs, clock);
  const read = settings.read();
  assert.ok('config' in read, JSON.stringify(read));
  const lines: string[] = [];
  const say = (message: string, fields: LogFields = {}): void => void lines.push(message, JSON.stringify(fields));
  const log: Log = { ...silentLog, info: say, error: say };
  const sink = { level: read.config.logLevel };
  const { random, secrets, version } = host;
  const gateway = createGateway(read.config, { clock, random, secrets, log, version });
  const onHangup = (fn: () => void): (() => void) => {
    held.hangup = fn;
    return () => {};
  };
  const withdraw = keepCurrent({ ...host, onHangup }, { ...settings, watch: () => () => {} }, { gateway, log, sink });
  return {
    gateway,
    sink,
    lines,
    clock,
    take(text) {
      held.text = text;
      held.hangup();
    },
    stop() {
      withdraw();
      return gateway.close();
    },
  };
}

const provider = { id: 'a', type: 'openai', baseUrl: 'https://llm.corp.example/v1', models: ['m1'] };
const file = (more: object): string => JSON.stringify({ providers: [provider], ...more });

test('a file that was read again is counted, with the time it took effect', async () => {
  const at = running(file({}));
  assert.deepEqual(at.gateway.reloadState(), { loadedAt: 1_000_000, succeeded: 0, failed: 0 });
  at.clock.advance(500);
  at.take(file({ models: { fast: 'a/m1' } }));
  assert.deepEqual(at.gateway.reloadState(), { loadedAt: 1_000_500, succeeded: 1, failed: 0 });
  assert.deepEqual((await at.gateway.explain('fast')).targets.length, 1);
  await at.stop();
});

test('a file with problems changes nothing but log and state', async () => {
  const at = running(file({ models: { fast: 'a/m1' } }));
  at.clock.advance(500);
  at.take('{ "providers": 7, "modles": {} }');
  const { lastFault, ...counts } = at.gateway.reloadState();
  assert.deepEqual(counts, { loadedAt: 1_000_000, succeeded: 0, failed: 1 });
  assert.equal(lastFault?.at, 1_000_500);
  assert.equal(lastFault?.problems.length, 2, JSON.stringify(lastFault));
  assert.match(at.lines.join('\n'), /has problems; the last good one stays/);
  assert.equal((await at.gateway.explain('fast')).targets.length, 1);
  at.take(file({ models: { quick: 'a/m1' } }));
  assert.deepEqual(at.gateway.reloadState(), { loadedAt: 1_000_500, succeeded: 1, failed: 1 });
  await at.stop();
});

test('a file that is sound and cannot work is a failed reload too', async () => {
  const at = running(file({ models: { fast: 'a/m1' } }));
  // A key is a key to the file's checker; that it is locked is found when the way to the provider is built.
  at.take(JSON.stringify({ providers: [{ ...provider, tls: { cert: 'cert.pem', key: 'locked.pem' } }] }));
  const { failed, lastFault } = at.gateway.reloadState();
  assert.match(at.lines.join('\n'), /cannot work; the last good one stays/);
  assert.equal(failed, 1);
  assert.deepEqual(lastFault?.problems, ['The key of tls.key is locked with a passphrase.']);
  assert.equal((await at.gateway.explain('fast')).targets.length, 1);
  await at.stop();
});

test("the level of the log is the file's, the last good one", async () => {
  const at = running(file({ logging: { level: 'error' } }));
  assert.equal(at.sink.level, 'error');
  at.take(file({ logging: { level: 'debug' } }));
  assert.equal(at.sink.level, 'debug');
  at.take(file({ logging: { level: 'loud' } }));
  assert.equal(at.sink.level, 'debug');
  at.take(file({}));
  assert.equal(at.sink.level, 'info');
  await at.stop();
});
