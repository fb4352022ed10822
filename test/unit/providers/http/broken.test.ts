// What both clients do when something breaks, is cancelled or left: WIRE cases 87, 90, 92 and 98.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CancelSource } from '../../../../src/core/context.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { chunk, chunkedHead, closed, listen, rawServer, REFUSING_PORT, reply } from '../../../support/loopback.ts';
import { asking, CLIENTS, faultOf, latch, readFromNowOn, settled, textOf, tornText } from './clients.ts';
import { tlsServer } from './tls.ts';

const CUT_SHORT = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this';

for (const { name, open } of CLIENTS) {
  describe(`${name} client`, () => {
    for (const [how, begin] of [
      ['with a length', CUT_SHORT],
      ['in chunks', chunkedHead() + chunk('only this').toString()],
    ] as const) {
      test(`a body ${how} that is cut is INCOMPLETE, never a success (case 98)`, async (t) => {
        const server = await rawServer(t, ({ socket }) => socket.end(begin));
        const torn = await tornText(await open(t)(`${server.origin}/`, asking()));
        assert.equal(torn.text, 'only this');
        assert.equal(torn.fault.kind, 'INCOMPLETE');
        assert.equal(torn.fault.message, `127.0.0.1:${server.port} closed the connection in the middle of its answer.`);
      });
    }

    test('a reset after the head is INCOMPLETE and nothing is sent again (case 87)', async (t) => {
      const server = await rawServer(t, ({ socket }) => {
        if (server.seen.length === 1) socket.write(reply('first'));
        else socket.write(chunkedHead(), () => socket.resetAndDestroy());
      });
      const send = open(t);
      const post = asking({ method: 'POST', body: '{}' });
      assert.equal(await textOf(await send(`${server.origin}/`, post)), 'first');
      const torn = await tornText(await send(`${server.origin}/`, post));
      assert.equal(torn.fault.kind, 'INCOMPLETE');
      assert.equal(server.seen.length, 2);
    });

    test('a packed body that is cut is INCOMPLETE, after what could be unpacked', async (t) => {
      const packed = gzipSync('x'.repeat(50_000));
      const server = await rawServer(t, ({ socket }) => {
        socket.write(chunkedHead('content-encoding: gzip\r\n'));
        socket.end(chunk(packed.subarray(0, packed.length - 12)));
      });
      const torn = await tornText(await open(t)(`${server.origin}/`, asking()));
      assert.equal(torn.fault.kind, 'INCOMPLETE');
    });

    test('a body that is not the archive it claims to be is UPSTREAM', async (t) => {
      const server = await rawServer(t, ({ socket }) => {
        socket.write(reply('this is no archive at all', '200 OK', 'content-encoding: gzip\r\n'));
      });
      const { fault } = await tornText(await open(t)(`${server.origin}/`, asking()));
      assert.equal(fault.kind, 'UPSTREAM');
      assert.match(fault.message, /^The answer of 127\.0\.0\.1:\d+ is wrongly compressed \(Z_DATA_ERROR\)\.$/);
    });

    test('a refused connection is NETWORK refused, naming host and port', async (t) => {
      const fault = await faultOf(open(t)(`http://u:secret@127.0.0.1:${REFUSING_PORT}/v1?key=secret`, asking()));
      assert.equal(fault.kind, 'NETWORK');
      assert.equal(fault.data.upstreamCode, 'refused');
      assert.equal(fault.retry, 'again');
      assert.equal(fault.message, 'Nothing accepts connections at 127.0.0.1:2 (connection refused).');
      assert.equal(fault.data.next, 'Start the model server, or correct host and port in the base URL.');
    });

    test('a connection closed before the head is NETWORK reset', async (t) => {
      const server = await rawServer(t, ({ socket }) => socket.destroy());
      const fault = await faultOf(open(t)(`${server.origin}/`, asking({ method: 'POST', body: '{}' })));
      assert.equal(fault.kind, 'NETWORK');
      assert.equal(fault.data.upstreamCode, 'reset');
      assert.equal(server.seen.length, 1);
    });

    test('an answer that is not HTTP is UPSTREAM', async (t) => {
      const server = await rawServer(t, ({ socket }) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
      const fault = await faultOf(open(t)(`${server.origin}/`, asking()));
      assert.equal(fault.kind, 'UPSTREAM');
      assert.match(
        fault.message,
        /^127\.0\.0\.1:\d+ did not answer in HTTP \((?:status line|HPE_INVALID_CONSTANT|HTTPParserError)\)\.$/,
      );
    });

    test('a switch of protocols is a failure, not a wait', async (t) => {
      const server = await rawServer(t, ({ socket }) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
      });
      const fault = await faultOf(open(t)(`${server.origin}/`, asking()));
      // The built-in fetch only says that the connection is of no use to it.
      assert.equal(fault.kind, name === 'global' ? 'NETWORK' : 'UPSTREAM');
    });

    test('a certificate that nobody vouches for is NETWORK tls, only tried elsewhere', async (t) => {
      const { port } = await tlsServer(t, (socket) => socket.end(reply('never')));
      const fault = await faultOf(open(t)(`https://127.0.0.1:${port}/`, asking()));
      assert.equal(fault.kind, 'NETWORK');
      assert.equal(fault.data.upstreamCode, 'tls');
      assert.equal(fault.retry, 'elsewhere');
      assert.equal(
        fault.message,
        `The TLS certificate of 127.0.0.1:${port} is not accepted: nobody we trust has signed it (DEPTH_ZERO_SELF_SIGNED_CERT).`,
      );
    });

    test('TLS spoken to a plain port is NETWORK tls', async (t) => {
      const plain = createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')));
      const port = await listen(t, plain);
      const fault = await faultOf(open(t)(`https://127.0.0.1:${port}/`, asking()));
      assert.equal(fault.kind, 'NETWORK');
      assert.equal(fault.data.upstreamCode, 'tls');
    });

    test('a header that HTTP cannot carry is CONFIG, without its value', async (t) => {
      const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
      for (const headers of [{ authorization: 'Bearer sk-secret\nx' }, { authorization: 'sk-secret-😀' }]) {
        const fault = await faultOf(open(t)(`${server.origin}/`, asking({ headers })));
        assert.equal(fault.kind, 'CONFIG');
        assert.equal(fault.message, 'The header "authorization" holds a character that HTTP does not allow.');
        assert.ok(!JSON.stringify(fault.data).includes('secret'));
      }
      const fault = await faultOf(open(t)(`${server.origin}/`, asking({ headers: { 'x y': 'z' } })));
      assert.equal(fault.message, 'The header "x y" holds a character that HTTP does not allow.');
      assert.equal(server.seen.length, 0);
    });

    test('an address that is none is CONFIG, and is not repeated', async (t) => {
      for (const url of ['not a url sk-secret', 'ftp://u:sk-secret@h/', 'http://u:sk-secret@h:99999/']) {
        const fault = await faultOf(open(t)(url, asking()));
        assert.equal(fault.kind, 'CONFIG');
        assert.ok(!`${fault.message}${JSON.stringify(fault.data)}${String(fault.cause)}`.includes('secret'), url);
      }
    });

    test('cancelled before: rejects with the reason and connects nowhere', async (t) => {
      const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
      const cancel = new CancelSource();
      const reason = new Fault('cancelled', 'Called off.');
      cancel.cancel(reason);
      assert.equal(await faultOf(open(t)(`${server.origin}/`, asking({ cancel }))), reason);
      assert.equal(server.connections(), 0);
    });

    test('cancelled while waiting for the head: the server sees the connection close', async (t) => {
      const arrived = latch<Socket>();
      const server = await rawServer(t, ({ socket }) => arrived.resolve(socket));
      const cancel = new CancelSource();
      const reason = new Fault('TIMEOUT', 'Too slow.');
      const sending = faultOf(open(t)(`${server.origin}/`, asking({ method: 'POST', body: '{}', cancel })));
      const socket = await arrived.promise;
      cancel.cancel(reason);
      assert.equal(await sending, reason);
      await closed(socket);
      assert.equal(server.seen.length, 1);
    });

    test('cancelled in mid-body: the reader gets the reason, the server sees the close (case 90)', async (t) => {
      const arrived = latch<Socket>();
      const server = await rawServer(t, ({ socket }) => {
        socket.write(Buffer.concat([Buffer.from(chunkedHead()), chunk('one')]));
        arrived.resolve(socket);
      });
      const cancel = new CancelSource();
      const reason = new Fault('cancelled', 'Called off.');
      const response = await open(t)(`${server.origin}/`, asking({ cancel }));
      const body = response.body[Symbol.asyncIterator]();
      assert.equal(Buffer.from((await body.next()).value ?? []).toString(), 'one');
      const waiting = faultOf(body.next());
      cancel.cancel(reason);
      assert.equal(await waiting, reason);
      await closed(await arrived.promise);
    });

    test('cancelled between two reads: what is buffered is dropped', async (t) => {
      const server = await rawServer(t, ({ socket }) => socket.write(reply('whole')));
      const cancel = new CancelSource();
      const reason = new Fault('cancelled', 'Called off.');
      const response = await open(t)(`${server.origin}/`, asking({ cancel }));
      cancel.cancel(reason);
      const torn = await tornText(response);
      assert.equal(torn.text, '');
      assert.equal(torn.fault, reason);
    });

    test('leaving the loop closes the connection of an unfinished body, packed or not', async (t) => {
      const sockets: Socket[] = [];
      const server = await rawServer(t, ({ socket, head }) => {
        sockets.push(socket);
        const packed = head.includes('/packed');
        socket.write(chunkedHead(packed ? 'content-encoding: gzip\r\n' : ''));
        // Incompressible enough that the unpacker says something before the end.
        socket.write(chunk(packed ? gzipSync('one '.repeat(20_000), { level: 0 }).subarray(0, 60_000) : 'one'));
      });
      const send = open(t);
      for (const path of ['/', '/packed']) {
        const response = await send(server.origin + path, asking());
        for await (const part of response.body) {
          assert.ok(part.length > 0);
          break;
        }
      }
      assert.equal(sockets.length, 2);
      for (const socket of sockets) await closed(socket);
    });

    test('an answer to half a question is read whole', async (t) => {
      // The server refuses at the head, and never reads the rest of a body that no buffer on the way holds.
      const refusing = createServer({ pauseOnConnect: true }, (socket) =>
        socket.write(reply('too large', '413 Too Large')),
      );
      const sockets: Socket[] = [];
      refusing.on('connection', (socket: Socket) => sockets.push(socket));
      const port = await listen(t, refusing);
      const body = 'x'.repeat(64 * 1024 * 1024);
      const response = await open(t)(`http://127.0.0.1:${port}/`, asking({ method: 'POST', body }));
      assert.equal(response.status, 413);
      assert.equal(await textOf(response), 'too large');
      for (const socket of sockets) {
        socket.resume();
        await closed(socket);
        assert.ok(socket.bytesRead < body.length, 'the rest of the question was sent all the same');
      }
    });

    test('a reader that holds still holds the server still', async (t) => {
      const total = 100 * 1024 * 1024;
      const piece = Buffer.alloc(64 * 1024, 'x');
      let accepted = 0;
      const server = await rawServer(t, ({ socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${total}\r\n\r\n`);
        const pump = (): void => {
          let hasRoom = true;
          while (hasRoom && accepted < total) {
            accepted += piece.length;
            hasRoom = socket.write(piece);
          }
          socket.once('drain', pump);
        };
        pump();
      });
      const read = readFromNowOn(t);
      const response = await open(t)(`${server.origin}/`, asking());
      const body = response.body[Symbol.asyncIterator]();
      await body.next();
      await settled(() => accepted + read());
      assert.ok(read() > 0 && read() < 8 * 1024 * 1024, `${read()} bytes of ${total} were read`);
      await body.return?.();
    });
  });
}
