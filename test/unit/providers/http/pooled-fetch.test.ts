// What only the pooled client promises: kept connections and their races (WIRE 6.1, case 86), the connect
// clock, limits, and which of Node's modules it loads when.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { LookupFunction, Socket } from 'node:net';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CancelSource } from '../../../../src/core/context.ts';
import { Fault } from '../../../../src/core/fault.ts';
import type { Fetch } from '../../../../src/providers/fetch.ts';
import { pooledFetch } from '../../../../src/providers/http/pooled-fetch.ts';
import { FakeClock } from '../../../support/clock.ts';
import { chunk, chunkedHead, closed, listen, rawServer, reply } from '../../../support/loopback.ts';
import type { Seen } from '../../../support/loopback.ts';
import { asking, faultOf, latch, openPooled, settled, textOf, tornText } from './clients.ts';
import { tlsServer, trusting } from './tls.ts';

const post = asking({ method: 'POST', body: '{}' });

describe('kept connections', () => {
  test('requests in turn share one connection, whatever way their bodies were read', async (t) => {
    const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
    const send = openPooled(t);
    for (let i = 0; i < 5; i++) assert.equal(await textOf(await send(`${server.origin}/`, post)), 'ok');
    // Left before its first chunk, but here whole: read out and kept.
    const response = await send(`${server.origin}/`, post);
    await response.body[Symbol.asyncIterator]().return?.();
    assert.equal(await textOf(await send(`${server.origin}/`, post)), 'ok');
    assert.equal(server.seen.length, 7);
    assert.equal(server.connections(), 1);
  });

  test('a body that was cancelled or cut does not come back into use', async (t) => {
    const server = await rawServer(t, ({ socket, connection }) => {
      if (connection === 1) socket.write(chunkedHead());
      else socket.write(reply('ok'));
    });
    const send = openPooled(t);
    const cancel = new CancelSource();
    const response = await send(`${server.origin}/`, asking({ cancel }));
    cancel.cancel(new Fault('cancelled', 'Called off.'));
    assert.equal((await tornText(response)).fault.kind, 'cancelled');
    assert.equal(await textOf(await send(`${server.origin}/`, post)), 'ok');
    assert.equal(server.connections(), 2);
  });

  test('no more connections than allowed; the rest wait their turn', async (t) => {
    const waiting: Seen[] = [];
    const three = latch<void>();
    const server = await rawServer(t, (request) => {
      waiting.push(request);
      if (waiting.length === 3) three.resolve();
      if (waiting.length > 3) request.socket.write(reply('ok'));
    });
    const send = openPooled(t, { maxSockets: 3 });
    const texts = Promise.all(Array.from({ length: 9 }, async () => textOf(await send(`${server.origin}/`, post))));
    await three.promise;
    await settled(() => server.seen.length);
    assert.equal(server.seen.length, 3);
    for (const { socket } of waiting.slice()) socket.write(reply('ok'));
    assert.deepEqual(new Set(await texts), new Set(['ok']));
    assert.equal(server.connections(), 3);
  });

  test('closing ends them all', async (t) => {
    const server = await rawServer(t, ({ socket, nth }) => socket.write(nth === 1 ? reply('ok') : chunkedHead()));
    const send = pooledFetch({ clock: new FakeClock() });
    await textOf(await send(`${server.origin}/`, post));
    const response = await send(`${server.origin}/`, post);
    send.close();
    assert.equal((await tornText(response)).fault.kind, 'INCOMPLETE');
    for (const { socket } of server.seen) await closed(socket);
  });
});

describe('the replay after a kept connection was closed (case 86)', () => {
  const ways: Readonly<Record<string, (socket: Socket) => void>> = {
    'ended it': (socket) => socket.end(),
    'dropped it': (socket) => socket.destroy(),
    'reset it': (socket) => socket.resetAndDestroy(),
  };

  for (const [how, close] of Object.entries(ways)) {
    test(`the server ${how} as we wrote: sent once more, served once`, async (t) => {
      const served: string[] = [];
      const server = await rawServer(t, ({ socket, nth, connection, body }) => {
        if (connection === 1 && nth === 2) {
          close(socket);
          return;
        }
        served.push(body);
        socket.write(reply('ok'));
      });
      const send = openPooled(t);
      let connected = 0;
      await textOf(await send(`${server.origin}/`, asking({ method: 'POST', body: 'first' })));
      const second = asking({ method: 'POST', body: 'second', onConnected: () => connected++ });
      assert.equal(await textOf(await send(`${server.origin}/`, second)), 'ok');
      assert.deepEqual(served, ['first', 'second']);
      assert.equal(server.connections(), 2);
      assert.equal(connected, 1);
    });

    test(`the server ${how} just before: the race itself`, async (t) => {
      const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
      const send = openPooled(t);
      await textOf(await send(`${server.origin}/`, post));
      // In one turn of the loop: the close is on its way and the client cannot have heard of it.
      for (const { socket } of server.seen) close(socket);
      assert.equal(await textOf(await send(`${server.origin}/`, post)), 'ok');
      assert.equal(server.connections(), 2);
    });
  }

  test('the other idle connections, as old, are not tried', async (t) => {
    const held: Socket[] = [];
    const server = await rawServer(t, ({ socket, nth, connection }) => {
      if (nth === 1 && connection <= 3) {
        held.push(socket);
        if (held.length === 3) for (const each of held) each.write(reply('ok'));
      } else if (connection <= 3) socket.destroy();
      else socket.write(reply('fresh'));
    });
    const send = openPooled(t);
    await Promise.all([1, 2, 3].map(async () => textOf(await send(`${server.origin}/`, post))));
    assert.equal(await textOf(await send(`${server.origin}/`, post)), 'fresh');
    assert.equal(server.connections(), 4);
    assert.equal(server.seen.length, 5);
  });

  test('once only: a fresh connection that fails as well is NETWORK reset', async (t) => {
    const server = await rawServer(t, ({ socket, nth, connection }) => {
      if (nth === 1 && connection === 1) socket.write(reply('ok'));
      else socket.destroy();
    });
    const send = openPooled(t);
    await textOf(await send(`${server.origin}/`, post));
    const fault = await faultOf(send(`${server.origin}/`, post));
    assert.equal(fault.kind, 'NETWORK');
    assert.equal(fault.data.upstreamCode, 'reset');
    assert.equal(fault.message, `127.0.0.1:${server.port} closed the connection before it answered.`);
    assert.equal(server.seen.length, 3);
  });

  test('never when a byte of the answer was seen, be it half a head or an interim one', async (t) => {
    for (const begin of ['HTTP/1.1 200 OK\r\nx-half', 'HTTP/1.1 100 Continue\r\n\r\n']) {
      const server = await rawServer(t, ({ socket, nth }) => {
        if (nth === 1) socket.write(reply('ok'));
        else socket.end(begin);
      });
      const send = openPooled(t);
      await textOf(await send(`${server.origin}/`, post));
      const fault = await faultOf(send(`${server.origin}/`, post));
      assert.equal(fault.kind, 'NETWORK');
      assert.equal(server.seen.length, 2, begin);
    }
  });

  test('never after the cancel', async (t) => {
    const cancel = new CancelSource();
    const reason = new Fault('cancelled', 'Called off.');
    const server = await rawServer(t, ({ socket, nth }) => {
      if (nth === 1) socket.write(reply('ok'));
      else cancel.cancel(reason);
    });
    const send = openPooled(t);
    await textOf(await send(`${server.origin}/`, post));
    assert.equal(await faultOf(send(`${server.origin}/`, asking({ cancel }))), reason);
    await settled(() => server.seen.length);
    assert.equal(server.seen.length, 2);
  });
});

describe('connecting', () => {
  const hanging: LookupFunction = () => {};

  test('a name that cannot be found is NETWORK dns', async (t) => {
    const lookup: LookupFunction = (_name, _options, done) => {
      done(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), '');
    };
    const fault = await faultOf(openPooled(t, { lookup })('http://u:secret@nonexistent.invalid:81/v1?k=secret', post));
    assert.equal(fault.kind, 'NETWORK');
    assert.equal(fault.data.upstreamCode, 'dns');
    assert.equal(fault.message, 'The name in nonexistent.invalid:81 was not found by DNS (ENOTFOUND).');
  });

  test('its clock covers the name', async (t) => {
    const clock = new FakeClock();
    const sending = faultOf(openPooled(t, { clock, lookup: hanging })('http://nonexistent.invalid/', post));
    await settled(() => clock.pending);
    assert.equal(clock.pending, 1);
    clock.advance(10_000);
    const fault = await sending;
    assert.equal(fault.kind, 'TIMEOUT');
    assert.equal(fault.message, 'Connecting to nonexistent.invalid:80 took longer than 10 s.');
    assert.equal(clock.pending, 0);
  });

  test('its clock covers the handshake', async (t) => {
    const clock = new FakeClock();
    const arrived = latch<Socket>();
    const port = await listen(
      t,
      createServer((socket) => socket.once('data', () => arrived.resolve(socket))),
    );
    let connected = 0;
    const request = asking({ connectTimeoutMs: 2500, onConnected: () => connected++ });
    const sending = faultOf(openPooled(t, { clock })(`https://127.0.0.1:${port}/`, request));
    const socket = await arrived.promise;
    clock.advance(2499);
    assert.equal(clock.pending, 1);
    clock.advance(1);
    assert.equal((await sending).message, `Connecting to 127.0.0.1:${port} took longer than 2.5 s.`);
    assert.equal(connected, 0);
    await closed(socket);
  });

  test('its clock stops when connected, and is not set on a kept connection', async (t) => {
    const clock = new FakeClock();
    const pending: number[] = [];
    const server = await rawServer(t, ({ socket }) => {
      pending.push(clock.pending);
      clock.advance(60_000);
      socket.write(reply('ok'));
    });
    const send = openPooled(t, { clock });
    for (let i = 0; i < 2; i++) assert.equal(await textOf(await send(`${server.origin}/`, post)), 'ok');
    assert.deepEqual(pending, [0, 0]);
  });

  test('a cancel ends it, and its clock', async (t) => {
    const clock = new FakeClock();
    const cancel = new CancelSource();
    const reason = new Fault('cancelled', 'Called off.');
    const sending = faultOf(
      openPooled(t, { clock, lookup: hanging })('http://nonexistent.invalid/', asking({ cancel })),
    );
    await settled(() => clock.pending);
    cancel.cancel(reason);
    assert.equal(await sending, reason);
    assert.equal(clock.pending, 0);
  });
});

describe('over TLS', () => {
  async function twice(send: Fetch, port: number, between: () => void): Promise<string[]> {
    const said: string[] = [];
    for (let i = 0; i < 2; i++) {
      const request = asking({ method: 'POST', body: '{}', onConnected: () => said.push('connected') });
      said.push(await textOf(await send(`https://127.0.0.1:${port}/`, request)));
      between();
    }
    return said;
  }

  test('connections are kept', async (t) => {
    await trusting(async () => {
      const server = await tlsServer(t, (socket) => socket.on('data', () => socket.write(reply('ok'))));
      const said = await twice(openPooled(t), server.port, () => {});
      assert.deepEqual(said, ['connected', 'ok', 'connected', 'ok']);
      assert.equal(server.connections(), 1);
    });
  });

  test('a kept one that the server closed is replaced (case 86)', async (t) => {
    await trusting(async () => {
      const sockets: Socket[] = [];
      const server = await tlsServer(t, (socket) => {
        sockets.push(socket);
        socket.on('data', () => socket.write(reply('ok')));
      });
      const said = await twice(openPooled(t), server.port, () => sockets[0]?.end());
      assert.deepEqual(said, ['connected', 'ok', 'connected', 'ok']);
      assert.equal(server.connections(), 2);
    });
  });
});

describe('bodies', () => {
  test('what arrived before a cut is given to a reader that comes late', async (t) => {
    const server = await rawServer(t, ({ socket }) => {
      socket.write(chunkedHead());
      socket.end(chunk('data: {"error":"overloaded"}\n\n'));
    });
    const response = await openPooled(t)(`${server.origin}/`, post);
    for (const { socket } of server.seen) await closed(socket);
    await settled(() => server.seen.length);
    const torn = await tornText(response);
    assert.equal(torn.text, 'data: {"error":"overloaded"}\n\n');
    assert.equal(torn.fault.kind, 'INCOMPLETE');
  });

  test('the HTTP chunks of one network read come as one piece', async (t) => {
    const server = await rawServer(t, ({ socket }) => {
      socket.write(Buffer.concat([Buffer.from(chunkedHead()), chunk('a'), chunk('b'), chunk('c'), chunk('')]));
    });
    const pieces: string[] = [];
    const response = await openPooled(t)(`${server.origin}/`, post);
    for await (const piece of response.body) pieces.push(Buffer.from(piece).toString());
    assert.deepEqual(pieces, ['abc']);
  });

  test('an archive without its end is INCOMPLETE, though the body came whole', async (t) => {
    const packed = gzipSync('x'.repeat(50_000));
    const server = await rawServer(t, ({ socket }) => {
      socket.write(chunkedHead('content-encoding: gzip\r\n'));
      socket.write(Buffer.concat([chunk(packed.subarray(0, packed.length - 12)), chunk('')]));
    });
    const { fault } = await tornText(await openPooled(t)(`${server.origin}/`, post));
    assert.equal(fault.kind, 'INCOMPLETE');
  });

  test('a small archive does not unpack into memory unasked', async (t) => {
    const packed = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const server = await rawServer(t, ({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${packed.length}\r\n\r\n`);
      socket.write(packed);
    });
    const response = await openPooled(t)(`${server.origin}/`, post);
    let largest = 0;
    let total = 0;
    for await (const piece of response.body) {
      largest = Math.max(largest, piece.length);
      total += piece.length;
    }
    assert.equal(total, 67_108_864);
    assert.ok(largest <= 1024 * 1024, `one piece of ${largest} bytes`);
  });
});
