// Settings read again: what may change does, what needs a restart stays and is told, and the last good ones are the
// caller's to keep.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Configured } from '../../../../src/config/env.ts';
import { reloadable } from '../../../../src/config/reload/reload.ts';
import { Secrets } from '../../../../src/core/secrets.ts';
import { FakeClock } from '../../../support/clock.ts';

interface Case {
  readonly read: () => Configured;
  text: string;
}

function opened(first: object): Case {
  const held = { text: JSON.stringify(first) };
  const inputs = {
    env: { CONFIG_PATH: '/etc/c.json' },
    flags: new Map<string, string>(),
    isFolder: () => true,
    openSecret: () => ({ value: { read: () => 'file-key-1' } }),
    readText: () => ({ value: held.text }),
    secrets: new Secrets(),
  };
  const { read } = reloadable(inputs, new FakeClock());
  return Object.assign(held, { read });
}

function good(read: Configured): Extract<Configured, { notes: unknown }> {
  assert.ok('config' in read, JSON.stringify(read));
  return read;
}

const provider = { id: 'a', type: 'openai' };

test('what may change does, without a word', () => {
  const at = opened({ providers: [provider] });
  assert.equal(good(at.read()).config.provider?.weight, 1);
  at.text = JSON.stringify({ providers: [{ ...provider, weight: 5 }], cache: { enabled: true } });
  const { config, notes } = good(at.read());
  assert.deepEqual([config.provider?.weight, config.cache.enabled, notes], [5, true, []]);
});

test('problems are handed on, and the next good one is a reload still', () => {
  const at = opened({ plugins: ['a.mjs'], providers: [provider] });
  good(at.read());
  at.text = '{ "plugins": 7 }';
  const broken = at.read();
  assert.ok('problems' in broken);
  assert.deepEqual(broken.files, ['/etc/c.json']);
  at.text = JSON.stringify({ plugins: ['b.mjs'], providers: [provider] });
  const { config, notes } = good(at.read());
  assert.deepEqual(config.plugins, ['/etc/a.mjs']);
  assert.deepEqual(notes, ['plugins changed: restart needed, the old ones stay.']);
});

test('how the server presents itself stays as its clients were told', () => {
  const at = opened({ server: { name: 'one', tools: ['chat'] }, providers: [provider] });
  good(at.read());
  at.text = JSON.stringify({ server: { name: 'two', instructions: 'new', tools: ['embed'] }, providers: [provider] });
  const { config, notes } = good(at.read());
  assert.deepEqual([config.server, config.tools], [{ name: 'one' }, ['embed']]);
  assert.deepEqual(notes, [
    'server.name changed: restart needed, the old one stays.',
    'server.instructions changed: restart needed, the old one stays.',
  ]);
});

test('a command that is new or another is not run; one that is gone or the same is no matter', () => {
  const command = (...words: readonly string[]): object => ({ ...provider, apiKeyCommand: words });
  const at = opened({ providers: [command('vault', 'a'), { id: 'b', type: 'openai', apiKey: 'key-of-b-1' }] });
  good(at.read());
  at.text = JSON.stringify({
    providers: [command('evil'), { ...command('vault', 'b'), id: 'b' }, { ...command('c'), id: 'c' }],
  });
  const { config, notes } = good(at.read());
  assert.deepEqual(config.provider?.apiKeyCommand?.command, ['vault', 'a']);
  assert.deepEqual(
    config.others.map(({ id, apiKeyCommand, apiKeys }) => [id, apiKeyCommand, apiKeys()]),
    [
      ['b', undefined, ['key-of-b-1']],
      ['c', undefined, []],
    ],
  );
  assert.deepEqual(notes, [
    'apiKeyCommand of a changed: restart needed, the old way to its key stays.',
    'apiKeyCommand of b changed: restart needed, the old way to its key stays.',
    'apiKeyCommand of c changed: restart needed, the old way to its key stays.',
  ]);
  at.text = JSON.stringify({ providers: [{ ...provider, apiKey: 'key-of-a-1' }] });
  const later = good(at.read());
  assert.deepEqual([later.config.provider?.apiKeys(), later.notes], [['key-of-a-1'], []]);
});

test('every file that was read is worth a look', () => {
  const at = opened({ providers: [{ ...provider, apiKey: '${file:keys/a}', tls: { ca: '/etc/ca.pem' } }] });
  const read = at.read();
  // The certificate is the text of the configuration here, which is no certificate.
  assert.ok('problems' in read);
  assert.deepEqual(read.files, ['/etc/c.json', '/etc/keys/a', '/etc/ca.pem']);
});
