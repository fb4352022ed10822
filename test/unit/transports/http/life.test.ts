// The life of connections over real sockets, on a clock that the test moves: order, time, size, and clients that go
// away at every point of a request.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { silentLog } from '../../../../src/core/log.ts';
import type { Fault } from '../../../../src/core/fault.ts';
import type { Face } from '../../../../src/transports/http/faces.ts';
import type { BodyStream, Exchange } from '../../../../src/wire/exchange.ts';
import { within } from '../../../support/program.ts';
import { rawClient, request } from '../../../support/raw-client.ts';
import type { RawClient } from '../../../support/raw-client.ts';
import { echo, openStand } from './stand.ts';
import type { Stand, StandOptions } from './stand.ts';

/** A face that keeps every exchange for the test to answer. */
class Held {
  readonly exchanges: Exchange[] = [];
  #wanted: (() => void) | undefined;
  readonly face: Face = {
    path: '/held',
    isTree: true,
    methods: ['GET', 'POST'],
    serve: (exchange) => {
      this.exchanges.push(exchange);
      this.#wanted?.();
    },
  };

  /** The exchange number `n`, once it has come. */
  async nth(n: number): Promise<Exchange> {
    while (this.exchanges.length < n)
      await within(new Promise<void>((resolve) => (this.#wanted = resolve)), 'a request');
    const exchange = this.exchanges[n - 1];
    assert.ok(exchange !== undefined);
    return exchange;
  }
}

interface Scene extends Stand {
  readonly held: Held;
  readonly client: RawClient;
}

async function scene(t: TestContext, options: Partial<StandOptions> = {}): Promise<Scene> {
  const held = new Held();
  const stand = await openStand(t, { faces: [held.face, echo], ...options });
  return { ...stand, held, client: await rawClient(t, stand.port) };
}

/** Resolves with the reason for which the exchange was left. */
function left({ gone }: Exchange): Promise<Fault> {
  return within(new Promise<Fault>((resolve) => void gone.onCancel(resolve)), 'word that the client has gone');
}

const isOpen = (client: RawClient, text: string): Promise<string> => client.until((come) => come.includes(text));

describe('requests sent ahead', () => {
  test('are served one after the other, and answered in their order', async (t) => {
    const { held, client } = await scene(t);
    client.send(request('GET', '/held/1') + request('POST', '/held/2', 'two') + request('GET', '/echo/3'));
    const first = await held.nth(1);
    assert.equal(held.exchanges.length, 1);
    first.reply(200, {}, 'one');
    const second = await held.nth(2);
    second.reply(200, {}, await second.body(10));
    const text = await isOpen(client, '/echo/3');
    assert.ok(text.indexOf('one') < text.indexOf('two') && text.indexOf('two') < text.indexOf('/echo/3'));
    assert.deepEqual(client.statuses, [200, 200, 200]);
  });

  test('a thousand at once are all answered', async (t) => {
    const { client } = await scene(t);
    client.send(Array.from({ length: 1000 }, (_, i) => request('POST', `/echo/${i}`, 'x')).join(''));
    await isOpen(client, '"/echo/999"');
    assert.deepEqual(
      [...client.text.matchAll(/"\/echo\/(\d+)"/g)].map(([, n]) => Number(n)),
      Array.from({ length: 1000 }, (_, i) => i),
    );
  });

  test('too many of them end the connection', async (t) => {
    const { held, client } = await scene(t, { limits: { pipelined: { pause: 4, cut: 10 } } });
    client.send(Array.from({ length: 20 }, () => request('GET', '/held')).join(''));
    await client.closed();
    assert.equal(held.exchanges.length, 1);
    assert.match((await left(await held.nth(1))).message, /went away/);
  });

  test('one that is malformed ends the connection after the answers before it', async (t) => {
    const { held, client } = await scene(t);
    client.send(`${request('GET', '/held')}NOT HTTP\r\n\r\n`);
    (await held.nth(1)).reply(200, {}, 'the first');
    assert.match(await client.closed(), /the first$/);
    assert.deepEqual(client.statuses, [200]);
  });
});

describe('a client that goes away', () => {
  const ways: Readonly<Record<string, (client: RawClient) => void>> = {
    'with a goodbye': (client) => client.socket.end(),
    'by a reset': (client) => client.socket.resetAndDestroy(),
  };
  for (const [how, leave] of Object.entries(ways)) {
    test(`${how}, before the answer`, async (t) => {
      const { held, client } = await scene(t);
      client.send(request('GET', '/held'));
      const exchange = await held.nth(1);
      leave(client);
      assert.equal((await left(exchange)).kind, 'cancelled');
      exchange.reply(200, {}, 'too late');
    });

    test(`${how}, in the middle of its body`, async (t) => {
      const { held, client } = await scene(t);
      client.send('POST /held HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nabc');
      const body = (await held.nth(1)).body(100);
      leave(client);
      await assert.rejects(within(body, 'the end of the body'), { kind: 'cancelled' });
    });

    test(`${how}, during a stream in which nothing is written`, async (t) => {
      const { held, client } = await scene(t);
      client.send(request('GET', '/held'));
      const exchange = await held.nth(1);
      const stream = exchange.stream(200, { 'content-type': 'text/event-stream' });
      await isOpen(client, '\r\n\r\n');
      const gone = left(exchange);
      leave(client);
      assert.equal((await gone).kind, 'cancelled');
      assert.equal(stream.write('nobody hears'), undefined);
      assert.equal(stream.queuedBytes, 0);
      stream.end();
    });
  }

  test('while its body is read is no defect of who reads it', async (t) => {
    const told: string[] = [];
    const reading: Face = {
      path: '/reading',
      methods: ['POST'],
      serve: async (exchange) => exchange.reply(200, {}, await exchange.body(100)),
    };
    const log = { ...silentLog, error: (message: string) => void told.push(message) };
    const { client, carrier } = await scene(t, { faces: [reading], log });
    client.send('POST /reading HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 10\r\n\r\n');
    await isOpen(client, '100 Continue');
    client.socket.resetAndDestroy();
    carrier.drain();
    await within(carrier.closed, 'the end of the server');
    assert.deepEqual(told, []);
  });

  test('does not leave an answer that is whole', async (t) => {
    const { held, client } = await scene(t);
    client.send(request('GET', '/held'));
    const exchange = await held.nth(1);
    exchange.reply(200, {}, 'whole');
    client.socket.end();
    await client.closed();
    assert.equal(exchange.gone.reason, undefined);
  });

  test('in the middle of a head leaves nothing behind', async (t) => {
    const { held, client, carrier } = await scene(t);
    client.send('GET /held HTT');
    client.socket.resetAndDestroy();
    await client.closed();
    assert.equal(held.exchanges.length, 0);
    carrier.drain();
    await within(carrier.closed, 'the end of the server');
  });
});

describe('time', () => {
  test('a head that does not come in time is answered 408', async (t) => {
    const stand = await scene(t);
    stand.client.send('GET /echo HTTP/1.1\r\nhost: local');
    await stand.read(stand.client);
    stand.clock.advance(15_000);
    assert.equal(stand.client.text, '');
    stand.clock.advance(2000);
    await stand.client.closed();
    assert.deepEqual(stand.client.statuses, [408]);
  });

  test('a connection that says nothing is cut', async (t) => {
    const stand = await scene(t);
    await stand.read(stand.client);
    stand.clock.advance(17_000);
    assert.equal(await stand.client.closed(), '');
  });

  test('the head of a second request has its own time', async (t) => {
    const stand = await scene(t);
    stand.client.send(request('GET', '/echo'));
    await isOpen(stand.client, ']');
    stand.clock.advance(60_000);
    stand.client.send('GET /');
    await stand.read(stand.client);
    stand.clock.advance(10_000);
    assert.ok(!stand.client.isClosed);
    stand.clock.advance(10_000);
    await stand.client.closed();
    assert.deepEqual(stand.client.statuses, [200, 408]);
  });

  test('a connection that is idle for long is cut', async (t) => {
    const stand = await scene(t);
    stand.client.send(request('GET', '/echo'));
    await isOpen(stand.client, ']');
    stand.clock.advance(70_000);
    stand.client.send(request('GET', '/echo/again'));
    await isOpen(stand.client, '/echo/again"');
    stand.clock.advance(70_000);
    assert.ok(!stand.client.isClosed);
    stand.clock.advance(10_000);
    await stand.client.closed();
    assert.deepEqual(stand.client.statuses, [200, 200]);
  });

  test('a body that drips is answered 408, and the one who reads it hears of it', async (t) => {
    const stand = await scene(t);
    stand.client.send('POST /held HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100000\r\n\r\nab');
    const body = (await stand.held.nth(1)).body(100_000);
    const lost = assert.rejects(within(body, 'the end of the body'), { kind: 'cancelled' });
    stand.clock.advance(29_000);
    stand.client.send('c');
    await stand.read(stand.client);
    stand.clock.advance(3000);
    await lost;
    await stand.client.closed();
    assert.deepEqual(stand.client.statuses, [408]);
  });

  test('a large body that comes at a fair rate is waited for', async (t) => {
    const stand = await scene(t);
    stand.client.send('POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length: 80000\r\n\r\n');
    stand.client.send('x'.repeat(60_000));
    await stand.read(stand.client);
    stand.clock.advance(60_000);
    stand.client.send('y'.repeat(20_000));
    await isOpen(stand.client, 'yyy"]');
    assert.deepEqual(stand.client.statuses, [200]);
  });

  test('an answer may take as long as it takes', async (t) => {
    const stand = await scene(t);
    stand.client.send(request('POST', '/held', 'x'));
    const exchange = await stand.held.nth(1);
    await exchange.body(10);
    stand.clock.advance(3_600_000);
    exchange.reply(200, {}, 'late');
    await isOpen(stand.client, 'late');
  });
});

describe('size', () => {
  test('a body with too great a length is refused unread, and the connection serves on', async (t) => {
    const { held, client } = await scene(t);
    client.send(request('POST', '/held', 'x'.repeat(101)) + request('GET', '/echo/next'));
    const exchange = await held.nth(1);
    await assert.rejects(exchange.body(100), { kind: 'too-large' });
    exchange.reply(413, {}, 'too large');
    await isOpen(client, '/echo/next');
    assert.deepEqual(client.statuses, [413, 200]);
  });

  test('a body in chunks is counted as it comes', async (t) => {
    const { held, client } = await scene(t);
    client.send('POST /held HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n');
    const body = (await held.nth(1)).body(10);
    const refused = assert.rejects(within(body, 'the end of the body'), { kind: 'too-large' });
    client.send('6\r\nabcdef\r\n6\r\nghijkl\r\n');
    await refused;
  });

  test('what follows a refused body is thrown away for so long only', async (t) => {
    const { held, client, clock } = await scene(t);
    client.send('POST /held HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000000\r\n\r\nabc');
    const exchange = await held.nth(1);
    await assert.rejects(exchange.body(100), { kind: 'too-large' });
    exchange.reply(413, {}, 'too large');
    await isOpen(client, 'too large');
    clock.advance(7000);
    await client.closed();
    assert.deepEqual(client.statuses, [413]);
  });

  test('a body that is no UTF-8 is none', async (t) => {
    const { held, client } = await scene(t);
    client.send(request('POST', '/held').replace('\r\n\r\n', '\r\ncontent-length: 3\r\n\r\na\xffb'));
    await assert.rejects((await held.nth(1)).body(100), { kind: 'parse' });
  });

  test('U+FFFD itself is text, in two pieces too', async (t) => {
    const { held, client } = await scene(t);
    client.send('POST /held HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\n\xef\xbf');
    const body = (await held.nth(1)).body(3);
    client.send('\xbd');
    assert.equal(await within(body, 'the body'), '\uFFFD');
  });

  test('a body is read once', async (t) => {
    const { held, client } = await scene(t);
    client.send(request('POST', '/held', 'once'));
    const exchange = await held.nth(1);
    assert.equal(await exchange.body(10), 'once');
    await assert.rejects(exchange.body(10), { kind: 'internal' });
  });

  test('connections beyond the most are closed as they come', async (t) => {
    const stand = await scene(t, { limits: { connections: 2 } });
    const second = await rawClient(t, stand.port);
    second.send(request('GET', '/echo'));
    await isOpen(second, ']');
    const third = await rawClient(t, stand.port);
    assert.equal(await third.closed(), '');
    assert.ok(!stand.client.isClosed && !second.isClosed);
  });

  test('a connection ends with the last request it may have', async (t) => {
    const { client } = await scene(t, { limits: { requestsPerConnection: 2 } });
    client.send(request('GET', '/echo/1'));
    await isOpen(client, '/echo/1"');
    client.send(request('GET', '/echo/2'));
    const text = await client.closed();
    assert.match(text, /connection: close[^]*\/echo\/2"/i);
  });
});

describe('the word to go on', () => {
  const head = 'POST /held HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n';

  test('is given when the body is wanted', async (t) => {
    const { held, client } = await scene(t);
    client.send(head);
    const exchange = await held.nth(1);
    assert.equal(client.text, '');
    const body = exchange.body(10);
    await isOpen(client, '100 Continue\r\n\r\n');
    client.send('abc');
    exchange.reply(200, {}, await within(body, 'the body'));
    await isOpen(client, 'abc');
    assert.deepEqual(client.statuses, [100, 200]);
  });

  test('is not given to a body that is refused, and what comes then is no request', async (t) => {
    const { held, client } = await scene(t);
    client.send(head);
    (await held.nth(1)).reply(401, {}, 'no');
    await client.closed();
    assert.deepEqual(client.statuses, [401]);
  });

  test('is not given to one that is too large', async (t) => {
    const { held, client } = await scene(t);
    client.send(head);
    const exchange = await held.nth(1);
    await assert.rejects(exchange.body(2), { kind: 'too-large' });
    exchange.reply(413, {}, 'no');
    await client.closed();
    assert.deepEqual(client.statuses, [413]);
  });

  test('anything else that is expected cannot be met', async (t) => {
    const { client } = await scene(t);
    client.send(head.replace('100-continue', 'miracles'));
    await client.until(() => client.statuses.length > 0);
    assert.deepEqual(client.statuses, [417]);
  });
});

describe('an answer that is told piece by piece', () => {
  async function streaming(
    t: TestContext,
  ): Promise<Scene & { readonly stream: BodyStream; readonly exchange: Exchange }> {
    const it = await scene(t);
    it.client.send(request('GET', '/held'));
    const exchange = await it.held.nth(1);
    return { ...it, exchange, stream: exchange.stream(200, { 'content-type': 'text/event-stream' }) };
  }

  test('sends its head at once', async (t) => {
    const { client } = await streaming(t);
    assert.match(await isOpen(client, '\r\n\r\n'), /^HTTP\/1\.1 200 OK\r\ncontent-type: text\/event-stream\r\n/);
  });

  test('sends the pieces of one turn in one chunk', async (t) => {
    const { client, stream } = await streaming(t);
    await isOpen(client, '\r\n\r\n');
    for (let n = 0; n < 5; n++) void stream.write(`data: ${n}\n\n`);
    await isOpen(client, 'data: 4');
    assert.match(client.text, /\r\n2d\r\ndata: 0\n\n[^]*data: 4\n\n\r\n$/);
  });

  test('that is whole in its first turn has a length', async (t) => {
    const whole: Face = {
      path: '/whole',
      methods: ['GET'],
      serve(exchange) {
        const stream = exchange.stream(200, {});
        void stream.write('data: ');
        void stream.write('all');
        stream.end();
        stream.end();
        assert.equal(stream.write('after the end'), undefined);
      },
    };
    const { client } = await scene(t, { faces: [whole] });
    client.send(request('GET', '/whole'));
    const text = await isOpen(client, 'data: all');
    assert.match(text, /content-length: 9\r\n/);
    assert.ok(!text.includes('chunked'));
  });

  test('waits for a client that does not read, and goes on when it does', async (t) => {
    const { client, stream } = await streaming(t);
    await isOpen(client, '\r\n\r\n');
    client.socket.pause();
    const piece = 'z'.repeat(64 * 1024);
    let full: void | Promise<void> = undefined;
    let written = 0;
    // More than the system takes for a client that does not read.
    while (stream.queuedBytes < 8 * 1024 ** 2) {
      full = stream.write(piece);
      written += piece.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(full instanceof Promise);
    let hasRoom = false;
    void full.then(() => (hasRoom = true));
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(!hasRoom);
    client.socket.resume();
    await within(full, 'room');
    void stream.write('the last piece');
    stream.end();
    const text = await client.until(() => client.tail.endsWith('0\r\n\r\n'), 'the end of the stream');
    assert.equal(text.replace(/[^z]+/g, '').length, written);
    assert.ok(text.includes('the last piece'));
  });

  test('lets go of who waits for room when the client goes', async (t) => {
    const { client, stream, exchange } = await streaming(t);
    await isOpen(client, '\r\n\r\n');
    client.socket.pause();
    const full = stream.write('x'.repeat(30_000_000));
    assert.ok(full instanceof Promise);
    assert.ok(stream.queuedBytes > 1_000_000);
    client.socket.destroy();
    await within(full, 'word for who waits');
    assert.equal((await left(exchange)).kind, 'cancelled');
    assert.equal(stream.queuedBytes, 0);
  });

  test('is cut when the client takes nothing of it for long', async (t) => {
    const { held, client } = await scene(t, { limits: { stalledMs: 100 } });
    client.send(request('GET', '/held'));
    const exchange = await held.nth(1);
    client.socket.pause();
    const stream = exchange.stream(200, {});
    let full: void | Promise<void> = undefined;
    // More than the system takes for a client that does not read.
    while (exchange.gone.reason === undefined && stream.queuedBytes < 8 * 1024 ** 2) {
      full = stream.write('x'.repeat(64 * 1024));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal((await left(exchange)).kind, 'cancelled');
    await full;
  });

  test('reaches each of a thousand clients whole and in order', async (t) => {
    const EVENTS = 20;
    const counting: Face = {
      path: '/counting',
      methods: ['GET'],
      async serve(exchange) {
        const stream = exchange.stream(200, { 'content-type': 'text/event-stream' });
        for (let n = 0; n < EVENTS; n++) {
          await stream.write(`data: ${n}\n\n`);
          await new Promise((resolve) => setImmediate(resolve));
        }
        stream.end();
      },
    };
    const { port } = await scene(t, { faces: [counting] });
    const clients = await Promise.all(Array.from({ length: 1000 }, () => rawClient(t, port)));
    for (const client of clients) client.send(request('GET', '/counting'));
    const expected = Array.from({ length: EVENTS }, (_, n) => n);
    for (const client of clients) {
      const text = await client.until(() => client.tail.endsWith('0\r\n\r\n'), 'the end of a stream');
      assert.deepEqual(
        [...text.matchAll(/data: (\d+)\n\n/g)].map(([, n]) => Number(n)),
        expected,
      );
    }
  });

  test('is cut, and not ended, when it fails', async (t) => {
    const failing: Face = {
      path: '/failing',
      methods: ['GET'],
      async serve(exchange) {
        void exchange.stream(200, {}).write('half an answer');
        await Promise.resolve();
        throw new Error('a defect');
      },
    };
    const { client } = await scene(t, { faces: [failing] });
    client.send(request('GET', '/failing'));
    const text = await client.closed();
    assert.ok(!text.includes('0\r\n\r\n'), text);
  });
});

describe('the end', () => {
  test('idle connections are closed at once, and answers under way are the last', async (t) => {
    const { held, client, port, carrier } = await scene(t);
    const idle = await rawClient(t, port);
    idle.send(request('GET', '/echo'));
    await isOpen(idle, ']');
    client.send(request('GET', '/held'));
    const exchange = await held.nth(1);
    carrier.drain();
    await idle.closed();
    exchange.reply(200, {}, 'the last');
    assert.match(await client.closed(), /connection: close[^]*the last$/i);
    await within(carrier.closed, 'the end of the server');
  });

  test('a stream that began before ends its connection when it ends', async (t) => {
    const { held, client, carrier } = await scene(t);
    client.send(request('GET', '/held'));
    const stream = (await held.nth(1)).stream(200, {});
    await isOpen(client, '\r\n\r\n');
    carrier.drain();
    void stream.write('goodbye');
    stream.end();
    assert.match(await client.closed(), /goodbye\r\n0\r\n\r\n$/);
    await within(carrier.closed, 'the end of the server');
  });

  test('a stop cuts what is under way', async (t) => {
    const { held, client, carrier } = await scene(t);
    client.send(request('GET', '/held'));
    const exchange = await held.nth(1);
    carrier.stop();
    carrier.stop();
    assert.equal(await client.closed(), '');
    assert.equal((await left(exchange)).kind, 'cancelled');
    await within(carrier.closed, 'the end of the server');
  });

  test('a port that is taken is told with what to do', async (t) => {
    const { port } = await scene(t);
    const { openCarrier } = await import('../../../../src/transports/http/node-http.ts');
    const { LIMITS } = await import('../../../../src/transports/http/limits.ts');
    const { FakeClock } = await import('../../../support/clock.ts');
    const options = {
      host: '127.0.0.1',
      port,
      limits: LIMITS,
      receive: () => {},
      clock: new FakeClock(),
      log: silentLog,
    };
    await assert.rejects(openCarrier(options), (fault: Fault) => {
      assert.equal(fault.kind, 'NETWORK');
      assert.match(fault.message, /^The server cannot listen on 127\.0\.0\.1 port \d+: it is in use\.$/);
      assert.match(fault.data.next ?? '', /PORT/);
      return true;
    });
    await assert.rejects(openCarrier({ ...options, host: '203.0.113.7' }), { kind: 'CONFIG' });
  });
});
