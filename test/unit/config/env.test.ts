// What fixtures/config cannot show: that the result is frozen, that keys follow their file, and that everything
// secret is registered and nothing of it is in what a person is told.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readConfig } from '../../../src/config/env.ts';
import type { Config } from '../../../src/config/config.ts';
import type { Inputs } from '../../../src/config/reader.ts';
import { NAMED, companions } from '../../../src/config/providers/named.ts';
import { ROWS } from '../../../src/config/settings/shape.ts';
import { Secrets } from '../../../src/core/secrets.ts';

function inputs(env: Record<string, string>, more: Partial<Inputs> = {}): Inputs {
  const missing = (): { problem: string } => ({ problem: 'does not exist' });
  const rest = { openSecret: missing, readText: missing, isFolder: () => true };
  return { env, flags: new Map(), ...rest, secrets: new Secrets(), ...more };
}

function configOf(given: Inputs): Config {
  const read = readConfig(given);
  assert.ok('config' in read, JSON.stringify(read));
  return read.config;
}

test('the result is frozen to the bottom', () => {
  const config = configOf(
    inputs({ API_BASE_URL: 'https://llm.corp.example', PROVIDER_CONFIG: '{"headers":{"x-a":"b"}}' }),
  );
  assert.ok(Object.isFrozen(config));
  assert.ok(Object.isFrozen(config.provider?.headers));
  assert.ok(Object.isFrozen(config.tools));
  const { others } = configOf(inputs({ API_KEY: 'corp-key-1', ANTHROPIC_API_KEY: 'claude-key-1' }));
  assert.ok(Object.isFrozen(others) && Object.isFrozen(others[0]?.timeout) && Object.isFrozen(others[0]?.names));
});

describe('keys from a file', () => {
  test('follow the file, are registered anew, and outlive a bad state of it', () => {
    let content = 'file-key-1';
    const asked: (boolean | undefined)[] = [];
    const secrets = new Secrets();
    const read = (fresh?: boolean): string => {
      asked.push(fresh);
      return content;
    };
    const config = configOf(
      inputs({ API_KEY_FILE: '/run/secrets/key' }, { secrets, openSecret: () => ({ value: { read } }) }),
    );
    assert.deepEqual(config.provider?.apiKeys(), ['file-key-1']);
    content = 'file-key-2,file-key-3';
    assert.deepEqual(config.provider?.apiKeys(true), ['file-key-2', 'file-key-3']);
    assert.equal(secrets.scrub('a file-key-3 b'), 'a [redacted] b');
    for (const bad of ['', 'half a key']) {
      content = bad;
      assert.deepEqual(config.provider?.apiKeys(), ['file-key-2', 'file-key-3']);
    }
    assert.ok(asked.includes(true));
  });

  test('of another provider follow their file too', () => {
    let content = 'claude-key-1';
    let opened = 0;
    const openSecret: Inputs['openSecret'] = () => {
      opened++;
      return { value: { read: () => content } };
    };
    const secrets = new Secrets();
    const env = { OPENAI_API_KEY: 'openai-key-1', ANTHROPIC_API_KEY_FILE: '/run/secrets/claude' };
    const [anthropic] = configOf(inputs(env, { secrets, openSecret })).others;
    assert.equal(opened, 1);
    assert.deepEqual(anthropic?.apiKeys(), ['claude-key-1']);
    content = 'claude-key-2';
    assert.deepEqual(anthropic.apiKeys(), ['claude-key-2']);
    assert.equal(secrets.scrub('a claude-key-2 b'), 'a [redacted] b');
  });

  test('windows paths are absolute too', () => {
    for (const path of ['C:\\secrets\\key', 'd:/key', '\\\\server\\share\\key']) {
      const opened: string[] = [];
      const openSecret: Inputs['openSecret'] = (one) => {
        opened.push(one);
        return { value: { read: () => 'file-key-1' } };
      };
      configOf(inputs({ API_KEY_FILE: path }, { openSecret }));
      assert.deepEqual(opened, [path]);
    }
  });
});

describe('secrets', () => {
  test('keys, header and query values, and what a URL carries are registered', () => {
    const secrets = new Secrets();
    configOf(
      inputs(
        {
          API_BASE_URL: 'https://user:p%40ssword1@llm.corp.example/v1?sig=url-query-1&api-version=2024-02-01',
          API_KEY: 'corp-key-1,corp-key-2',
          OPENAI_API_KEY: 'unused-key-1',
          PROVIDER_CONFIG:
            '{"headers":{"Authorization":"Bearer header-value-1","X-Team":"search"},"query":{"code":"query-value-1"}}',
        },
        { secrets },
      ),
    );
    const all = 'p@ssword1 p%40ssword1 url-query-1 corp-key-1 corp-key-2 unused-key-1 header-value-1 query-value-1';
    assert.equal(secrets.scrubValues(all), all.replace(/\S+/g, '[redacted]'));
    assert.equal(secrets.scrubValues('search 2024-02-01'), 'search 2024-02-01');
  });

  test('of every provider are registered, whether it is added or not', () => {
    const secrets = new Secrets();
    configOf(
      inputs(
        {
          API_BASE_URL: 'http://localhost:8000',
          ANTHROPIC_API_KEY: 'claude-key-1,claude-key-2',
          ANTHROPIC_BASE_URL: 'https://gateway.example/anthropic?token=url-query-1',
          OLLAMA_HOST: 'user:hunter22pw@gpu.corp.example',
          VLLM_BASE_URL: 'http://user:swordfish7@gpu.corp.example:8000',
          VLLM_API_KEY: 'left-out-key-1',
          LMSTUDIO_API_KEY: 'stray-key-1',
          AZURE_OPENAI_API_KEY: 'stray-key-2',
        },
        { secrets },
      ),
    );
    const all = 'claude-key-1 claude-key-2 url-query-1 hunter22pw swordfish7 left-out-key-1 stray-key-1 stray-key-2';
    assert.equal(secrets.scrubValues(all), all.replace(/\S+/g, '[redacted]'));
  });

  test('an address that is none is shown without its password, with a scheme and without', () => {
    for (const OLLAMA_HOST of ['user:hunter22pw@gpu:port', 'ftp://user:hunter22pw@gpu']) {
      const read = readConfig(inputs({ OLLAMA_HOST }));
      assert.ok('problems' in read && read.problems.length === 1);
      assert.ok(!read.problems.join().includes('hunter22pw'), read.problems.join());
    }
  });

  test('a key in every place there is shows in no problem and no note', () => {
    const key = 'Xk-7291-zzQQ';
    const flags = new Map(ROWS.flatMap(({ flags: own }) => Object.keys(own)).map((flag) => [flag, key]));
    const names = [...ROWS.flatMap((row) => row.env), ...NAMED.flatMap(companions)];
    const env = Object.fromEntries(names.map((name) => [name, key]));
    const configs = [
      key,
      `["${key}"]`,
      `{"apiKey":"${key}","${key}":1}`,
      `{"apiKey":"${key}","id":"${key}/x","type":"${key}","baseUrl":"${key}","headers":{"${key} ":"${key}"},"timeout":{"idle":"${key}"}}`,
      `{"apiKeys":["${key}",7],"capabilities":{"${key}":true}}`,
      `{"apiKeys":"${key}"}`,
    ];
    for (const PROVIDER_CONFIG of configs) {
      for (const given of [{ ...env, PROVIDER_CONFIG }, { PROVIDER_CONFIG }, { API_KEY: key, PROVIDER_CONFIG }]) {
        const read = readConfig(inputs(given, { flags: given === env ? flags : new Map() }));
        assert.ok('problems' in read);
        for (const line of read.problems) assert.ok(!line.includes(key), line);
      }
    }
    const withFlags = readConfig(inputs({ API_KEY: key }, { flags }));
    assert.ok('problems' in withFlags && withFlags.problems.length > 5);
    assert.ok(!withFlags.problems.join('\n').includes(key));
  });
});

test('every setting has a name of its own, and a flag stands for one of its variables', () => {
  const names = ROWS.flatMap(({ env, flags }) => [...env, ...Object.keys(flags)]);
  assert.equal(new Set(names).size, names.length);
  for (const { env, flags } of ROWS) for (const name of Object.values(flags)) assert.ok(env.includes(name), name);
});
