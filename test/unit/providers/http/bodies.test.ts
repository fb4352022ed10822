// Bodies that are long, in many pieces, or read slowly: nothing is lost, doubled or gathered in memory.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import tls from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { describe, test } from 'node:test';
import type { FetchResponse } from '../../../../src/providers/fetch.ts';
import { chunk, chunkedHead, closed, listen, rawServer, reply } from '../../../support/loopback.ts';
import { integer, seeded } from '../../../support/property.ts';
import { asking, latch, openPooled, readFromNowOn, settled, textOf } from './clients.ts';
import { tlsServer, trusting } from './tls.ts';

const MIB = 1024 * 1024;

/** Bytes that are the same in no two places. */
function unlike(length: number): Buffer {
  const draw = seeded(length);
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32LE(integer(draw, 2 ** 32), at);
  return bytes;
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Reads with pauses of some turns of the loop, of which the longest fill every buffer on the way. */
async function readSlowly(response: FetchResponse): Promise<{ readonly bytes: Buffer; readonly largest: number }> {
  const draw = seeded(7);
  const parts: Uint8Array[] = [];
  let largest = 0;
  for await (const part of response.body) {
    parts.push(part);
    largest = Math.max(largest, part.length);
    for (let turns = integer(draw, 6); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
  }
  return { bytes: Buffer.concat(parts), largest };
}

function inChunks(bytes: Buffer): Buffer[] {
  const draw = seeded(bytes.length);
  const parts: Buffer[] = [Buffer.from(chunkedHead())];
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, from + 1 + integer(draw, 30_000));
    parts.push(chunk(bytes.subarray(from, to)));
    from = to;
  }
  return [...parts, chunk('')];
}

describe('a slow reader', () => {
  const answer = unlike(16 * MIB);

  test('gets every byte once, in pieces of no more than a few reads', async (t) => {
    const server = await rawServer(t, ({ socket, head }) => {
      if (head.includes('/chunked')) for (const part of inChunks(answer)) socket.write(part);
      else
        socket.write(
          Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${answer.length}\r\n\r\n`), answer]),
        );
    });
    const send = openPooled(t);
    for (const path of ['/counted', '/chunked']) {
      const { bytes, largest } = await readSlowly(await send(server.origin + path, asking()));
      assert.equal(digestOf(bytes), digestOf(answer));
      assert.ok(largest <= 96 * 1024, `a piece of ${largest} bytes`);
    }
    assert.equal(server.connections(), 1);
  });

  test('gets every byte once over TLS', async (t) => {
    await trusting(async () => {
      const server = await tlsServer(t, (socket) => {
        socket.on('data', () => {
          for (const part of inChunks(answer)) socket.write(part);
        });
      });
      const send = openPooled(t);
      for (let i = 0; i < 2; i++) {
        const { bytes, largest } = await readSlowly(await send(`https://127.0.0.1:${server.port}/`, asking()));
        assert.equal(digestOf(bytes), digestOf(answer));
        assert.ok(largest <= 256 * 1024, `a piece of ${largest} bytes`);
      }
      assert.equal(server.connections(), 1);
    });
  });

  test('holds a server still over TLS', async (t) => {
    await trusting(async () => {
      const total = 100 * MIB;
      const piece = Buffer.alloc(64 * 1024, 'x');
      let accepted = 0;
      const { port } = await tlsServer(t, (socket) => {
        const pump = (): void => {
          for (let hasRoom = true; hasRoom && accepted < total;) {
            accepted += piece.length;
            hasRoom = socket.write(piece);
          }
        };
        socket.on('drain', pump);
        socket.once('data', () => {
          socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${total}\r\n\r\n`);
          pump();
        });
      });
      const connect = t.mock.method(tls, 'connect');
      const response = await openPooled(t)(`https://127.0.0.1:${port}/`, asking());
      const body = response.body[Symbol.asyncIterator]();
      await body.next();
      const read = (): number => connect.mock.calls[0]?.result?.bytesRead ?? 0;
      await settled(() => accepted + read());
      assert.ok(read() > 0 && read() < 8 * MIB, `${read()} bytes of ${total} were read`);
      await body.return?.();
    });
  });

  test('over TLS gets what comes behind a line end that arrived when it had enough', { timeout: 20_000 }, async (t) => {
    await trusting(async () => {
      const sockets: TLSSocket[] = [];
      const { port } = await tlsServer(t, (socket) => {
        sockets.push(socket);
        socket.once('data', () => socket.write(chunkedHead()));
      });
      const response = await openPooled(t)(`https://127.0.0.1:${port}/`, asking());
      // Three full records and one of a line end, which are read at once.
      const first = unlike(3 * 16 * 1024 - 6);
      const written = chunk(first);
      assert.equal(written.length % (16 * 1024), 2);
      sockets[0]?.write(written);
      await settled(() => sockets[0]?.writableLength ?? 0);
      sockets[0]?.write(Buffer.concat([chunk('the rest'), chunk('')]));
      const { bytes } = await readSlowly(response);
      assert.equal(digestOf(bytes), digestOf(Buffer.concat([first, Buffer.from('the rest')])));
    });
  });

  test('who reads nothing for long loses nothing', async (t) => {
    const server = await rawServer(t, ({ socket }) => {
      for (const part of inChunks(answer)) socket.write(part);
    });
    const read = readFromNowOn(t);
    const response = await openPooled(t)(`${server.origin}/`, asking());
    await settled(read);
    assert.ok(read() < answer.length, 'all of it was taken');
    const parts: Uint8Array[] = [];
    for await (const part of response.body) parts.push(part);
    assert.equal(digestOf(Buffer.concat(parts)), digestOf(answer));
  });
});

describe('answers that come at once over many connections', () => {
  const answers = Array.from({ length: 16 }, (_, i) => unlike(MIB + 4 * i));
  const at = (head: string): number => Number(/\/(\d+)/.exec(head)?.[1]);
  /** Every other one is read slowly, so that what came for it waits while others are read. */
  const read = async (answer: Promise<FetchResponse>, i: number): Promise<string> => {
    if (i % 2 === 0) return digestOf((await readSlowly(await answer)).bytes);
    const parts: Uint8Array[] = [];
    for await (const part of (await answer).body) parts.push(part);
    return digestOf(Buffer.concat(parts));
  };

  test('are not mixed', async (t) => {
    const server = await rawServer(t, ({ socket, head }) => {
      for (const part of inChunks(answers[at(head)] ?? Buffer.alloc(0))) socket.write(part);
    });
    const send = openPooled(t);
    const digests = await Promise.all(answers.map((_, i) => read(send(`${server.origin}/${i}`, asking()), i)));
    assert.deepEqual(digests, answers.map(digestOf));
    assert.equal(server.connections(), answers.length);
  });

  test('are not mixed over TLS', async (t) => {
    await trusting(async () => {
      const server = await tlsServer(t, (socket) => {
        socket.on('data', (head: Buffer) => {
          for (const part of inChunks(answers[at(head.toString('latin1'))] ?? Buffer.alloc(0))) socket.write(part);
        });
      });
      const send = openPooled(t);
      const origin = `https://127.0.0.1:${server.port}`;
      const digests = await Promise.all(answers.map((_, i) => read(send(`${origin}/${i}`, asking()), i)));
      assert.deepEqual(digests, answers.map(digestOf));
      assert.equal(server.connections(), answers.length);
    });
  });
});

describe('many small chunks', () => {
  test('are joined: the reader is woken once for each read of the network', async (t) => {
    const small = chunk('data: {"choices":[{"delta":{"content":"word"}}]}\n\n');
    const server = await rawServer(t, ({ socket }) => {
      socket.write(chunkedHead());
      for (let i = 0; i < 200; i++) socket.write(Buffer.concat(Array.from({ length: 1000 }, () => small)));
      socket.write(chunk(''));
    });
    let pieces = 0;
    let bytes = 0;
    for await (const piece of (await openPooled(t)(`${server.origin}/`, asking())).body) {
      pieces++;
      bytes += piece.length;
    }
    assert.equal(bytes, 200_000 * 50);
    assert.ok(pieces < 4000, `${pieces} pieces`);
  });

  test('a byte at a time', async (t) => {
    const whole = Buffer.concat(inChunks(Buffer.from('a slow, slow answer')));
    const server = await rawServer(t, ({ socket }) => {
      const draw = (at: number): void => {
        if (at < whole.length) socket.write(whole.subarray(at, at + 1), () => setImmediate(() => draw(at + 1)));
      };
      draw(0);
    });
    const send = openPooled(t);
    for (let i = 0; i < 2; i++)
      assert.equal(await textOf(await send(`${server.origin}/`, asking())), 'a slow, slow answer');
    assert.equal(server.connections(), 1);
  });
});

describe('an exchange that is not the usual one', () => {
  test('gives what was good, then UPSTREAM, and closes', async (t) => {
    const server = await rawServer(t, ({ socket }) => {
      socket.write(Buffer.concat([Buffer.from(chunkedHead()), chunk('good'), Buffer.from('none\r\n')]));
    });
    const response = await openPooled(t)(`${server.origin}/`, asking());
    const body = response.body[Symbol.asyncIterator]();
    assert.equal(String((await body.next()).value), 'good');
    await assert.rejects(body.next(), {
      kind: 'UPSTREAM',
      message: `127.0.0.1:${server.port} did not answer in HTTP (chunk size).`,
    });
    await closed(server.seen[0]?.socket ?? assert.fail());
  });

  test('a reset is no end of a body without a length', async (t) => {
    // Destroyed with a question that it has not read: the kernel sends a reset and no end.
    const deaf = createServer({ pauseOnConnect: true }, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\nonly this', () => {
        void readFirst.promise.then(() => socket.destroy());
      });
    });
    const readFirst = latch<void>();
    const port = await listen(t, deaf);
    const response = await openPooled(t)(`http://127.0.0.1:${port}/`, asking({ method: 'POST', body: '{}' }));
    const body = response.body[Symbol.asyncIterator]();
    assert.equal(String((await body.next()).value), 'only this');
    readFirst.resolve();
    await assert.rejects(Promise.resolve(body.next()), { kind: 'INCOMPLETE' });
  });

  test('a large question is written whole, and its connection kept', async (t) => {
    const server = await rawServer(t, ({ socket }) => socket.write(reply('ok')));
    const big = asking({ method: 'POST', body: 'x'.repeat(8 * MIB) });
    const send = openPooled(t);
    assert.equal(await textOf(await send(`${server.origin}/`, big)), 'ok');
    assert.equal(server.seen[0]?.body.length, 8 * MIB);
    assert.equal(await textOf(await send(`${server.origin}/`, asking())), 'ok');
    assert.equal(server.connections(), 1);
  });
});
