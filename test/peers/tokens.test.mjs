// Tokens made by an independent implementation (jose), judged by ours, and keys it exports, read by ours.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from 'jose';
import { tsImport } from 'tsx/esm/api';

const { tokenJudge } = await tsImport('../../src/access/jwt/judge.ts', import.meta.url);
const { fileKeys } = await tsImport('../../src/access/jwt/key-source.ts', import.meta.url);

const RULES = {
  issuer: 'https://login.corp.example',
  audience: ['anymodel'],
  algorithms: ['RS256', 'ES256'],
  clockSkewMs: 60_000,
  clientClaim: 'sub',
  requiredScopes: ['ask'],
};
const clock = { now: () => 0, wall: () => Date.now(), after: () => () => {} };
const log = { warn: (message) => assert.fail(message) };

async function issuer(alg, kid) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  const token = (claims = {}, header = {}) =>
    new SignJWT({ scope: 'openid ask', ...claims })
      .setProtectedHeader({ alg, kid, typ: 'at+jwt', ...header })
      .setIssuer('https://login.corp.example')
      .setAudience('anymodel')
      .setSubject('alice')
      .setIssuedAt()
      .setNotBefore('0s')
      .setExpirationTime('5m')
      .sign(privateKey);
  return { jwk, token };
}

function judgeOf(...keys) {
  const text = JSON.stringify({ keys });
  return tokenJudge({ rules: RULES, keys: fileKeys({ read: () => text, where: 'test', log }), clock });
}

const UNSIGNED = { problem: 'The token is not signed by the issuer of this server.' };

for (const alg of ['RS256', 'ES256']) {
  test(`${alg} tokens and keys of jose are taken`, async () => {
    const [one, two] = [await issuer(alg, 'one'), await issuer(alg, 'two')];
    const judge = judgeOf(one.jwk, two.jwk);
    for (let i = 0; i < 50; i++) {
      assert.deepEqual(judge(await one.token()), { client: 'alice' });
      assert.deepEqual(judge(await two.token({ sub: 'x' })), { client: 'alice' });
    }
    assert.deepEqual(judgeOf(two.jwk)(await one.token()), UNSIGNED);
    assert.deepEqual(judgeOf({ ...two.jwk, kid: 'one' })(await one.token()), UNSIGNED);
    assert.deepEqual(judge(await one.token({ scope: 'openid' })), { lacksScope: true });
  });
}

test('what it makes of other algorithms, and without a signature, is not', async () => {
  for (const alg of ['PS256', 'RS512', 'ES384']) {
    const { jwk, token } = await issuer(alg, 'one');
    const keys = [jwk, { ...jwk, alg: undefined }, { ...jwk, alg: alg.startsWith('ES') ? 'ES256' : 'RS256' }];
    const text = JSON.stringify({ keys });
    const judge = tokenJudge({
      rules: RULES,
      keys: fileKeys({ read: () => text, where: 'test', log: { warn() {} } }),
      clock,
    });
    assert.deepEqual(judge(await token()), UNSIGNED, alg);
  }
  const { jwk } = await issuer('RS256', 'one');
  const bare = new UnsecuredJWT({ scope: 'ask' })
    .setIssuer('https://login.corp.example')
    .setAudience('anymodel')
    .setSubject('alice')
    .setExpirationTime('5m')
    .encode();
  assert.deepEqual(judgeOf(jwk)(bare), UNSIGNED);
});
