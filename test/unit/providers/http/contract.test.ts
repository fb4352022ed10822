// What both clients promise of requests, heads and whole bodies: the contract of src/providers/fetch.ts.
// What ends badly is in broken.test.ts.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync } from 'node:zlib';
import { chunk, chunkedHead, listen, rawServer, reply, WITHOUT_IPV6 } from '../../../support/loopback.ts';
import { asking, CLIENTS, textOf } from './clients.ts';

for (const { name, open } of CLIENTS) {
  describe(`${name} client`, () => {
    test('sends method, path, query, headers and the length of the body in bytes', async (t) => {
      const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
      const response = await open(t)(
        `${server.origin}/v1/chat?api-version=1`,
        asking({ method: 'POST', headers: { authorization: 'Bearer k', 'x-request-id': 'r1' }, body: '{"a":"é€😀"}' }),
      );
      assert.equal(await textOf(response), 'ok');
      const head = server.seen[0]?.head.toLowerCase() ?? '';
      assert.match(head, /^post \/v1\/chat\?api-version=1 http\/1\.1\r\n/);
      assert.ok(head.includes(`\r\nhost: 127.0.0.1:${server.port}\r\n`));
      assert.ok(head.includes('\r\nauthorization: bearer k\r\n'));
      assert.ok(head.includes('\r\nx-request-id: r1\r\n'));
      assert.ok(head.includes('\r\naccept-encoding: identity\r\n'));
      assert.ok(head.includes('\r\ncontent-length: 17\r\n'));
      assert.ok(!head.includes('transfer-encoding'));
      assert.equal(server.seen[0]?.body, '{"a":"é€😀"}');
    });

    test('sends a GET without a body', async (t) => {
      const server = await rawServer(t, ({ socket }) => socket.write(reply('[]')));
      await textOf(await open(t)(`${server.origin}/models`, asking()));
      const head = server.seen[0]?.head ?? '';
      assert.match(head, /^GET \/models HTTP\/1\.1\r\n/);
      assert.doesNotMatch(head, /content-length|transfer-encoding/i);
    });

    test('turns user name and password of the URL into a header', async (t) => {
      const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
      const send = open(t);
      await textOf(await send(`http://us%40er:pa%3Ass@127.0.0.1:${server.port}/`, asking()));
      await textOf(
        await send(`http://u:p@127.0.0.1:${server.port}/`, asking({ headers: { authorization: 'Bearer k' } })),
      );
      assert.match(server.seen[0]?.head ?? '', /authorization: Basic dXNAZXI6cGE6c3M=\r\n/i);
      assert.match(server.seen[1]?.head ?? '', /authorization: Bearer k\r\n/i);
      assert.doesNotMatch(server.seen[1]?.head ?? '', /Basic/);
    });

    test('resolves on any status, with headers asked for in any case', async (t) => {
      const server = await rawServer(t, ({ socket }) => {
        socket.write(reply('{"error":1}', '503 Busy', 'Retry-After: 7\r\nx-two: a\r\nX-Two: b\r\n'));
      });
      const response = await open(t)(`${server.origin}/`, asking());
      assert.equal(response.status, 503);
      assert.equal(response.headers.get('retry-after'), '7');
      assert.equal(response.headers.get('Retry-After'), '7');
      assert.equal(response.headers.get('x-two'), 'a, b');
      assert.equal(response.headers.get('absent'), null);
      assert.equal(await textOf(response), '{"error":1}');
    });

    test('answers a redirect as it is and takes no key elsewhere (case 91)', async (t) => {
      const other = await rawServer(t, ({ socket }) => socket.write(reply('stolen')));
      const server = await rawServer(t, ({ socket }) => {
        socket.write(reply('', '302 Found', `location: ${other.origin}/x\r\n`));
      });
      const response = await open(t)(
        `${server.origin}/`,
        asking({ method: 'POST', body: '{}', headers: { 'x-api-key': 'k' } }),
      );
      assert.equal(response.status, 302);
      assert.equal(response.headers.get('location'), `${other.origin}/x`);
      assert.equal(await textOf(response), '');
      assert.equal(other.connections(), 0);
    });

    test('reads chunked, counted, endless and empty bodies', async (t) => {
      const server = await rawServer(t, ({ socket, head }) => {
        if (head.includes('/chunked')) socket.write(chunkedHead());
        if (head.includes('/chunked')) for (const part of ['ab', 'c', '']) socket.write(chunk(part));
        if (head.includes('/counted')) socket.write(reply('counted'));
        if (head.includes('/endless')) socket.end('HTTP/1.1 200 OK\r\n\r\nendless');
        if (head.includes('/empty')) socket.write('HTTP/1.1 204 No Content\r\n\r\n');
      });
      const send = open(t);
      const get = async (path: string): Promise<string> => textOf(await send(server.origin + path, asking()));
      assert.equal(await get('/chunked'), 'abc');
      assert.equal(await get('/counted'), 'counted');
      assert.equal(await get('/endless'), 'endless');
      assert.equal(await get('/empty'), '');
    });

    test('passes over 1xx answers', async (t) => {
      const server = await rawServer(t, ({ socket }) => {
        socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${reply('final')}`);
      });
      const response = await open(t)(`${server.origin}/`, asking());
      assert.equal(response.status, 200);
      assert.equal(await textOf(response), 'final');
    });

    test('unpacks a gzip stream piece by piece (case 92)', async (t) => {
      const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
      const server = await rawServer(t, ({ socket }) => {
        socket.write(chunkedHead('content-type: text/event-stream\r\ncontent-encoding: gzip\r\n'));
        gzip.on('data', (packed: Buffer) => socket.write(chunk(packed)));
        gzip.on('end', () => socket.write(chunk('')));
        gzip.write('data: one\n\n');
      });
      const response = await open(t)(`${server.origin}/`, asking());
      const texts: string[] = [];
      for await (const part of response.body) {
        texts.push(Buffer.from(part).toString('utf8'));
        // The server says the second event only when the first has come out on this side.
        if (texts.length === 1) gzip.end('data: two\n\n');
      }
      assert.equal(texts[0], 'data: one\n\n');
      assert.equal(texts.join(''), 'data: one\n\ndata: two\n\n');
    });

    test('unpacks gzip, deflate and brotli, and leaves what it does not know', async (t) => {
      const bodies: Readonly<Record<string, Buffer>> = {
        gzip: gzipSync('packed é'),
        'x-gzip': gzipSync('packed é'),
        GZIP: gzipSync('packed é'),
        deflate: deflateSync('packed é'),
        br: brotliCompressSync('packed é'),
        identity: Buffer.from('packed é'),
        'utf-8': Buffer.from('packed é'),
      };
      const server = await rawServer(t, ({ socket, head }) => {
        const encoding = /\/e\/(\S+)/.exec(head)?.[1] ?? '';
        const body = bodies[encoding] ?? Buffer.alloc(0);
        socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`);
        socket.write(body);
      });
      const send = open(t);
      for (const encoding of Object.keys(bodies)) {
        assert.equal(await textOf(await send(`${server.origin}/e/${encoding}`, asking())), 'packed é', encoding);
      }
    });

    test('an empty body needs no archive', async (t) => {
      const server = await rawServer(t, ({ socket }) =>
        socket.write(reply('', '200 OK', 'content-encoding: gzip\r\n')),
      );
      assert.equal(await textOf(await open(t)(`${server.origin}/`, asking())), '');
    });

    test('says once, before the head, that the request is on its way', async (t) => {
      const said: string[] = [];
      const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
      const send = open(t);
      for (let i = 0; i < 2; i++) {
        const response = await send(`${server.origin}/`, asking({ onConnected: () => said.push('connected') }));
        said.push('head');
        await textOf(response);
      }
      assert.deepEqual(said, ['connected', 'head', 'connected', 'head']);
    });

    test('keeps concurrent answers apart', async (t) => {
      const server = await rawServer(t, ({ socket, body }) => socket.write(reply(`answer to ${body}`)));
      const send = open(t);
      const bodies = Array.from({ length: 40 }, (_, i) => `question ${i}`);
      const texts = await Promise.all(
        bodies.map(async (body) => textOf(await send(`${server.origin}/`, asking({ method: 'POST', body })))),
      );
      assert.deepEqual(
        texts,
        bodies.map((body) => `answer to ${body}`),
      );
    });

    test('reaches names', async (t) => {
      const four = await rawServer(t, ({ socket }) => socket.write(reply('four')));
      // `localhost` may name ::1 first: the other family is tried too.
      assert.equal(await textOf(await open(t)(`http://localhost:${four.port}/`, asking())), 'four');
    });

    test('reaches IPv6 literals', { skip: WITHOUT_IPV6 }, async (t) => {
      const six = createServer((socket) => socket.once('data', () => socket.end(reply('six'))));
      const port = await listen(t, six, '::1');
      assert.equal(await textOf(await open(t)(`http://[::1]:${port}/`, asking())), 'six');
    });
  });
}
