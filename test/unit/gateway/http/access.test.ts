// Tests of gateway/http/access.ts: from a configuration to who is let in, over reloads, and what is refused at the start.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { openAccess } from '../../../../src/gateway/http/access.ts';
import type { Access } from '../../../../src/gateway/http/access.ts';
import type { Config } from '../../../../src/config/config.ts';
import { readConfig } from '../../../../src/config/env.ts';
import { openSecretFile } from '../../../../src/config/files.ts';
import { Fault } from '../../../../src/core/fault.ts';
import type { LogFields } from '../../../../src/core/log.ts';
import { systemRandom } from '../../../../src/core/random.ts';
import { Secrets } from '../../../../src/core/secrets.ts';
import { FakeClock } from '../../../support/clock.ts';
import { NOW, ecSigner, setOf, tokenBy } from '../../../support/tokens.ts';

const GOOD = 'a-client-key-of-some-length';
const signer = ecSigner('1');

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The configuration of these variables, and of this file if one is given. */
function configOf(env: Readonly<Record<string, string>>, file?: object): Config {
  const read = readConfig({
    env: file === undefined ? env : { ...env, CONFIG_PATH: '/c.json' },
    flags: new Map(),
    openSecret: openSecretFile,
    readText: () => ({ value: JSON.stringify(file) }),
    isFolder: () => false,
    secrets: new Secrets(),
  });
  assert.ok('config' in read, JSON.stringify(read));
  return read.config;
}

interface Opened {
  readonly access: Access;
  readonly told: string[];
  /** Everything that was logged, as text. */
  readonly logged: string[];
  readonly secrets: Secrets;
  readonly asked: string[];
  readonly clock: FakeClock;
}

function opened(config: Config, set = setOf(signer)): Opened {
  const [told, logged, asked]: [string[], string[], string[]] = [[], [], []];
  const secrets = new Secrets();
  const clock = new FakeClock(0, NOW * 1000);
  const line = (message: string, fields?: LogFields): void => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug: line, info: line, warn: line, error: line, with: () => log };
  const access = openAccess(config, {
    clock,
    random: systemRandom,
    log,
    secrets,
    scheme: 'http',
    tell: (text) => void told.push(text),
    fetchText(url) {
      asked.push(url);
      return Promise.resolve(set);
    },
  });
  return { access, told, logged, secrets, asked, clock };
}

/** Who is let in with this key or token. */
async function who({ access }: Opened, key: string): Promise<string | number> {
  const header = (name: string): string | undefined => (name === 'authorization' ? `Bearer ${key}` : undefined);
  const verdict = await access.authenticator.authenticate(header);
  return 'refusal' in verdict ? verdict.refusal.status : (verdict.caller.client ?? 'anybody');
}

function refusal(config: Config): string {
  try {
    opened(config);
  } catch (thrown) {
    assert.ok(thrown instanceof Fault && thrown.kind === 'CONFIG');
    return thrown.message;
  }
  return assert.fail('it was opened');
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'anymodel-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

describe('a key that is generated', () => {
  test('is told once, as one plain line, and is 256 bits that no log has', async () => {
    const one = opened(configOf({}));
    const [, key = ''] = /^MCP_API_KEY for this run: ([\w-]{43})$/.exec(one.told.join('|')) ?? [];
    assert.equal(Buffer.from(key, 'base64url').length, 32);
    assert.equal(await who(one, key), 'MCP_API_KEY');
    assert.equal(await who(one, `${key}x`), 401);
    assert.deepEqual(one.logged, []);
    assert.equal(one.secrets.scrub(`see ${key} here`), 'see [redacted] here');
    assert.notDeepEqual(opened(configOf({})).told, one.told);
  });

  test('goes to a file that only its owner may read, whatever was there', async (t) => {
    const path = join(folder(t), 'key');
    const other = join(folder(t), 'other');
    writeFileSync(other, 'of somebody else', { mode: 0o644 });
    symlinkSync(other, path);
    const one = opened(configOf({ MCP_API_KEY_OUT: path }));
    assert.deepEqual(one.told, []);
    const text = readFileSync(path, 'utf8');
    assert.match(text, /^[\w-]{43}\n$/);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(readFileSync(other, 'utf8'), 'of somebody else');
    assert.deepEqual(readdirSync(join(path, '..')), ['key']);
    assert.equal(await who(one, text.trim()), 'MCP_API_KEY');
    assert.ok(!one.logged.join().includes(text.trim()));
    opened(configOf({ MCP_API_KEY_OUT: path }));
    assert.notEqual(readFileSync(path, 'utf8'), text);
  });

  test('that cannot be handed over is a reason not to start', (t) => {
    const path = join(folder(t), 'gone', 'key');
    assert.equal(
      refusal(configOf({ MCP_API_KEY_OUT: path })),
      `MCP_API_KEY_OUT=${path} is in a folder that does not exist.`,
    );
    const taken = folder(t);
    assert.equal(
      refusal(configOf({ MCP_API_KEY_OUT: taken })),
      `MCP_API_KEY_OUT=${taken} cannot be written by this user.`,
    );
  });

  test('is not made where something says who may come in', () => {
    const keys = [{ name: 'ci', sha256: hash(GOOD) }];
    const jwt = { issuer: 'https://login.corp.example', audience: 'anymodel', jwks: 'https://login.corp.example/jwks' };
    for (const config of [
      configOf({ MCP_API_KEY: GOOD }),
      configOf({ MCP_AUTH: 'off' }),
      configOf({}, { auth: { keys } }),
      configOf({}, { auth: { jwt } }),
    ]) {
      assert.deepEqual(opened(config).told, []);
    }
  });
});

describe('beyond loopback', () => {
  test('nothing is served without a key, whatever is set', async () => {
    for (const host of [
      '0.0.0.0',
      '::',
      '10.0.0.7',
      'gpu.corp.example',
      '127.evil.example',
      'localhost.evil.example',
    ]) {
      const one = opened(configOf({ HOST: host, MCP_AUTH: 'off' }));
      assert.deepEqual([await who(one, ''), await who(one, 'anything'), one.told], [401, 401, []], host);
    }
  });

  test('nor with one that can be guessed, neither at the start nor when its file changes', async (t) => {
    assert.equal(await who(opened(configOf({ HOST: '0.0.0.0', MCP_API_KEY: `${GOOD},short` })), 'short'), 401);
    const path = join(folder(t), 'key');
    writeFileSync(path, GOOD);
    const one = opened(configOf({ HOST: '0.0.0.0', MCP_API_KEY_FILE: path }));
    assert.equal(await who(one, GOOD), 'MCP_API_KEY');
    writeFileSync(path, 'short');
    assert.equal(await who(one, 'short'), 401);
    assert.equal(await who(one, GOOD), 401);
  });

  test('on this machine both are allowed', async () => {
    for (const host of ['127.0.0.1', '127.9.9.9', 'localhost', '::1', '[::1]']) {
      assert.equal(await who(opened(configOf({ HOST: host, MCP_AUTH: 'off' })), ''), 'anybody', host);
    }
    assert.equal(await who(opened(configOf({ MCP_API_KEY: 'short' })), 'short'), 'MCP_API_KEY');
  });
});

describe('keys', () => {
  test('of the variable and of the file; where both have one, what the file says of it holds', async () => {
    const keys = [{ name: 'ci', sha256: hash(GOOD) }];
    const one = opened(configOf({ MCP_API_KEY: `${GOOD},another-key-of-length` }, { auth: { keys } }));
    assert.equal(await who(one, GOOD), 'ci');
    assert.equal(await who(one, 'another-key-of-length'), 'MCP_API_KEY 2');
    assert.equal(await who(one, hash(GOOD)), 401);
  });

  test('come and go with the file, from the next request on', async () => {
    const key = (name: string): object => ({ name, sha256: hash(`the-key-of-${name}`) });
    const one = opened(configOf({}, { auth: { keys: [key('ci'), key('ops')] } }));
    assert.equal(await who(one, 'the-key-of-ops'), 'ops');
    one.access.reload(configOf({}, { auth: { keys: [key('ci'), key('new')] } }));
    assert.equal(await who(one, 'the-key-of-ops'), 401);
    assert.equal(await who(one, 'the-key-of-new'), 'new');
    assert.equal(await who(one, 'the-key-of-ci'), 'ci');
    const { isKnown } = one.access.authenticator;
    assert.deepEqual([isKnown('ci'), isKnown('ops'), isKnown(undefined)], [true, false, false]);
    one.access.reload(configOf({}, {}));
    assert.equal(await who(one, 'the-key-of-ci'), 401);
    assert.match(one.logged.join(), /lets nobody use the HTTP server/);
    assert.deepEqual(one.told, []);
  });

  test('of a file are those it holds at the moment', async (t) => {
    const path = join(folder(t), 'key');
    writeFileSync(path, `${GOOD}\n`);
    const one = opened(configOf({ MCP_API_KEY_FILE: path }));
    assert.equal(await who(one, GOOD), 'MCP_API_KEY');
    writeFileSync(path, 'rotated-key-of-some-length');
    assert.equal(await who(one, GOOD), 401);
    assert.equal(await who(one, 'rotated-key-of-some-length'), 'MCP_API_KEY');
    writeFileSync(path, '');
    assert.equal(await who(one, 'rotated-key-of-some-length'), 'MCP_API_KEY');
    assert.equal(await who(one, ''), 401);
  });
});

describe('tokens', () => {
  const jwt = { issuer: 'https://login.corp.example', audience: ['anymodel'] };
  const remote = { auth: { jwt: { ...jwt, jwks: 'https://login.corp.example/jwks' } } };

  test('by the keys at an address, asked at the start and not again because something else has changed', async () => {
    const one = opened(configOf({}, remote));
    assert.deepEqual(one.asked, ['https://login.corp.example/jwks']);
    assert.equal(await who(one, tokenBy(signer)), 'jwt:alice');
    one.access.reload(configOf({}, { ...remote, models: {} }));
    assert.equal(await who(one, tokenBy(signer)), 'jwt:alice');
    assert.equal(one.asked.length, 1);
    one.access.reload(configOf({}, { auth: { jwt: { ...remote.auth.jwt, audience: 'other' } } }));
    assert.equal(await who(one, tokenBy(signer)), 401);
    assert.equal(one.access.authenticator.isKnown('jwt:alice'), true);
    one.access.reload(configOf({}, {}));
    assert.equal(one.access.authenticator.isKnown('jwt:alice'), false);
  });

  test('by the keys in a file, as they are at the moment', async (t) => {
    const path = join(folder(t), 'jwks.json');
    writeFileSync(path, setOf(signer));
    const one = opened(configOf({ HOST: '0.0.0.0' }, { auth: { jwt: { ...jwt, jwks: path } } }));
    assert.equal(await who(one, tokenBy(signer)), 'jwt:alice');
    const next = ecSigner('2');
    writeFileSync(path, setOf(next, next));
    assert.equal(await who(one, tokenBy(signer)), 401);
    assert.equal(await who(one, tokenBy(next)), 'jwt:alice');
    assert.deepEqual(one.asked, []);
  });

  test('a token that was refused is in no log, and one that looks like a token is scrubbed wherever it turns up', async () => {
    const one = opened(configOf({}, remote));
    const forged = tokenBy({ ...ecSigner('1'), kid: '1' });
    assert.equal(await who(one, forged), 401);
    assert.ok(!one.logged.join().includes(forged));
    assert.equal(one.secrets.scrub(`it said ${forged}, then`), 'it said [redacted], then');
  });
});
