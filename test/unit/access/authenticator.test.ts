// Tests of access/authenticator.ts: who is let in, what others are told, and what neither an answer nor the time an
// answer takes may tell.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { createAuthenticator } from '../../../src/access/authenticator.ts';
import type { AccessRules, Authenticator, Verdict } from '../../../src/access/authenticator.ts';
import type { KnownKey } from '../../../src/access/keyring.ts';
import { RULES, ecSigner, judgeBy, remoteIssuer, setOf, tokenBy } from '../../support/tokens.ts';

const KEYS: readonly KnownKey[] = ['first', 'second', 'last'].map((name) => ({
  name,
  sha256: createHash('sha256').update(`key-of-${name}`).digest('hex'),
}));
const signer = ecSigner('1');
const SET = setOf(signer);

interface Given {
  readonly rules?: Partial<AccessRules>;
  readonly publicUrl?: string;
  readonly compared?: () => void;
}

interface Made {
  readonly authenticator: Authenticator;
  readonly registered: string[];
}

function made({ rules = {}, publicUrl, compared = () => {} }: Given = {}): Made {
  const registered: string[] = [];
  const all: AccessRules = { isOpen: false, keys: () => KEYS, ...rules };
  const authenticator = createAuthenticator({
    rules: () => all,
    register: (secret) => void registered.push(secret),
    publicUrl,
    scheme: 'http',
    same(one, other) {
      compared();
      return Buffer.compare(one, other) === 0;
    },
  });
  return { authenticator, registered };
}

const withTokens = (requiredScopes: readonly string[] = []): Partial<AccessRules> => ({
  tokens: { ...RULES, requiredScopes, judge: judgeBy(SET, { requiredScopes }) },
});

function headers(given: Readonly<Record<string, string>>): (name: string) => string | undefined {
  return (name) => given[name.toLowerCase()];
}

function verdict({ authenticator }: Made, given: Readonly<Record<string, string>>): Verdict {
  const answer = authenticator.authenticate(headers(given));
  assert.ok(!(answer instanceof Promise));
  return answer;
}

function refusal(
  one: Made,
  given: Readonly<Record<string, string>>,
): { status: number; challenge: string; body: string } {
  const answer = verdict(one, given);
  assert.ok('refusal' in answer, JSON.stringify(answer));
  const { status, headers: sent, body } = answer.refusal;
  assert.equal(sent['content-type'], 'application/json');
  assert.equal(sent['cache-control'], 'no-store');
  return { status, challenge: sent['www-authenticate'] ?? '', body };
}

describe('keys', () => {
  test('either header, either case of the scheme', () => {
    for (const given of [
      { authorization: 'Bearer key-of-second' },
      { authorization: 'bearer   key-of-second' },
      { 'x-api-key': 'key-of-second' },
      { authorization: 'Basic dXNlcjp3b3Jk', 'x-api-key': 'key-of-second' },
      { authorization: 'Bearer key-of-second', 'x-api-key': 'wrong' },
    ]) {
      assert.deepEqual(verdict(made(), given), { caller: { client: 'second' } }, JSON.stringify(given));
    }
  });

  test('nothing given: a plain challenge, and where to put a key', () => {
    assert.deepEqual(refusal(made(), {}), {
      status: 401,
      challenge: 'Bearer realm="anymodel-mcp"',
      body: '{"error":{"code":"missing_api_key","message":"A key is needed: send it as \\"Authorization: Bearer KEY\\", or as \\"X-API-Key: KEY\\".","type":"authentication_error"}}',
    });
    assert.equal(
      refusal(made(), { authorization: 'Basic a2V5LW9mLXNlY29uZA==' }).challenge,
      'Bearer realm="anymodel-mcp"',
    );
  });

  test('something wrong: an invalid token, and not a word of what was given', () => {
    for (const text of [
      'wrong-key-canary',
      'key-of-secon',
      'key-of-second2',
      'KEY-OF-SECOND',
      'key-of-first,key-of-second',
      'key-of-first, Bearer key-of-second',
      'key-of-first key-of-second',
      'key-of-\u00e9',
      'a"b\\c-canary',
      '',
    ]) {
      const { status, challenge, body } = refusal(made(), { authorization: `Bearer ${text}` });
      assert.deepEqual([status, challenge], [401, 'Bearer realm="anymodel-mcp", error="invalid_token"'], text);
      assert.equal(
        body,
        '{"error":{"code":"invalid_api_key","message":"The key is none of this server.","type":"authentication_error"}}',
      );
    }
    assert.equal(refusal(made(), { 'x-api-key': 'wrong' }).status, 401);
    assert.equal(refusal(made(), { authorization: 'Bearer wrong', 'x-api-key': 'key-of-first' }).status, 401);
  });

  test("the digest of a key is no key, and an empty key is nobody's", () => {
    const [first] = KEYS;
    assert.equal(refusal(made(), { authorization: `Bearer ${first?.sha256}` }).status, 401);
    const empty = { name: 'empty', sha256: createHash('sha256').update('').digest('hex') };
    const open = made({ rules: { keys: () => [empty] } });
    assert.equal(refusal(open, {}).status, 401);
    assert.equal(refusal(open, { authorization: 'Bearer ' }).status, 401);
    assert.equal(refusal(open, { 'x-api-key': '' }).status, 401);
  });

  test('a key is registered as a secret once it is known to be one, and what is wrong is kept nowhere', () => {
    const one = made();
    verdict(one, { authorization: 'Bearer wrong' });
    assert.deepEqual(one.registered, []);
    verdict(one, { 'x-api-key': 'key-of-last' });
    assert.deepEqual(one.registered, ['key-of-last']);
  });

  test('as many comparisons for the first key as for the last, a wrong one, and none', () => {
    let count = 0;
    const one = made({ rules: withTokens(), compared: () => void (count += 1) });
    const comparisons = (given: Record<string, string>): number => {
      count = 0;
      verdict(one, given);
      return count;
    };
    for (const given of [
      { authorization: 'Bearer key-of-first' },
      { 'x-api-key': 'key-of-last' },
      { authorization: 'Bearer wrong' },
      { authorization: `Bearer ${tokenBy(signer)}` },
      { authorization: 'Bearer not a key' },
      { authorization: 'Basic abc' },
      {},
    ]) {
      assert.equal(comparisons(given), 3, JSON.stringify(given));
    }
  });

  test('rules that change count from the next request on', () => {
    let keys = KEYS;
    const one = made({ rules: { keys: () => keys } });
    assert.ok('caller' in verdict(one, { 'x-api-key': 'key-of-last' }));
    assert.equal(one.authenticator.isKnown('last'), true);
    keys = KEYS.slice(0, 1);
    assert.equal(refusal(one, { 'x-api-key': 'key-of-last' }).status, 401);
    assert.deepEqual(verdict(one, { 'x-api-key': 'key-of-first' }), { caller: { client: 'first' } });
    assert.equal(one.authenticator.isKnown('last'), false);
    keys = KEYS.slice(1);
    assert.deepEqual(verdict(one, { 'x-api-key': 'key-of-last' }), { caller: { client: 'last' } });
  });

  test('no key is a header that says so in a query or a cookie', () => {
    const asked: string[] = [];
    void made().authenticator.authenticate((name) => {
      asked.push(name);
      return undefined;
    });
    assert.deepEqual(asked, ['authorization', 'x-api-key']);
  });
});

test('where everybody is let in nobody has a name, and no header is read', () => {
  const { authenticator } = made({ rules: { isOpen: true } });
  assert.deepEqual(
    authenticator.authenticate(() => assert.fail('a header was read')),
    { caller: {} },
  );
  assert.deepEqual([authenticator.isKnown(undefined), authenticator.isKnown('first')], [true, false]);
  assert.equal(made().authenticator.isKnown(undefined), false);
});

describe('tokens', () => {
  const bearer = (token: string, host = '127.0.0.1:8000'): Record<string, string> => ({
    authorization: `Bearer ${token}`,
    host,
  });

  test('let in under a name that no key can have', () => {
    const one = made({ rules: withTokens() });
    assert.deepEqual(verdict(one, bearer(tokenBy(signer))), { caller: { client: 'jwt:alice' } });
    const first = tokenBy(signer, { claims: { sub: 'first' } });
    assert.deepEqual(verdict(one, bearer(first)), { caller: { client: 'jwt:first' } });
    assert.deepEqual(one.registered, []);
    assert.equal(one.authenticator.isKnown('jwt:alice'), true);
    assert.equal(made().authenticator.isKnown('jwt:alice'), false);
  });

  test('as bearers only, and only where tokens are taken', () => {
    const token = tokenBy(signer);
    assert.equal(refusal(made({ rules: withTokens() }), { 'x-api-key': token }).status, 401);
    assert.equal(refusal(made(), bearer(token)).status, 401);
  });

  test('the challenge says where to get one, and why one was refused', () => {
    const one = made({ rules: withTokens() });
    const where = 'resource_metadata="http://127.0.0.1:8000/.well-known/oauth-protected-resource/mcp"';
    assert.equal(refusal(one, { host: '127.0.0.1:8000' }).challenge, `Bearer realm="anymodel-mcp", ${where}`);
    assert.equal(
      refusal(one, bearer(tokenBy(signer, { claims: { exp: 1 } }))).challenge,
      `Bearer realm="anymodel-mcp", ${where}, error="invalid_token", error_description="The token has expired."`,
    );
    assert.equal(
      refusal(one, bearer('wrong')).challenge,
      `Bearer realm="anymodel-mcp", ${where}, error="invalid_token"`,
    );
  });

  test('one that is right and not enough is forbidden', () => {
    const one = made({ rules: withTokens(['ask', 'list']), publicUrl: 'https://mcp.corp.example' });
    const where = 'resource_metadata="https://mcp.corp.example/.well-known/oauth-protected-resource/mcp"';
    const { status, challenge, body } = refusal(one, bearer(tokenBy(signer, { claims: { scope: 'ask' } })));
    assert.deepEqual(
      [status, challenge],
      [403, `Bearer realm="anymodel-mcp", ${where}, error="insufficient_scope", scope="ask list"`],
    );
    assert.match(body, /"insufficient_scope"/);
    assert.equal(refusal(one, {}).challenge, `Bearer realm="anymodel-mcp", ${where}, scope="ask list"`);
  });

  test('a host that is none is not repeated', () => {
    const one = made({ rules: withTokens() });
    for (const host of [
      '',
      'a b',
      'evil"x',
      'evil\r\nX: 1',
      'user@host',
      'host/path',
      'host:port',
      '[::1',
      'x'.repeat(300),
    ]) {
      assert.equal(refusal(one, { host }).challenge, 'Bearer realm="anymodel-mcp"', host);
    }
    assert.match(refusal(one, { host: '[::1]:8000' }).challenge, /"http:\/\/\[::1\]:8000\/\.well-known/);
  });

  test('an issuer that cannot be reached is our failure', async () => {
    const issuer = remoteIssuer(new Error('refused'));
    const one = made({ rules: { tokens: { ...RULES, judge: issuer.judge } } });
    const answer = await one.authenticator.authenticate(headers(bearer(tokenBy(signer))));
    assert.ok('refusal' in answer);
    assert.equal(answer.refusal.status, 503);
    assert.equal(answer.refusal.headers['retry-after'], '10');
    assert.equal(answer.refusal.headers['www-authenticate'], undefined);
    issuer.answer = SET;
    issuer.clock.advance(10_000);
    assert.deepEqual(await one.authenticator.authenticate(headers(bearer(tokenBy(signer)))), {
      caller: { client: 'jwt:alice' },
    });
  });
});

describe('OAuth metadata', () => {
  const get = (one: Made, path: string, host = '127.0.0.1:8000'): { status: number | undefined; body: unknown } => {
    const answer = one.authenticator.wellKnown(path, headers({ host }));
    return { status: answer?.status, body: answer && JSON.parse(answer.body) };
  };
  const ROOT = '/.well-known/oauth-protected-resource';

  test('names the resource its own address stands for, and the issuer', () => {
    const one = made({ rules: withTokens(['ask']) });
    const document = {
      resource: 'http://127.0.0.1:8000/mcp',
      authorization_servers: ['https://login.corp.example'],
      bearer_methods_supported: ['header'],
      scopes_supported: ['ask'],
      resource_name: 'anymodel-mcp',
    };
    assert.deepEqual(get(one, `${ROOT}/mcp`), { status: 200, body: document });
    assert.deepEqual(get(one, ROOT), { status: 200, body: { ...document, resource: 'http://127.0.0.1:8000' } });
    const named = made({ rules: withTokens(), publicUrl: 'https://mcp.corp.example/llm' });
    assert.deepEqual(get(named, `${ROOT}/mcp`), {
      status: 200,
      body: {
        resource: 'https://mcp.corp.example/llm/mcp',
        authorization_servers: ['https://login.corp.example'],
        bearer_methods_supported: ['header'],
        resource_name: 'anymodel-mcp',
      },
    });
  });

  test('is not there for other paths, nor where only keys are taken', () => {
    const one = made({ rules: withTokens() });
    for (const path of [`${ROOT}/sse`, `${ROOT}/`, `${ROOT}mcp`, '/.well-known/oauth-authorization-server']) {
      assert.equal(get(one, path).status, 404, path);
    }
    assert.equal(get(one, ROOT, 'no host').status, 404);
    const answer = made().authenticator.wellKnown(ROOT, headers({ host: 'localhost' }));
    assert.equal(answer?.status, 404);
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.equal(answer.body, '{"error":{"message":"There is no such OAuth metadata here.","type":"not_found_error"}}');
    assert.equal(made().authenticator.wellKnown('/mcp', headers({})), undefined);
    assert.equal(made().authenticator.wellKnown('/.well-known/security.txt', headers({})), undefined);
  });
});
