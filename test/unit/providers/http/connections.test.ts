// When a connection may serve another request and when it must not: forged answers, the server's hints, limits.
// The races of a connection that the server closes are in pooled-fetch.test.ts.

import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { CancelSource } from '../../../../src/core/context.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { pooledFetch } from '../../../../src/providers/http/pooled-fetch.ts';
import { FakeClock } from '../../../support/clock.ts';
import { chunk, chunkedHead, closed, rawServer, reply } from '../../../support/loopback.ts';
import type { Seen } from '../../../support/loopback.ts';
import { asking, faultOf, latch, openPooled, settled, textOf } from './clients.ts';

const post = asking({ method: 'POST', body: '{}' });
const FORGED = reply('forged');

describe('an answer that nobody asked for is never taken for the next reply', () => {
  const attacks: Readonly<Record<string, (socket: Socket) => void>> = {
    'in the same write, behind a length': (socket) => socket.write(reply('first') + FORGED),
    'in the same write, behind chunks': (socket) => {
      socket.write(Buffer.concat([Buffer.from(chunkedHead()), chunk('first'), chunk(''), Buffer.from(FORGED)]));
    },
    'in the same write, behind an answer without a body': (socket) => {
      socket.write(`HTTP/1.1 204 No Content\r\ncontent-length: 6\r\n\r\n${FORGED}`);
    },
    'in a write of its own, right behind': (socket) => {
      socket.write(reply('first'));
      socket.write(FORGED);
    },
    'a turn of the loop later': (socket) => {
      socket.write(reply('first'), () => setImmediate(() => socket.write(FORGED)));
    },
    'where one read of the network ends and the next begins': (socket) => {
      // The first answer, with its head, is as long as what one read takes.
      const length = 65_536 - 'HTTP/1.1 200 OK\r\ncontent-length: 65493\r\n\r\n'.length;
      socket.write(reply('x'.repeat(length)) + FORGED);
    },
    'with its head alone': (socket) => socket.write(`${reply('first')}HTTP/1.1 200 OK\r\ncontent-le`),
    'as an interim one': (socket) => socket.write(`${reply('first')}HTTP/1.1 100 Continue\r\n\r\n`),
    'as a line end too many': (socket) => socket.write(`${reply('first')}\r\n`),
  };
  for (const [how, attack] of Object.entries(attacks)) {
    test(how, async (t) => {
      const server = await rawServer(t, ({ socket, connection }) => {
        if (connection === 1) attack(socket);
        else socket.write(reply('true'));
      });
      const send = openPooled(t);
      await textOf(await send(`${server.origin}/`, post));
      // At once: nothing was waited for that could have shown the forgery.
      assert.equal(await textOf(await send(`${server.origin}/`, post)), 'true');
      assert.equal(server.connections(), 2);
      for (const { socket, connection } of server.seen) if (connection === 1) await closed(socket);
    });
  }

  test('when the connection has rested for long', async (t) => {
    const server = await rawServer(t, ({ socket, connection }) => {
      socket.write(reply(connection === 1 ? 'first' : 'true'));
    });
    const send = openPooled(t);
    await textOf(await send(`${server.origin}/`, post));
    await settled(() => server.seen.length);
    for (const { socket } of server.seen) {
      socket.write(FORGED);
      await closed(socket);
    }
    assert.equal(await textOf(await send(`${server.origin}/`, post)), 'true');
    assert.equal(server.connections(), 2);
  });

  test('a body that is longer than it says is not carried over', async (t) => {
    const server = await rawServer(t, ({ socket, connection }) => {
      if (connection === 1) socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfirst${FORGED}`);
      else socket.write(reply('true'));
    });
    const send = openPooled(t);
    const texts = await Promise.all([1, 2, 3].map(async () => textOf(await send(`${server.origin}/`, post))));
    assert.equal(texts.filter((text) => text === 'forged').length, 0);
  });
});

describe('a connection is used again', () => {
  /** On how many connections `count` requests in turn were served, each answered with these headers. */
  async function connectionsFor(
    t: TestContext,
    count: number,
    answer: string,
    between = (): void => {},
  ): Promise<number> {
    const clock = new FakeClock();
    const server = await rawServer(t, ({ socket }) => socket.write(answer));
    const send = openPooled(t, { clock });
    for (let i = 0; i < count; i++) {
      assert.equal(await textOf(await send(`${server.origin}/`, post)), 'ok');
      between();
      await settled(() => server.connections());
    }
    assert.equal(server.seen.length, count);
    return server.connections();
  }

  test('unless the server says that it was the last answer', async (t) => {
    assert.equal(await connectionsFor(t, 3, reply('ok')), 1);
    assert.equal(await connectionsFor(t, 3, reply('ok', '200 OK', 'connection: close\r\n')), 3);
    assert.equal(await connectionsFor(t, 3, reply('ok').replace('1.1', '1.0')), 3);
  });

  test('for as many requests as the server says', async (t) => {
    assert.equal(await connectionsFor(t, 6, reply('ok', '200 OK', 'keep-alive: max=2\r\n')), 2);
    assert.equal(await connectionsFor(t, 3, reply('ok', '200 OK', 'keep-alive: max=0\r\n')), 3);
  });

  test('until a second before the time that the server says', async (t) => {
    const clock = new FakeClock();
    const server = await rawServer(t, ({ socket }) => socket.write(reply('ok', '200 OK', 'Keep-Alive: timeout=5\r\n')));
    const send = openPooled(t, { clock });
    const connections: number[] = [];
    for (const waitMs of [0, 3999, 3999, 4000]) {
      clock.advance(waitMs);
      await textOf(await send(`${server.origin}/`, post));
      await settled(() => server.seen.length);
      connections.push(server.connections());
    }
    assert.deepEqual(connections, [1, 1, 1, 2]);
    await closed(server.seen[0]?.socket ?? assert.fail());
  });

  test('never with a time of a second or less', async (t) => {
    assert.equal(await connectionsFor(t, 3, reply('ok', '200 OK', 'keep-alive: timeout=1\r\n')), 3);
  });

  test('the last one used first', async (t) => {
    const held: Seen[] = [];
    const server = await rawServer(t, (request) => {
      if (request.nth === 1) held.push(request);
      else request.socket.write(reply(String(request.connection)));
    });
    const send = openPooled(t);
    const both = [1, 2].map(async () => textOf(await send(`${server.origin}/`, post)));
    await settled(() => held.length);
    for (const { socket } of held) {
      socket.write(reply('ok'));
      await settled(() => server.seen.length);
    }
    await Promise.all(both);
    for (let i = 0; i < 3; i++) {
      assert.equal(await textOf(await send(`${server.origin}/`, post)), String(held[1]?.connection));
      await settled(() => server.seen.length);
    }
  });

  test('for its own origin only', async (t) => {
    const [one, two] = [
      await rawServer(t, ({ socket }) => socket.write(reply('one'))),
      await rawServer(t, ({ socket }) => socket.write(reply('two'))),
    ];
    const send = openPooled(t);
    for (let i = 0; i < 3; i++) {
      assert.equal(await textOf(await send(`${one.origin}/a`, post)), 'one');
      assert.equal(await textOf(await send(`${two.origin}/b`, post)), 'two');
    }
    assert.deepEqual([one.connections(), two.connections()], [1, 1]);
  });
});

describe('many at a time', () => {
  test('a thousand requests, each with its own answer, and again on the same connections', async (t) => {
    const server = await rawServer(t, ({ socket, body }) => {
      const text = `answer to ${body} `.repeat(20);
      socket.write(
        Number(body) % 2 === 0 ? reply(text) : Buffer.concat([Buffer.from(chunkedHead()), chunk(text), chunk('')]),
      );
    });
    const send = openPooled(t);
    const ask = async (_: unknown, i: number): Promise<string> =>
      textOf(await send(`${server.origin}/`, asking({ method: 'POST', body: String(i) })));
    for (let round = 0; round < 2; round++) {
      const texts = await Promise.all(Array.from({ length: 1000 }, ask));
      for (const [i, text] of texts.entries()) assert.equal(text, `answer to ${i} `.repeat(20));
      await settled(() => server.seen.length);
    }
    assert.equal(server.seen.length, 2000);
    // All but what is kept of idle ones served twice.
    assert.ok(server.connections() <= 1744, `${server.connections()} connections`);
  });

  test('one that is cancelled while it waits for a connection takes none', async (t) => {
    const first = latch<Seen>();
    const server = await rawServer(t, (request) => {
      if (server.seen.length === 1) first.resolve(request);
      else request.socket.write(reply(request.body));
    });
    const send = openPooled(t, { maxSockets: 1 });
    const text = send(`${server.origin}/`, post).then(textOf);
    const { socket } = await first.promise;
    const cancel = new CancelSource();
    const reason = new Fault('cancelled', 'Called off.');
    const waiting = faultOf(send(`${server.origin}/`, asking({ method: 'POST', body: 'waiting', cancel })));
    const last = send(`${server.origin}/`, asking({ method: 'POST', body: 'last' })).then(textOf);
    cancel.cancel(reason);
    assert.equal(await waiting, reason);
    socket.write(reply('first'));
    assert.deepEqual([await text, await last], ['first', 'last']);
    assert.deepEqual(
      server.seen.map(({ body }) => body),
      ['{}', 'last'],
    );
  });

  test('a connection that ends makes room for who waits', async (t) => {
    const server = await rawServer(t, ({ socket, connection }) => {
      if (connection === 1) socket.write(reply('bye', '200 OK', 'connection: close\r\n'));
      else if (connection === 2) socket.destroy();
      else socket.write(reply('ok'));
    });
    const send = openPooled(t, { maxSockets: 1 });
    const ends = await Promise.allSettled([1, 2, 3].map(async () => textOf(await send(`${server.origin}/`, post))));
    assert.deepEqual(
      ends.map((end) => (end.status === 'fulfilled' ? end.value : Fault.from(end.reason).kind)),
      ['bye', 'NETWORK', 'ok'],
    );
  });

  test('closing tells those who wait, and sends nothing again', async (t) => {
    const server = await rawServer(t, ({ socket, nth }) => {
      if (nth === 1) socket.write(reply('ok'));
    });
    const send = pooledFetch({ clock: new FakeClock(), maxSockets: 1 });
    await textOf(await send(`${server.origin}/`, post));
    const both = [1, 2].map(() => faultOf(send(`${server.origin}/`, post)));
    await settled(() => server.seen.length);
    send.close();
    for (const fault of await Promise.all(both)) assert.equal(fault.kind, 'NETWORK');
    await settled(() => server.seen.length);
    assert.equal(server.seen.length, 2);
    assert.equal(server.connections(), 1);
  });
});

describe('the request as written', () => {
  test('headers in Latin-1 go out byte for byte, the body in UTF-8', async (t) => {
    const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
    const request = asking({ method: 'POST', headers: { 'x-name': 'caf\u00e9' }, body: '"\u00e9\u20ac"' });
    await textOf(await openPooled(t)(`${server.origin}/`, request));
    // The head was decoded as UTF-8, in which a lone Latin-1 letter is none.
    assert.match(server.seen[0]?.head ?? '', /\r\nx-name: caf\ufffd\r\n/);
    assert.equal(server.seen[0]?.body, '"\u00e9\u20ac"');
  });

  test('how its body is framed is nobody else’s to say', async (t) => {
    const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
    const headers = { 'transfer-encoding': 'chunked', 'Content-Length': '100', 'x-a': 'b' };
    await textOf(await openPooled(t)(`${server.origin}/`, asking({ method: 'POST', headers, body: '{}' })));
    const head = server.seen[0]?.head ?? '';
    assert.match(head, /\r\ncontent-length: 2\r\n/);
    assert.doesNotMatch(head, /transfer-encoding|: 100/i);
    assert.match(head, /\r\nx-a: b\r\n/);
  });

  test('a POST without a body says so', async (t) => {
    const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
    await textOf(await openPooled(t)(`${server.origin}/`, asking({ method: 'POST' })));
    assert.match(server.seen[0]?.head ?? '', /\r\ncontent-length: 0\r\n\r\n$/);
  });
});
