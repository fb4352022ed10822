// What fixtures/config cannot show: that the result is frozen, that keys follow their file, and that everything
// secret is registered and nothing of it is in what a person is told.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readConfig } from '../../../src/config/env.ts';
import type { Config } from '../../../src/config/config.ts';
import type { Inputs } from '../../../src/config/reader.ts';
import { ROWS } from '../../../src/config/shape.ts';
import { Secrets } from '../../../src/core/secrets.ts';

function inputs(env: Record<string, string>, more: Partial<Inputs> = {}): Inputs {
  return { env, flags: new Map(), openSecret: () => ({ problem: 'does not exist' }), secrets: new Secrets(), ...more };
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

  test('a key in every place there is shows in no problem and no note', () => {
    const key = 'Xk-7291-zzQQ';
    const flags = new Map(ROWS.flatMap(({ flags: own }) => Object.keys(own)).map((flag) => [flag, key]));
    const env = Object.fromEntries(ROWS.flatMap(({ env: names }) => names).map((name) => [name, key]));
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
