// http through a proxy: the request is handed to it with its whole address, and the answer is the server's, but for
// the one that asks for credentials.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rawServer, reply } from '../../../../support/loopback.ts';
import { asking, faultOf, openPooled, settled, textOf } from '../clients.ts';
import { pem, tlsServer } from '../tls.ts';

const post = asking({ method: 'POST', body: '{}', headers: { authorization: 'Bearer k' } });

describe('a request that a proxy is handed', () => {
  test('names the whole address, and both parties’ credentials; the connection is kept', async (t) => {
    const proxy = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
    const send = openPooled(t, { route: { proxies: { http: `http://u:p@127.0.0.1:${proxy.port}` } } });
    for (let i = 0; i < 2; i++) {
      assert.equal(await textOf(await send('http://llm.corp.test:8080/v1/chat?a=1', post)), 'ok');
      await settled(() => proxy.seen.length);
    }
    assert.equal(
      proxy.seen[0]?.head,
      'POST http://llm.corp.test:8080/v1/chat?a=1 HTTP/1.1\r\nhost: llm.corp.test:8080\r\nconnection: keep-alive\r\n' +
        'accept-encoding: identity\r\nproxy-authorization: Basic dTpw\r\nauthorization: Bearer k\r\ncontent-length: 2\r\n\r\n',
    );
    assert.equal(proxy.connections(), 1);
  });

  test('shares no connection with those to other hosts', async (t) => {
    const proxy = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
    const send = openPooled(t, { route: { proxy: `127.0.0.1:${proxy.port}` } });
    for (const host of ['a.test', 'b.test', 'a.test']) {
      await textOf(await send(`http://${host}/`, post));
      await settled(() => proxy.seen.length);
    }
    assert.deepEqual(
      proxy.seen.map(({ connection }) => connection),
      [1, 2, 1],
    );
  });

  test('goes over TLS to a proxy that wants it', async (t) => {
    const heads: string[] = [];
    const proxy = await tlsServer(
      t,
      (socket) => socket.on('data', (bytes) => (heads.push(String(bytes)), socket.write(reply('ok')))),
      { as: 'corp-server' },
    );
    const route = { authorities: pem('corp-ca.cert'), proxy: `https://localhost:${proxy.port}` };
    assert.equal(await textOf(await openPooled(t, { route })('http://llm.corp.test/', post)), 'ok');
    assert.match(heads[0] ?? '', /^POST http:\/\/llm\.corp\.test\/ HTTP\/1\.1\r\n/);
  });

  test('is answered with whatever the server, or the proxy for it, says', async (t) => {
    const proxy = await rawServer(t, ({ socket }) => socket.write(reply('down', '503 Service Unavailable')));
    const send = openPooled(t, { route: { proxy: `127.0.0.1:${proxy.port}` } });
    const response = await send('http://llm.corp.test/', post);
    assert.deepEqual([response.status, await textOf(response)], [503, 'down']);
  });

  test('but for a 407, which is NETWORK proxy; without a proxy it is an answer like any other', async (t) => {
    const proxy = await rawServer(t, ({ socket }) => {
      socket.write(reply('<html>', '407 Proxy Authentication Required', 'Proxy-Authenticate: Basic realm="x"\r\n'));
    });
    const fault = await faultOf(
      openPooled(t, { route: { proxies: { all: `127.0.0.1:${proxy.port}` } } })('http://llm.corp.test/', post),
    );
    assert.deepEqual([fault.kind, fault.data.upstreamCode, fault.retry], ['NETWORK', 'proxy', 'elsewhere']);
    assert.equal(fault.message, `The proxy 127.0.0.1:${proxy.port} asks for a user name and a password (407).`);
    assert.equal(
      fault.data.next,
      `Write them into ALL_PROXY, percent-encoded: http://USER:PASSWORD@127.0.0.1:${proxy.port}.`,
    );
    const direct = await openPooled(t)(`${proxy.origin}/`, post);
    assert.equal(direct.status, 407);
    await textOf(direct);
  });

  test('and for tinyproxy’s 401, which another’s is not', async (t) => {
    const proxy = await rawServer(t, ({ socket, nth }) => {
      socket.write(reply('', '401 Unauthorized', nth === 1 ? 'Server: nginx\r\n' : 'Server: tinyproxy/1.11.1\r\n'));
    });
    const send = openPooled(t, { route: { proxy: `u:p@127.0.0.1:${proxy.port}` } });
    const response = await send('http://llm.corp.test/', post);
    assert.deepEqual([response.status, await textOf(response)], [401, '']);
    await settled(() => proxy.seen.length);
    const fault = await faultOf(send('http://llm.corp.test/', post));
    assert.equal(
      fault.message,
      `The proxy 127.0.0.1:${proxy.port} does not accept the user name and the password of the provider's proxy setting (401).`,
    );
  });

  test('that is dropped says by whom', async (t) => {
    const proxy = await rawServer(t, ({ socket }) => socket.destroy());
    const send = openPooled(t, { route: { proxy: `127.0.0.1:${proxy.port}` } });
    const fault = await faultOf(send('http://llm.corp.test/', post));
    assert.equal(
      fault.message,
      `llm.corp.test:80 (by the proxy 127.0.0.1:${proxy.port}) closed the connection before it answered.`,
    );
  });
});
