import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import { describe, test } from 'node:test';
import { Secrets } from '../../../src/core/secrets.ts';
import type { Link } from '../../../src/rpc/link.ts';
import type { Scrubber } from '../../../src/rpc/output/queued.ts';
import { stdioLink } from '../../../src/transports/stdio.ts';
import type { Message } from '../../../src/wire/jsonrpc.ts';
import { FakeClock } from '../../support/clock.ts';
import { settled } from '../../support/slow-sink.ts';

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

interface Scene {
  readonly link: Link;
  readonly stdin: PassThrough;
  readonly clock: FakeClock;
  /** What was read from the link so far, batch by batch. */
  readonly batches: (readonly Message[])[];
  readonly reading: Promise<void>;
}

function scene(stdout: NodeJS.WritableStream = new PassThrough(), scrubber?: Scrubber): Scene {
  const stdin = new PassThrough();
  const clock = new FakeClock();
  const setup = { stdin, stdout, clock, maxLineBytes: 1000 };
  const link = stdioLink(scrubber === undefined ? setup : { ...setup, scrubber });
  const batches: (readonly Message[])[] = [];
  const read = async (): Promise<void> => {
    for await (const batch of link.incoming) batches.push(batch);
  };
  return { link, stdin, clock, batches, reading: read() };
}

/** A stream that takes one write and then nothing. */
function stuck(): Writable {
  return new Writable({ highWaterMark: 1, write: () => {} });
}

function text(stdout: PassThrough): string {
  return String(stdout.read() ?? '');
}

describe('reading', () => {
  test('one batch per read, told apart (R-19)', async () => {
    const { link, stdin, batches } = scene();
    stdin.write(`${PING}\r\n\nnonsense\n${PING.slice(0, 10)}`);
    await settled();
    stdin.write(`${PING.slice(10)}\n`);
    await settled();
    assert.deepEqual(
      batches.map((batch) => batch.map(({ kind }) => kind)),
      [['request', 'malformed'], ['request']],
    );
    assert.equal(link.facts.receivedBytes, 93);
  });

  test('a line over the cap is a message to refuse, and the next one is read', async () => {
    const { stdin, batches } = scene();
    stdin.write(`${'x'.repeat(1001)}\n${PING}\n`);
    await settled();
    const [refused, ping] = batches.flat();
    assert.equal(
      refused?.kind === 'malformed' ? refused.fault.message : '',
      'Invalid request: the line is longer than 1000 bytes.',
    );
    assert.equal(refused?.kind === 'malformed' ? refused.id : 'none', null);
    assert.equal(ping?.kind, 'request');
  });

  test('ends with the stream, a last line without its newline included', async () => {
    const { stdin, batches, reading } = scene();
    stdin.end(PING);
    await reading;
    assert.deepEqual(
      batches.flat().map(({ kind }) => kind),
      ['request'],
    );
  });

  test('ends when the stream fails or is closed', async () => {
    const failing = scene();
    failing.stdin.destroy(new Error('EIO'));
    await failing.reading;
    const closing = scene();
    closing.stdin.destroy();
    await closing.reading;
  });

  test('stops when nobody takes what is read, and goes on when somebody does', async () => {
    const stdin = new PassThrough();
    const link = stdioLink({ stdin, stdout: new PassThrough(), clock: new FakeClock(), maxLineBytes: 1000 });
    for (let i = 0; i < 40; i++) {
      stdin.write(`${PING}\n`);
      await settled();
    }
    assert.equal(stdin.isPaused(), true);
    stdin.end();
    let messages = 0;
    for await (const batch of link.incoming) messages += batch.length;
    assert.equal(messages, 40);
  });
});

describe('writing', () => {
  test('a line each, encoded as UTF-8', async () => {
    const stdout = new PassThrough();
    const { link } = scene(stdout);
    void link.send('{"a":"é"}');
    void link.notify({ owner: {}, text: 't', progress: 1, encode: (all, last) => `${all}${last}` });
    await settled();
    assert.equal(text(stdout), '{"a":"é"}\nt1\n');
  });

  test('goes on when the stream drains', async () => {
    const stdout = new PassThrough({ highWaterMark: 16 });
    const { link } = scene(stdout);
    void link.send('x'.repeat(100));
    await settled();
    void link.send('y');
    assert.equal(link.facts.queuedBytes, 2);
    let got = '';
    stdout.on('data', (chunk: Buffer) => (got += chunk.toString()));
    await settled();
    assert.equal(got, `${'x'.repeat(100)}\ny\n`);
    assert.equal(link.facts.queuedBytes, 0);
  });

  test('no secret leaves', async () => {
    const stdout = new PassThrough();
    const secrets = new Secrets();
    secrets.add('hunter2hunter2');
    const { link } = scene(stdout, secrets);
    void link.send('{"a":"hunter2hunter2"}');
    await settled();
    assert.equal(text(stdout), '{"a":"[redacted]"}\n');
  });

  test('to a peer that has gone ends the reading, quietly (R-67)', async () => {
    const stdout = new Writable({ write: (_, __, done) => done(new Error('EPIPE')) });
    const { link, reading } = scene(stdout);
    void link.send('a');
    await reading;
    assert.equal(link.send('b'), undefined);
    await link.close(400);
  });
});

describe('closing', () => {
  test('ends the reading and waits for what is queued', async () => {
    const stdout = new PassThrough({ highWaterMark: 16 });
    const { link, clock, reading } = scene(stdout);
    void link.send('x'.repeat(100));
    void link.send('y');
    const closed = link.close(400);
    assert.equal(link.close(5), closed);
    await reading;
    let got = '';
    stdout.on('data', (chunk: Buffer) => (got += chunk.toString()));
    await closed;
    assert.equal(got, `${'x'.repeat(100)}\ny\n`);
    assert.equal(clock.pending, 0);
  });

  test('waits until the stream has let go of its last bytes', async () => {
    let release = (): void => {};
    const stdout = new Writable({ write: (_, __, done) => (release = done) });
    const { link } = scene(stdout);
    void link.send('y');
    let isClosed = false;
    const closed = link.close(400).then(() => (isClosed = true));
    await settled();
    assert.equal(isClosed, false);
    release();
    await settled();
    release();
    await closed;
  });

  test('is not held up by a peer that does not read', async () => {
    const { link, clock } = scene(stuck());
    void link.send('x');
    await settled();
    void link.send('y');
    const closed = link.close(400);
    await settled();
    clock.advance(400);
    await closed;
    assert.deepEqual([link.facts.queuedBytes, clock.pending], [0, 0]);
  });

  test('reads nothing that comes after', async () => {
    const { link, stdin, batches, reading } = scene();
    await link.close(400);
    stdin.write(`${PING}\n`);
    await settled();
    await reading;
    assert.deepEqual(batches, []);
  });
});
