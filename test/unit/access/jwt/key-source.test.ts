// Tests of access/jwt/key-source.ts: keys that change while the program runs, and issuers that cannot be reached.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileKeys } from '../../../../src/access/jwt/key-source.ts';
import { silentLog } from '../../../../src/core/log.ts';
import type { Log } from '../../../../src/core/log.ts';
import { ecSigner, remoteIssuer, setOf, tokenBy } from '../../../support/tokens.ts';

const first = ecSigner('1');
const second = ecSigner('2');
const ALICE = { client: 'alice' };
const UNSIGNED = { problem: 'The token is not signed by the issuer of this server.' };
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('an issuer with an address', () => {
  test('is asked once, however many tokens come', async () => {
    const { judge, asked } = remoteIssuer(setOf(first));
    const judged = await Promise.all([judge(tokenBy(first)), judge(tokenBy(first)), judge(tokenBy(first))]);
    assert.deepEqual(judged, [ALICE, ALICE, ALICE]);
    assert.deepEqual(judge(tokenBy(first)), ALICE);
    assert.equal(asked(), 1);
  });

  test('asked in advance it need not be asked again', async () => {
    const { judge, keys, asked } = remoteIssuer(setOf(first));
    keys.freshen();
    keys.freshen();
    assert.deepEqual(await judge(tokenBy(first)), ALICE);
    assert.equal(asked(), 1);
  });

  test('is asked again for a name nobody knows, and finds a key that is new', async () => {
    const issuer = remoteIssuer(setOf(first));
    await issuer.judge(tokenBy(first));
    issuer.answer = setOf(first, second);
    issuer.clock.advance(10_000);
    assert.deepEqual(await issuer.judge(tokenBy(second)), ALICE);
    assert.equal(issuer.asked(), 2);
  });

  test('is not asked more often because somebody makes up names', async () => {
    const { judge, asked, clock } = remoteIssuer(setOf(first));
    await judge(tokenBy(first));
    for (let i = 0; i < 1000; i++) {
      assert.deepEqual(await judge(tokenBy({ ...first, kid: `made up ${i}` })), UNSIGNED);
    }
    assert.equal(asked(), 1);
    clock.advance(9999);
    await judge(tokenBy({ ...first, kid: 'made up' }));
    assert.equal(asked(), 1);
    clock.advance(1);
    const rush = Array.from({ length: 100 }, async (_, i) => judge(tokenBy({ ...first, kid: `made up ${i}` })));
    await Promise.all(rush);
    assert.equal(asked(), 2);
  });

  test('is not asked for a bad signature, nor for a token without a name', async () => {
    const { judge, asked, clock } = remoteIssuer(setOf(first));
    await judge(tokenBy(first));
    clock.advance(MINUTE);
    assert.deepEqual(judge(tokenBy({ ...second, kid: '1' })), UNSIGNED);
    assert.deepEqual(judge(tokenBy(second, { header: { kid: undefined } })), UNSIGNED);
    assert.equal(asked(), 1);
  });

  test('is asked again in the background when the answer is old', async () => {
    const issuer = remoteIssuer(setOf(first));
    await issuer.judge(tokenBy(first));
    issuer.clock.advance(10 * MINUTE - 1);
    assert.deepEqual(issuer.judge(tokenBy(first)), ALICE);
    assert.equal(issuer.asked(), 1);
    issuer.answer = setOf(second);
    issuer.clock.advance(1);
    assert.deepEqual(issuer.judge(tokenBy(first)), ALICE);
    assert.equal(issuer.asked(), 2);
    assert.deepEqual(await issuer.judge(tokenBy(second)), ALICE);
    assert.deepEqual(await issuer.judge(tokenBy(first)), UNSIGNED);
  });

  test('that fails leaves its last answer in force, for a day', async () => {
    const issuer = remoteIssuer(setOf(first));
    await issuer.judge(tokenBy(first));
    for (const answer of [new Error('refused'), 'no JSON', '{}', '']) {
      issuer.answer = answer;
      issuer.clock.advance(11 * MINUTE);
      assert.deepEqual(await issuer.judge(tokenBy(first)), ALICE, String(answer));
    }
    issuer.clock.advance(DAY);
    assert.deepEqual(await issuer.judge(tokenBy(first)), { unavailable: true });
    issuer.answer = setOf(first);
    issuer.clock.advance(10_000);
    assert.deepEqual(await issuer.judge(tokenBy(first)), ALICE);
  });

  test('that was never reached is no reason to call a token wrong, nor to ask without end', async () => {
    const issuer = remoteIssuer(new Error('refused'));
    for (let i = 0; i < 50; i++) assert.deepEqual(await issuer.judge(tokenBy(first)), { unavailable: true });
    assert.equal(issuer.asked(), 1);
    issuer.clock.advance(10_000);
    issuer.answer = setOf(first);
    assert.deepEqual(await issuer.judge(tokenBy(first)), ALICE);
  });
});

test('a file is read again when it has changed; what is no set leaves the last one in force', () => {
  const told: string[] = [];
  const log: Log = { ...silentLog, warn: (message) => void told.push(message) };
  let text = setOf(first);
  const keys = fileKeys({ read: () => text, where: '/jwks.json', log });
  const count = (kid: string): number | undefined => {
    const found = keys.find({ alg: 'ES256', kid });
    assert.ok(!(found instanceof Promise));
    return found?.length;
  };
  assert.deepEqual([count('1'), count('2')], [1, 0]);
  text = setOf(second);
  assert.deepEqual([count('1'), count('2')], [0, 1]);
  text = 'half a fi';
  assert.deepEqual([count('1'), count('2')], [0, 1]);
  assert.deepEqual(told, ['what should be the keys of the token issuer is no JWK Set']);
  text = '{"keys":[]}';
  assert.deepEqual([count('1'), count('2')], [0, 0]);
  assert.equal(told.length, 2);
});
