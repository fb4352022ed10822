// Downloads of images for a caller who may be an attacker: redirects to metadata, answers of DNS that mix good and bad
// or change, other notations of addresses, bodies that do not end, and what is no image.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CancelSource } from '../../../../../src/core/context.ts';
import { Fault } from '../../../../../src/core/fault.ts';
import type { LogFields } from '../../../../../src/core/log.ts';
import { silentLog } from '../../../../../src/core/log.ts';
import { systemClock } from '../../../../../src/core/clock.ts';
import { imageDownload } from '../../../../../src/providers/http/image/image-download.ts';
import type { DownloadOptions } from '../../../../../src/providers/http/image/image-download.ts';
import type { ByteRoom, FetchedImage } from '../../../../../src/providers/images/fetch-image.ts';
import { FakeClock } from '../../../../support/clock.ts';
import { chunk, chunkedHead, closed, rawServer } from '../../../../support/loopback.ts';
import type { RawServer, Seen } from '../../../../support/loopback.ts';

const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(40, 7)]);
const ROOM: ByteRoom = { left: 1_000_000, take: () => true };

function image(bytes: Buffer = PNG, headers = 'content-type: image/png\r\n'): Buffer {
  const head = `HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\n${headers}\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

interface Tried {
  readonly found: FetchedImage | undefined;
  /** What the log was told. */
  readonly why: unknown;
  readonly asked: readonly string[];
}

type Names = Readonly<Record<string, readonly string[]>>;

interface Setup extends Partial<DownloadOptions> {
  readonly names?: Names;
  readonly left?: number;
  readonly take?: ByteRoom['take'];
}

async function tried(
  url: string,
  { names = { 'img.example': ['127.0.0.1'] }, left = ROOM.left, take = ROOM.take, ...more }: Setup = {},
): Promise<Tried> {
  const asked: string[] = [];
  const told: LogFields[] = [];
  const resolve: DownloadOptions['resolve'] = (host) => {
    asked.push(host);
    const all = names[host];
    if (all === undefined) return Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    return Promise.resolve(all.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  };
  const download = imageDownload({
    clock: systemClock,
    exceptions: ['img.example', 'other.example'],
    resolve,
    ...more,
  });
  const log = { ...silentLog, info: (_: string, fields: LogFields = {}) => void told.push(fields) };
  const found = await download(
    url,
    { left, take },
    { cancel: new CancelSource(), deadline: Number.POSITIVE_INFINITY, log },
  );
  return { found, why: told[0]?.['why'], asked };
}

const serving = (t: TestContext, answer: (request: Seen) => void): Promise<RawServer> => rawServer(t, answer);

test('an image is fetched, with nothing of the caller or of us in the request', async (t) => {
  const server = await serving(t, ({ socket }) => socket.write(image()));
  const { found, asked } = await tried(`http://img.example:${server.port}/a/b.png?x=1#part`);
  assert.deepEqual(found, { url: `data:image/png;base64,${PNG.toString('base64')}` });
  assert.deepEqual(asked, ['img.example']);
  assert.deepEqual(server.seen[0]?.head.trim().split('\r\n'), [
    'GET /a/b.png?x=1 HTTP/1.1',
    `host: img.example:${server.port}`,
    'connection: keep-alive',
    'accept: image/png, image/jpeg, image/gif, image/webp',
    'accept-encoding: identity',
    'user-agent: anymodel-mcp',
  ]);
});

test('the address that was checked is the one that is connected to, at each redirect anew', async (t) => {
  const server = await serving(t, ({ socket, head }) =>
    socket.write(
      head.startsWith('GET /end')
        ? image()
        : `HTTP/1.1 302 Found\r\nlocation: //other.example:${server.port}/end\r\ncontent-length: 0\r\n\r\n`,
    ),
  );
  const names = { 'img.example': ['127.0.0.1'], 'other.example': ['127.0.0.1'] };
  const good = await tried(`http://img.example:${server.port}/`, { names });
  assert.equal(good.found?.url, `data:image/png;base64,${PNG.toString('base64')}`);
  assert.deepEqual(good.asked, ['img.example', 'other.example'], 'each name is resolved once');
  // The name's second address, had it been looked up again, would have been asked.
  const bad = await tried(`http://img.example:${server.port}/`, {
    names: { ...names, 'other.example': ['169.254.169.254'] },
  });
  assert.equal(bad.found, undefined);
  assert.equal(server.seen.length, 3);
});

test('no notation of an address leads where it must not, and nothing is connected to', async (t) => {
  const server = await serving(t, ({ socket }) => socket.write(image()));
  const { port } = server;
  const hosts = [
    '127.0.0.1',
    '2130706433',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '0x7f000001',
    '127.1',
    '127.0.0.1.',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[::127.0.0.1]',
    '0.0.0.0',
    '0',
    '[::]',
    '169.254.169.254',
    '0xa9fea9fe',
    '2852039166',
    '[::ffff:169.254.169.254]',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '10.0.0.1',
    '100.64.0.1',
    '192.168.1.1',
    '224.0.0.1',
    'metadata.google.internal',
    'metadata.google.internal.',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
  ];
  for (const host of hosts) {
    const { found, asked } = await tried(`http://${host}:${port}/`, { exceptions: [] });
    assert.equal(found, undefined, host);
    assert.deepEqual(asked, [], host);
  }
  assert.equal(server.connections(), 0);
});

test('link-local and metadata stay out of reach though everything private is allowed', async () => {
  const exceptions = ['0.0.0.0/0', '::/0', 'metadata.google.internal', 'img.example'];
  for (const host of [
    '169.254.169.254',
    '[::ffff:169.254.169.254]',
    '[fd00:ec2::254]',
    'metadata.google.internal',
    '100.100.100.200',
    'img.example',
  ]) {
    const { found, why } = await tried(`http://${host}/`, {
      exceptions,
      names: { 'img.example': ['10.0.0.1', '169.254.169.254'] },
    });
    assert.equal(found, undefined, host);
    assert.match(String(why), /^the host /, host);
  }
});

test('an answer of DNS that mixes good and bad is bad', async (t) => {
  const server = await serving(t, ({ socket }) => socket.write(image()));
  for (const bad of ['169.254.169.254', '::', 'fe80::1', 'what']) {
    const { found } = await tried(`http://img.example:${server.port}/`, {
      names: { 'img.example': ['127.0.0.1', bad] },
    });
    assert.equal(found, undefined, bad);
  }
  assert.equal((await tried('http://img.example/', { names: { 'img.example': [] } })).found, undefined);
  assert.equal((await tried('http://img.example/', { names: {} })).found, undefined);
  assert.equal(server.connections(), 0);
});

test('credentials, other schemes and what is no address are refused before anything is asked', async () => {
  for (const url of [
    'http://user@img.example/',
    'http://:pw@img.example/',
    'ftp://img.example/',
    'file:///etc/passwd',
    'http://',
    'http://[::1',
    'https:img',
    'http://img.example@169.254.169.254/',
  ]) {
    const { found, asked } = await tried(url, { names: {} });
    assert.equal(found, undefined, url);
    assert.deepEqual(asked, url === 'https:img' ? ['img'] : [], url);
  }
});

test('redirects are followed to allowed places only, and not for ever', async (t) => {
  const to = { location: '' };
  const server = await serving(t, ({ socket }) =>
    socket.write(`HTTP/1.1 307 No\r\nlocation: ${to.location}\r\ncontent-length: 0\r\n\r\n`),
  );
  const start = `http://img.example:${server.port}/`;
  for (const location of [
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:a9fe:a9fe]/',
    'file:///etc/passwd',
    'gopher://img.example/',
    'http://user:pw@img.example/',
    'http://127.0.0.1/',
    'http://',
    '',
  ]) {
    to.location = location;
    const before = server.seen.length;
    assert.equal((await tried(start, {})).found, undefined, location);
    // An empty reference is the address itself.
    if (location !== '') assert.equal(server.seen.length, before + 1, location);
  }
  to.location = '/again';
  const before = server.seen.length;
  const { found, why } = await tried(start);
  assert.deepEqual([found, why, server.seen.length - before], [undefined, 'too many redirects', 4]);
});

test('what is no image is refused, whatever its header says; what is one is taken, whatever its header says', async (t) => {
  const answer = { bytes: PNG, headers: '' };
  const server = await serving(t, ({ socket }) => socket.write(image(answer.bytes, answer.headers)));
  const fetched = async (
    bytes: Buffer | string,
    headers = 'content-type: image/png\r\n',
  ): Promise<string | undefined> => {
    Object.assign(answer, { bytes: Buffer.from(bytes), headers });
    return (await tried(`http://img.example:${server.port}/`)).found?.url.slice(0, 16);
  };
  for (const bytes of [
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '<!doctype html><script>',
    '',
    'x',
    '{"Code":"Success","AccessKeyId":"A"}',
    'BM6',
  ])
    assert.equal(await fetched(bytes), undefined, bytes);
  assert.equal(await fetched(PNG, 'content-type: text/html\r\n'), 'data:image/png;b');
  assert.equal(await fetched('GIF89a and more than that', ''), 'data:image/gif;b');
  for (const encoding of ['gzip', 'br', 'deflate', 'x-unknown', 'identity, gzip'])
    assert.equal(
      await fetched(gzipSync(Buffer.alloc(100_000)), `content-encoding: ${encoding}\r\n`),
      undefined,
      encoding,
    );
});

test('refusals of the server, broken answers and silence of all kinds are one and the same', async (t) => {
  const answer = { text: '' };
  const server = await serving(t, ({ socket }) => socket.end(answer.text));
  const texts = [
    'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n',
    'HTTP/1.1 401 No\r\nwww-authenticate: Basic\r\ncontent-length: 0\r\n\r\n',
    'SSH-2.0-OpenSSH_9.6\r\n',
    '',
    'HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n\u0089PNG',
    'HTTP/1.1 206 Part\r\ncontent-length: 0\r\n\r\n',
    'HTTP/1.1 204 None\r\n\r\n',
    'HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n',
  ];
  for (const text of texts) {
    answer.text = text;
    assert.equal((await tried(`http://img.example:${server.port}/`)).found, undefined, JSON.stringify(text));
  }
  // A port that nothing listens on.
  assert.equal((await tried('http://img.example:1/')).found, undefined);
});

test('an image that is too large is not read to its end, told or not', async (t) => {
  let ended: Promise<void> | undefined;
  const server = await serving(t, ({ socket, head }) => {
    ended = closed(socket);
    if (head.startsWith('GET /told')) {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n');
      return;
    }
    socket.write(chunkedHead());
    socket.write(chunk(PNG));
    const more = (): void => {
      if (!socket.destroyed) socket.write(chunk(Buffer.alloc(16_384)), () => setImmediate(more));
    };
    more();
  });
  for (const path of ['told', 'endless']) {
    const { found, why } = await tried(`http://img.example:${server.port}/${path}`, { left: 4096 });
    assert.deepEqual([found, why], [undefined, 'an image that is too large'], path);
    await ended;
  }
});

test('every piece is counted before more is read, and what is too much beside other calls is left', async (t) => {
  const all = Buffer.concat([PNG, Buffer.alloc(100_000)]);
  const server = await serving(t, ({ socket }) => socket.write(image(all)));
  const url = `http://img.example:${server.port}/`;
  const taken: number[] = [];
  await tried(url, { take: (bytes) => taken.push(bytes) > 0 });
  assert.equal(
    taken.reduce((sum, bytes) => sum + bytes, 0),
    all.length,
  );
  const { found, why } = await tried(url, { take: () => false });
  assert.deepEqual([found, why], [undefined, 'more than there is room for beside other calls']);
});

test('a body that drips, or says nothing, ends with the deadline, and is not waited for', async (t) => {
  const clock = new FakeClock();
  let ended: Promise<void> | undefined;
  const server = await serving(t, ({ socket }) => {
    ended = closed(socket);
    socket.write(chunkedHead());
    socket.write(chunk(PNG), () => setImmediate(() => clock.advance(15_000)));
  });
  const { found, why } = await tried(`http://img.example:${server.port}/`, { clock });
  assert.deepEqual([found, why], [undefined, 'The image took too long.']);
  await ended;
  const never = { resolve: () => (setImmediate(() => clock.advance(15_000)), new Promise<never>(() => {})) };
  assert.equal((await tried('http://img.example/', { clock, ...never })).why, 'The image took too long.');
  assert.equal(clock.pending, 0);
});

test('a call that is called off says so, and is no refusal', async (t) => {
  const cancel = new CancelSource();
  const reason = new Fault('cancelled', 'Enough.');
  const server = await serving(t, () => cancel.cancel(reason));
  const resolve = (): Promise<{ address: string; family: number }[]> =>
    Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
  const download = imageDownload({ clock: systemClock, exceptions: ['img.example'], resolve });
  const ctx = { cancel, deadline: Number.POSITIVE_INFINITY, log: silentLog };
  await assert.rejects(download(`http://img.example:${server.port}/`, ROOM, ctx), reason);
});
