// The order of questions about a request, and what the answers to them are: path, Host and Origin, OPTIONS, method, key.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Log } from '../../../../src/core/log.ts';
import { silentLog } from '../../../../src/core/log.ts';
import type { Face } from '../../../../src/transports/http/faces.ts';
import type { Authenticate } from '../../../../src/transports/http/receive.ts';
import type { Caller } from '../../../../src/wire/exchange.ts';
import { rawClient } from '../../../support/raw-client.ts';
import { openStand } from './stand.ts';

const seen: Caller[] = [];
const faces: readonly Face[] = [
  {
    path: '/mcp',
    methods: ['POST'],
    serve: (exchange, caller) => {
      seen.push(caller);
      exchange.reply(200, {}, 'served');
    },
  },
  { path: '/tree', isTree: true, methods: ['GET'], serve: (exchange) => exchange.reply(200, {}, 'outer') },
  { path: '/tree/deep', isTree: true, methods: ['GET'], serve: (exchange) => exchange.reply(200, {}, 'inner') },
  {
    path: '/own',
    methods: ['POST'],
    refusal: ({ message }) => JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message } }),
    serve: () => Promise.reject(new Error('secret detail')),
  },
  { path: '/names', isTree: true, hasNames: true, methods: ['GET'], serve: (it) => it.reply(200, {}, it.path) },
  { path: '/open', methods: ['GET', 'HEAD'], isOpen: true, serve: (exchange) => exchange.reply(200, {}, 'open') },
];

const keyed: Authenticate = (header) =>
  header('authorization') === 'Bearer right'
    ? { caller: { client: 'me' } }
    : { refusal: { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: 'no' } };

interface More {
  readonly authenticate?: Authenticate;
  readonly log?: Log;
}

/** The whole answer to one request, after which the connection is closed. */
async function ask(t: TestContext, line: string, headers = '', more: More = {}): Promise<string> {
  const { port } = await openStand(t, { faces, authenticate: keyed, ...more });
  const client = await rawClient(t, port);
  client.send(`${line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${headers}\r\n`);
  return client.closed();
}

const RIGHT = 'authorization: Bearer right\r\n';
const PAGE = 'origin: http://localhost:6274\r\n';

describe('a request', () => {
  test('with the right key is served, and its caller is told', async (t) => {
    assert.match(await ask(t, 'POST /mcp', RIGHT), /^HTTP\/1\.1 200 [^]*served$/);
    assert.deepEqual(seen.at(-1), { client: 'me' });
  });

  test('may have an encoded slash in a name, and nowhere else', async (t) => {
    assert.match(await ask(t, 'GET /names/a%2Fb/c%2fd', RIGHT), / 200 [^]*\/names\/a\/b\/c\/d$/);
    assert.match(await ask(t, 'GET /names/a%2Fb'), / 401 /);
    for (const path of [
      '/names%2Fa',
      '/%2fnames/a',
      '/tree/a%2Fb',
      '/names/a%2F..%2F..%2Fmcp',
      '/names/..%2Fx',
      '/x/a%2Fb',
    ]) {
      assert.match(await ask(t, `GET ${path}`, RIGHT), / 400 [^]*malformed_target/, path);
    }
  });

  test('without a key is refused as who keeps them says', async (t) => {
    assert.match(await ask(t, 'POST /mcp'), /^HTTP\/1\.1 401 [^]*www-authenticate: Bearer\r\n[^]*\r\n\r\nno$/i);
  });

  test('waits for who takes time to find out', async (t) => {
    const slowly: Authenticate = async (header, facts) => keyed(header, facts);
    assert.match(await ask(t, 'POST /mcp', RIGHT, { authenticate: slowly }), / 200 [^]*served$/);
  });

  test('is answered 500 when it cannot be found out who asks', async (t) => {
    const broken: Authenticate = () => {
      throw new Error('secret detail');
    };
    const rejecting: Authenticate = () => Promise.reject(new Error('secret detail'));
    for (const authenticate of [broken, rejecting]) {
      const answer = await ask(t, 'POST /mcp', RIGHT, { authenticate });
      assert.match(answer, /^HTTP\/1\.1 500 [^]*"internal"/);
      assert.ok(!answer.includes('secret detail'));
    }
  });

  test('whose server fails is answered 500 in the form of its path, and told in the log', async (t) => {
    const told: string[] = [];
    const answer = await ask(t, 'POST /own', RIGHT, {
      log: { ...silentLog, error: (message) => void told.push(message) },
    });
    assert.match(
      answer,
      /^HTTP\/1\.1 500 [^]*\{"jsonrpc":"2\.0","error":\{"code":-32000,"message":"Internal error\."\}\}$/,
    );
    assert.deepEqual(told, ['a request failed, which is a defect']);
  });

  test('for a path that is not there is answered 404, without a key too', async (t) => {
    for (const path of ['/', '/mcpx', '/mcp/more', '//mcp', '/.well-known/oauth-protected-resource']) {
      assert.match(await ask(t, `GET ${path}`), /^HTTP\/1\.1 404 [^]*application\/json[^]*"not_found"/);
    }
  });

  test('goes to the nearest path above', async (t) => {
    assert.match(await ask(t, 'GET /tree/a/b', RIGHT), /outer$/);
    assert.match(await ask(t, 'GET /tree/deep/b', RIGHT), /inner$/);
    assert.match(await ask(t, 'GET /tree', RIGHT), /outer$/);
  });

  test('with another method is answered 405 with those there are', async (t) => {
    assert.match(await ask(t, 'GET /mcp', RIGHT), /^HTTP\/1\.1 405 [^]*allow: POST, OPTIONS\r\n/);
    assert.match(await ask(t, 'HEAD /mcp', RIGHT), /^HTTP\/1\.1 405 /);
    assert.match(await ask(t, 'TRACE /mcp', RIGHT), /^HTTP\/1\.1 405 /);
  });

  test('by HEAD has no body', async (t) => {
    assert.match(await ask(t, 'HEAD /open'), /^HTTP\/1\.1 200 [^]*content-length: 4\r\n[^]*\r\n\r\n$/);
  });

  test('of a foreign page is refused before the key is looked at, in the form of its path', async (t) => {
    const answer = await ask(t, 'POST /own', 'origin: https://evil.example\r\n');
    assert.match(answer, /^HTTP\/1\.1 403 [^]*\{"jsonrpc":"2\.0","error"/);
    assert.ok(!/access-control/i.test(answer));
  });

  test('of a page of its own carries what the page may see, refusals too', async (t) => {
    for (const answer of [await ask(t, 'POST /mcp', RIGHT + PAGE), await ask(t, 'POST /mcp', PAGE)]) {
      assert.match(answer, /access-control-allow-origin: http:\/\/localhost:6274\r\n/);
      assert.match(answer, /access-control-expose-headers: mcp-session-id, www-authenticate/);
      assert.match(answer, /vary: origin\r\n/);
    }
  });

  test('for an open path is served to everybody, and to no page by name', async (t) => {
    const answer = await ask(t, 'GET /open', 'origin: https://evil.example\r\n');
    assert.match(answer, /^HTTP\/1\.1 200 [^]*open$/);
    assert.ok(!/access-control/i.test(answer));
  });
});

describe('OPTIONS', () => {
  const preflight = 'access-control-request-method: POST\r\n';

  test('of a page of its own says what it may send, without a key', async (t) => {
    const asked = 'access-control-request-headers: content-type,mcp-param-region,x-odd,mcp-param-\u00e9\r\n';
    const answer = await ask(t, 'OPTIONS /mcp', PAGE + preflight + asked);
    assert.match(answer, /^HTTP\/1\.1 204 /);
    assert.match(answer, /access-control-allow-methods: POST\r\n/);
    const [, allowed = ''] = /access-control-allow-headers: (.*)\r\n/.exec(answer) ?? [];
    for (const name of [
      'mcp-session-id',
      'mcp-protocol-version',
      'mcp-method',
      'mcp-name',
      'last-event-id',
      'x-api-key',
    ]) {
      assert.ok(allowed.split(', ').includes(name), name);
    }
    assert.ok(allowed.endsWith(', mcp-param-region'), allowed);
  });

  test('of a foreign page says nothing', async (t) => {
    const answer = await ask(t, 'OPTIONS /mcp', `origin: https://evil.example\r\n${preflight}`);
    assert.match(answer, /^HTTP\/1\.1 403 /);
    assert.ok(!/access-control/i.test(answer));
  });

  test('of no page says which methods there are', async (t) => {
    const answer = await ask(t, 'OPTIONS /open');
    assert.match(answer, /^HTTP\/1\.1 204 [^]*allow: GET, HEAD, OPTIONS\r\n/);
    assert.ok(!answer.includes('content-length'));
    assert.match(await ask(t, 'OPTIONS *'), /^HTTP\/1\.1 204 /);
    assert.match(await ask(t, 'OPTIONS /nowhere'), /^HTTP\/1\.1 404 /);
  });
});
