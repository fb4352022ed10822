// Tests of access/jwt/judge.ts and what it judges by: tokens that are right, and every way to forge one.

import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  CLAIMS,
  NOW,
  ecSigner,
  encoded,
  judgeBy,
  macToken,
  rsaSigner,
  setOf,
  signedBy,
  tokenBy,
} from '../../../support/tokens.ts';

const rsa = rsaSigner('rsa-1');
const ec = ecSigner('ec-1');
const SET = setOf(rsa, ec);
const UNSIGNED = { problem: 'The token is not signed by the issuer of this server.' };
const ALICE = { client: 'alice' };

describe('tokens that are right', () => {
  const judge = judgeBy(SET);
  test('RS256 and ES256', () => {
    assert.deepEqual(judge(tokenBy(rsa)), ALICE);
    assert.deepEqual(judge(tokenBy(ec)), ALICE);
  });

  test('without a kid the keys of its algorithm are tried', () => {
    assert.deepEqual(judge(tokenBy(rsa, { header: { kid: undefined } })), ALICE);
  });

  test('the types of access tokens', () => {
    for (const typ of ['JWT', 'jwt', 'at+jwt', 'application/at+jwt', undefined]) {
      assert.deepEqual(judge(tokenBy(ec, { header: { typ } })), ALICE, String(typ));
    }
  });

  test('another claim may name the client', () => {
    assert.deepEqual(judgeBy(SET, { clientClaim: 'azp' })(tokenBy(ec, { claims: { azp: 'app-7' } })), {
      client: 'app-7',
    });
  });
});

describe('forged tokens', () => {
  const judge = judgeBy(SET);
  const refused = (token: string, name?: string): void => assert.deepEqual(judge(token), UNSIGNED, name);

  test('no signature, whatever the header calls it', () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', undefined, null, ['RS256'], 0]) {
      refused(`${encoded({ alg, kid: 'rsa-1' })}.${encoded(CLAIMS)}.`, String(alg));
    }
    const [header, claims] = tokenBy(rsa).split('.');
    refused(`${header}.${claims}.`);
    refused(`${header}.${claims}`);
  });

  test('the public key is not taken for a secret', () => {
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' });
    const der = rsa.publicKey.export({ type: 'spki', format: 'der' });
    for (const secret of [pem, String(pem).trim(), der, JSON.stringify(rsa.jwk), '']) {
      for (const alg of ['HS256', 'RS256', 'ES256']) refused(macToken(secret, { alg, kid: 'rsa-1' }), alg);
    }
    const set = JSON.stringify({ keys: [{ kty: 'oct', kid: 'k', k: encoded('secret'), alg: 'HS256' }] });
    assert.deepEqual(judgeBy(set)(macToken('secret', { alg: 'HS256', kid: 'k' })), UNSIGNED);
  });

  test('a key checks its own algorithm only', () => {
    refused(tokenBy(rsa, { header: { alg: 'ES256' } }));
    refused(tokenBy(ec, { header: { alg: 'RS256' } }));
    refused(tokenBy(rsa, { header: { alg: 'RS512' } }));
    refused(tokenBy(rsa, { header: { alg: 'PS256' } }));
    refused(tokenBy({ ...rsa, kid: 'ec-1' }));
    assert.deepEqual(judgeBy(SET, { algorithms: ['ES256'] })(tokenBy(rsa)), UNSIGNED);
  });

  test('a key that the token brings along is not looked at', () => {
    const own = rsaSigner('own');
    const jku = 'https://evil.example/jwks';
    refused(tokenBy(own, { header: { jwk: own.jwk, jku, x5u: jku, x5c: ['MII'] } }));
    refused(tokenBy({ ...own, kid: 'rsa-1' }, { header: { jwk: own.jwk } }));
    for (const kid of ['../../dev/null', "' OR 1=1", '__proto__', '', 7, null, {}, 'x'.repeat(300)]) {
      refused(tokenBy(own, { header: { kid } }), JSON.stringify(kid));
    }
  });

  test('what must be understood is not', () => {
    refused(tokenBy(rsa, { header: { crit: ['exp'] } }));
    refused(tokenBy(rsa, { header: { crit: [] } }));
    refused(tokenBy(rsa, { header: { b64: false, crit: ['b64'] } }));
    refused(tokenBy(rsa, { header: { b64: true } }));
  });

  test('a token for something else', () => {
    for (const typ of ['dpop+jwt', 'logout+jwt', 'secevent+jwt', '', 'jwt2', 5]) {
      refused(tokenBy(rsa, { header: { typ } }), String(typ));
    }
  });

  test('ES256 is r and s and nothing else', () => {
    const [header = '', claims = '', raw = ''] = tokenBy(ec).split('.');
    const text = `${header}.${claims}`;
    const der = sign('sha256', Buffer.from(text), ec.privateKey).toString('base64url');
    refused(`${text}.${der}`);
    const bytes = Buffer.from(raw, 'base64url');
    refused(`${text}.${Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64url')}`);
    refused(`${text}.${bytes.subarray(0, 63).toString('base64url')}`);
    refused(`${text}.${Buffer.alloc(64).toString('base64url')}`);
    refused(`${text}.${Buffer.alloc(64, 255).toString('base64url')}`);
  });

  test('base64url is read strictly', () => {
    const token = tokenBy(rsa);
    const [header = '', claims = '', signature = ''] = token.split('.');
    refused(`${token}=`);
    refused(` ${token}`);
    refused(`${header}.${claims}.${signature}.`);
    refused(`.${token}`);
    refused(`${header}.${claims}.${signature.slice(0, -1)}\n`);
    refused(`${header}.${claims}.${signature}A`);
    // 256 bytes leave four bits over in the last character; another one there would stand for the same bytes.
    const last = signature.at(-1) ?? '';
    const twin = { A: 'B', Q: 'R', g: 'h', w: 'x' }[last] ?? assert.fail(`${last} has bits left over`);
    refused(`${header}.${claims}.${signature.slice(0, -1)}${twin}`);
    const spaced = encoded(`{"alg":"RS256","kid":"rsa-1"}`);
    assert.deepEqual(judge(signedBy(rsa, spaced, encoded(CLAIMS))), ALICE);
    refused(signedBy(rsa, `${spaced}==`, encoded(CLAIMS)));
    refused(
      signedBy(
        rsa,
        spaced.replace(/.$/, (end) => `${end}+`),
        encoded(CLAIMS),
      ),
    );
  });

  test('what is signed must be an object in UTF-8, not too deep, and the whole not too long', () => {
    const header = encoded({ alg: 'RS256', kid: 'rsa-1' });
    for (const claims of ['[]', 'null', '"alice"', '7', '', '{', `${JSON.stringify(CLAIMS)}x`]) {
      refused(signedBy(rsa, header, encoded(claims)), claims);
    }
    const broken = Buffer.concat([Buffer.from('{"iss":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    refused(signedBy(rsa, header, broken.toString('base64url')));
    const deep = JSON.stringify(CLAIMS).replace('{', `{"x":${'['.repeat(17)}${']'.repeat(17)},`);
    refused(signedBy(rsa, header, encoded(deep)));
    const nested = `{"alg":"RS256","x":${'['.repeat(2000)}${']'.repeat(2000)}}`;
    refused(signedBy(rsa, encoded(nested), encoded(CLAIMS)));
    refused(tokenBy(rsa, { claims: { padding: 'x'.repeat(8192) } }));
    assert.deepEqual(judge(tokenBy(rsa, { claims: { padding: 'x'.repeat(5000) } })), ALICE);
  });
});

describe('keys that are not taken', () => {
  const without = (set: string, token: string): void => assert.deepEqual(judgeBy(set)(token), UNSIGNED);

  test('too weak, of another curve, for something else, or broken', () => {
    const weak = rsaSigner('weak', 1024);
    without(setOf(weak), tokenBy(weak));
    const curve = ecSigner('p384', 'P-384');
    without(setOf(curve), tokenBy(curve));
    without(setOf({ jwk: { ...curve.jwk, crv: 'P-256' } }), tokenBy(curve));
    for (const change of [
      { use: 'enc' },
      { key_ops: ['sign'] },
      { key_ops: 'verify' },
      { alg: 'RS512' },
      { kid: 7 },
      { n: 'AQAB' },
      { n: '' },
      { e: 'AQ' },
      { kty: 'EC' },
      { kty: 'oct' },
    ]) {
      without(setOf({ jwk: { ...rsa.jwk, ...change } }), tokenBy(rsa));
    }
    const off = { ...ec.jwk, y: encoded('not on the curve, and 32 bytes!!') };
    without(setOf({ jwk: off }), tokenBy(ec));
  });

  test('of two keys of one name either may have signed; of more than four none is tried', () => {
    const twin = rsaSigner('rsa-1');
    const twins = judgeBy(setOf(rsa, twin));
    assert.deepEqual(twins(tokenBy(rsa)), ALICE);
    assert.deepEqual(twins(tokenBy(twin)), ALICE);
    const many = setOf(rsa, rsa, rsa, rsa, rsa);
    assert.deepEqual(judgeBy(many)(tokenBy(rsa)), UNSIGNED);
    assert.deepEqual(judgeBy(setOf(rsa, rsa, rsa, rsa))(tokenBy(rsa)), ALICE);
  });

  test('what is no set is as good as none', () => {
    for (const set of ['', '[]', '{}', '{"keys":{}}', 'no JSON']) {
      assert.deepEqual(judgeBy(set)(tokenBy(rsa)), { unavailable: true }, set);
    }
    assert.deepEqual(judgeBy('{"keys":[null,1,"x",[]]}')(tokenBy(rsa)), UNSIGNED);
  });
});

describe('what a token says', () => {
  const judge = judgeBy(SET);
  const says = (claims: Record<string, unknown>): unknown => judge(tokenBy(ec, { claims }));

  test('the issuer, letter by letter', () => {
    const other = { problem: 'The token was made by another issuer.' };
    for (const iss of [
      'https://login.corp.example/',
      'HTTPS://login.corp.example',
      ['https://login.corp.example'],
      undefined,
      null,
    ]) {
      assert.deepEqual(says({ iss }), other, String(iss));
    }
  });

  test('the audience, one or several', () => {
    const other = { problem: 'The token is meant for another server.' };
    assert.deepEqual(says({ aud: ['other', 'anymodel'] }), ALICE);
    for (const aud of ['anymodel2', 'ANYMODEL', [], [['anymodel']], ['anymodel', 7], { 0: 'anymodel' }, undefined]) {
      assert.deepEqual(says({ aud }), other, JSON.stringify(aud));
    }
    assert.deepEqual(judgeBy(SET, { audience: ['a', 'b'] })(tokenBy(ec, { claims: { aud: 'b' } })), ALICE);
  });

  test('its time, with what clocks may differ', () => {
    const expired = { problem: 'The token has expired.' };
    const early = { problem: 'The token is not valid yet.' };
    assert.deepEqual(says({ exp: NOW - 59 }), ALICE);
    assert.deepEqual(says({ exp: NOW - 60 }), expired);
    assert.deepEqual(says({ nbf: NOW + 60 }), ALICE);
    assert.deepEqual(says({ nbf: NOW + 61 }), early);
    assert.deepEqual(says({ iat: NOW + 61 }), early);
    assert.deepEqual(says({ nbf: undefined, iat: undefined }), ALICE);
    assert.deepEqual(says({ nbf: String(NOW - 10) }), early);
    for (const exp of [undefined, null, String(NOW + 300), true, {}]) {
      assert.deepEqual(says({ exp }), { problem: 'The token does not say when it expires.' }, JSON.stringify(exp));
    }
    const endless = JSON.stringify(CLAIMS).replace(`"exp":${NOW + 300}`, '"exp":1e999');
    const header = encoded({ alg: 'ES256', kid: 'ec-1' });
    assert.deepEqual(judge(signedBy(ec, header, encoded(endless))), {
      problem: 'The token does not say when it expires.',
    });
  });

  test('who its bearer is', () => {
    const nobody = { problem: 'The token does not say who its bearer is.' };
    for (const sub of [undefined, '', 7, ['alice'], 'a\nb', 'a\u0000', 'a\u202eb', 'x'.repeat(201)]) {
      assert.deepEqual(says({ sub }), nobody, String(sub));
    }
    for (const clientClaim of ['toString', '__proto__', 'constructor']) {
      assert.deepEqual(judgeBy(SET, { clientClaim })(tokenBy(ec)), nobody, clientClaim);
    }
  });

  test('the scopes it must have, in any of their spellings', () => {
    const scoped = judgeBy(SET, { requiredScopes: ['ask', 'list'] });
    const ask = (claims: Record<string, unknown>): unknown => scoped(tokenBy(ec, { claims }));
    assert.deepEqual(ask({ scope: 'other list ask' }), ALICE);
    assert.deepEqual(ask({ scp: ['ask', 'list'] }), ALICE);
    assert.deepEqual(ask({ scp: 'ask list' }), ALICE);
    for (const scope of [undefined, 'ask', 'ASK LIST', 'asklist', 'ask\tlist', { ask: true }]) {
      assert.deepEqual(ask({ scope }), { lacksScope: true }, JSON.stringify(scope));
    }
  });
});
