import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LongText } from '../../../../src/core/json.ts';
import { Secrets } from '../../../../src/core/secrets.ts';
import type { Notice } from '../../../../src/rpc/link.ts';
import { Writer } from '../../../../src/rpc/output/writer.ts';
import { encodeResult } from '../../../../src/wire/encode.ts';
import { settled, SlowSink } from '../../../support/slow-sink.ts';

const KIB = 1024;

function notice(owner: object, text: string, progress: number): Notice {
  return { owner, text, progress, encode: (all, last) => JSON.stringify({ all, last }) };
}

/** A writer whose pipe has just become full with `first`. */
async function blocked(sink: SlowSink, options = {}): Promise<Writer> {
  const writer = new Writer(sink, options);
  sink.hasRoom = false;
  void writer.push('first');
  await settled();
  return writer;
}

function isSettled(promise: void | Promise<void>): Promise<boolean> {
  if (promise === undefined) return Promise.resolve(true);
  return Promise.race([promise.then(() => true), settled().then(() => false)]);
}

describe('lines', () => {
  test('of one turn leave in one write, in order', async () => {
    const sink = new SlowSink();
    const writer = new Writer(sink);
    assert.equal(writer.push('a'), undefined);
    assert.equal(writer.push('b'), undefined);
    assert.deepEqual(sink.writes, []);
    await Promise.resolve();
    assert.deepEqual(sink.writes, ['a\nb\n']);
    assert.equal(writer.queuedBytes, 0);
  });

  test('are joined up to about 64 KiB a write', async () => {
    const sink = new SlowSink();
    const writer = new Writer(sink);
    for (let i = 0; i < 100; i++) void writer.push(String(i % 10).repeat(4 * KIB - 1));
    await settled();
    assert.deepEqual(
      sink.writes.map(({ length }) => length),
      [...Array.from({ length: 6 }, () => 64 * KIB), 16 * KIB],
    );
  });

  test('wait while the pipe is full, and go on when it is not', async () => {
    const sink = new SlowSink();
    const writer = await blocked(sink);
    void writer.push('second');
    await settled();
    assert.deepEqual(sink.writes, ['first\n']);
    assert.equal(writer.queuedBytes, 7);
    sink.hasRoom = true;
    writer.drained();
    assert.deepEqual(sink.writes, ['first\n', 'second\n']);
    assert.equal(writer.queuedBytes, 0);
  });
});

describe('long lines', () => {
  test('leave in parts, each waiting for room, with nothing in between', async () => {
    const sink = new SlowSink();
    const writer = await blocked(sink);
    void writer.push('x'.repeat(200 * KIB));
    void writer.push('after');
    writer.drained();
    assert.equal(sink.writes.length, 2);
    for (let i = 0; i < 10; i++) writer.drained();
    assert.ok(sink.writes.every(({ length }) => length <= 64 * KIB + 1));
    assert.deepEqual(sink.lines, ['first', 'x'.repeat(200 * KIB), 'after']);
    assert.equal(writer.queuedBytes, 0);
  });

  test('in pieces are encoded no faster than they leave', async () => {
    const sink = new SlowSink();
    const writer = await blocked(sink);
    let asked = 0;
    const pieces = (function* () {
      for (let i = 0; i < 50; i++) {
        asked++;
        yield 'y'.repeat(64 * KIB);
      }
    })();
    void writer.push({ pieces, bytes: 50 * 64 * KIB });
    assert.equal(asked, 0);
    writer.drained();
    assert.ok(asked <= 2);
    for (let i = 0; i < 60; i++) writer.drained();
    assert.equal(sink.lines[1]?.length, 50 * 64 * KIB);
    assert.equal(writer.queuedBytes, 0);
  });

  test('are cut inside no character', async () => {
    const sink = new SlowSink();
    const writer = new Writer(sink);
    const text = `a${'🙂'.repeat(100 * KIB)}`;
    void writer.push(text);
    await settled();
    assert.ok(sink.writes.length > 2);
    const bytes = Buffer.concat(sink.writes.map((write) => Buffer.from(write)));
    assert.equal(bytes.toString(), `${text}\n`);
  });

  test('with a wrong estimate leave the count right', async () => {
    const sink = new SlowSink();
    const writer = await blocked(sink);
    void writer.push({ pieces: ['a', 'b'], bytes: 1000 });
    void writer.push({ pieces: ['c'.repeat(70 * KIB)], bytes: 0 });
    void writer.push({ pieces: [], bytes: 10 });
    for (let i = 0; i < 5; i++) writer.drained();
    assert.deepEqual(sink.lines, ['first', 'ab', 'c'.repeat(70 * KIB), '']);
    assert.equal(writer.queuedBytes, 0);
  });
});

describe('notices', () => {
  test('are written at once while there is room', async () => {
    const sink = new SlowSink();
    const writer = new Writer(sink);
    const owner = {};
    void writer.notify(notice(owner, 'a', 1));
    void writer.notify(notice(owner, 'b', 2));
    await settled();
    assert.deepEqual(sink.lines, ['{"all":"a","last":1}', '{"all":"b","last":2}']);
  });

  test('of one owner merge while the pipe is full; those of others and plain lines do not', async () => {
    const sink = new SlowSink();
    const writer = await blocked(sink);
    const [one, two] = [{}, {}];
    void writer.notify(notice(one, 'a', 1));
    void writer.notify(notice(two, 'A', 1));
    void writer.push('line');
    void writer.notify(notice(one, 'b', 2));
    void writer.notify(notice(one, 'c', 3));
    sink.hasRoom = true;
    writer.drained();
    assert.deepEqual(sink.lines, ['first', '{"all":"abc","last":3}', '{"all":"A","last":1}', 'line']);
    assert.equal(writer.queuedBytes, 0);
  });

  test('that were written are merged into no more', async () => {
    const sink = new SlowSink();
    const writer = await blocked(sink);
    const owner = {};
    void writer.notify(notice(owner, 'a', 1));
    writer.drained();
    void writer.notify(notice(owner, 'b', 2));
    writer.drained();
    assert.deepEqual(sink.lines, ['first', '{"all":"a","last":1}', '{"all":"b","last":2}']);
  });

  test('hold at most 64 KiB of text a line', async () => {
    const sink = new SlowSink();
    const writer = await blocked(sink);
    const owner = {};
    for (let i = 1; i <= 100; i++) void writer.notify(notice(owner, String(i % 10).repeat(2 * KIB), i));
    sink.hasRoom = true;
    writer.drained();
    const said = sink.lines.slice(1).map((line) => JSON.parse(line));
    assert.deepEqual(
      said.map(({ all, last }) => [all.length, last]),
      [
        [64 * KIB, 32],
        [64 * KIB, 64],
        [64 * KIB, 96],
        [8 * KIB, 100],
      ],
    );
  });
});

describe('the bound', () => {
  test('answers a promise from 1 MiB on, which settles below it', async () => {
    const sink = new SlowSink();
    const writer = await blocked(sink);
    assert.equal(writer.push('x'.repeat(1024 * KIB - 2)), undefined);
    const room = writer.push('y');
    assert.ok(room instanceof Promise);
    assert.equal(writer.push('z'), room);
    assert.equal(await isSettled(room), false);
    writer.drained();
    assert.equal(await isSettled(room), true);
    assert.equal(writer.push('w'), undefined);
  });

  test('counts the text of merged notices', async () => {
    const writer = await blocked(new SlowSink(), { boundBytes: 1000 });
    const owner = {};
    assert.equal(writer.notify(notice(owner, 'x'.repeat(500), 1)), undefined);
    assert.ok(writer.notify(notice(owner, 'x'.repeat(500), 2)) instanceof Promise);
  });
});

describe('the end', () => {
  test('settles when the sink has taken everything', async () => {
    const sink = new SlowSink();
    const writer = await blocked(sink);
    void writer.push('last');
    const ended = writer.end();
    assert.equal(writer.end(), ended);
    void writer.push('too late');
    writer.drained();
    assert.equal(await isSettled(ended), false);
    writer.drained();
    assert.equal(await isSettled(ended), true);
    assert.deepEqual(sink.lines, ['first', 'last']);
  });

  test('settles at once when there is nothing', async () => {
    assert.equal(await isSettled(new Writer(new SlowSink()).end()), true);
  });

  test('of a pipe that broke drops the queue, lets everyone go, and is told once', async () => {
    const sink = new SlowSink();
    const failures: unknown[] = [];
    const writer = await blocked(sink, { onFailure: (error: unknown) => failures.push(error) });
    const room = writer.push('x'.repeat(2048 * KIB));
    const ended = writer.end();
    sink.failure = new Error('EPIPE');
    writer.drained();
    assert.deepEqual([await isSettled(room), await isSettled(ended)], [true, true]);
    writer.fail(new Error('again'));
    assert.deepEqual(failures, [sink.failure]);
    assert.equal(writer.queuedBytes, 0);
    assert.equal(writer.push('more'), undefined);
    assert.equal(writer.notify(notice({}, 'more', 1)), undefined);
    assert.deepEqual(sink.lines, ['first']);
  });
});

describe('secrets', () => {
  const secrets = new Secrets();
  secrets.add('hunter2hunter2');

  test('are taken out of lines and notices', async () => {
    const sink = new SlowSink();
    const writer = new Writer(sink, { scrubber: secrets });
    void writer.push('{"a":"hunter2hunter2"}');
    void writer.notify(notice({}, 'hunter2hunter2', 1));
    await settled();
    assert.deepEqual(sink.lines, ['{"a":"[redacted]"}', '{"all":"[redacted]","last":1}']);
  });

  test('are found across the parts of a long line', async () => {
    const sink = new SlowSink();
    const writer = new Writer(sink, { scrubber: secrets });
    void writer.push('before');
    void writer.push('x'.repeat(64 * KIB - 5) + 'hunter2hunter2' + 'y'.repeat(KIB));
    void writer.push(encodeResult(1, { t: new LongText(['z'.repeat(64 * KIB - 10), 'hunter2', 'hunter2']) }));
    await settled();
    const text = sink.writes.join('');
    assert.ok(!text.includes('hunter2'));
    assert.equal(text.split('[redacted]').length, 3);
    assert.equal(sink.lines.length, 3);
  });
});
