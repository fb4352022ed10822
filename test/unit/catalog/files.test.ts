// Files from the disk, images first, and every way there is of asking for a file that is none of the caller's business.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readAllowedFile } from '../../../src/catalog/files.ts';
import { withFiles } from '../../../src/catalog/request/named-files.ts';
import { imageTypeOf } from '../../../src/core/image-kind.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { toolContext } from '../../support/models.ts';

/** What a call is given. */
const same = (args: JsonObject): Promise<JsonObject> => Promise.resolve(args);

const ROOM = { left: 50 * 1024 ** 2, take: () => true };

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PNG_URL = `data:image/png;base64,${PNG.toString('base64')}`;

/** Resolved, because a temporary folder is itself behind a link on some systems. */
const home = realpathSync(mkdtempSync(join(tmpdir(), 'anymodel-images-')));
after(() => rmSync(home, { recursive: true }));

/** The folder that is allowed. */
const data = join(home, 'data');
/** One beside it whose name begins alike. */
const evil = join(home, 'data-evil');
for (const folder of [data, evil, join(data, 'inner')]) mkdirSync(folder);

function put(folder: string, name: string, bytes: Buffer | string = PNG): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const inside = put(data, 'a.png');
const outside = put(evil, 'secret.png');
const NOT_THERE = "no file in the folders of ALLOWED_ROOTS or the client's roots";

function withRoots(args: JsonObject, ...allowedRoots: readonly string[]): Promise<JsonObject> {
  return withFiles(args, { allowedRoots }, toolContext().ctx, same);
}

async function problem(reference: string, roots: readonly string[] = [data]): Promise<string> {
  const file = await readAllowedFile(reference, roots, ROOM);
  return 'problem' in file ? file.problem : `it was read: ${file.bytes.toString('latin1', 0, 40)}`;
}

async function url(reference: string, roots: readonly string[] = [data]): Promise<string> {
  const file = await readAllowedFile(reference, roots, ROOM);
  return 'bytes' in file
    ? `data:${imageTypeOf(file.bytes) ?? ''};base64,${file.bytes.toString('base64')}`
    : file.problem;
}

test('an image in an allowed folder is read, by path or file: URL', async () => {
  const deep = put(join(data, 'inner'), 'mit Umlaut ü #1 %.png');
  assert.deepEqual(await readAllowedFile(inside, [data], ROOM), { name: 'a.png', bytes: PNG });
  for (const reference of [deep, pathToFileURL(deep).href, `${data}//inner/./mit Umlaut ü #1 %.png`]) {
    assert.equal(await url(reference), PNG_URL, reference);
  }
  assert.equal(await url(`FILE://localhost${inside}`), PNG_URL);
  assert.equal(await url(inside, ['/nowhere', `${data}/`]), PNG_URL);
});

test('what a file is, is told by its first bytes and not by its name', async () => {
  const kinds: Readonly<Record<string, Buffer>> = {
    'image/png': PNG,
    'image/jpeg': Buffer.from('ffd8ffe000104a464946', 'hex'),
    'image/gif': Buffer.from('GIF89a......'),
    'image/webp': Buffer.from('RIFF\x10\x00\x00\x00WEBPVP8 ', 'latin1'),
  };
  for (const [type, bytes] of Object.entries(kinds)) {
    assert.equal(await url(put(data, 'any.txt', bytes)), `data:${type};base64,${bytes.toString('base64')}`);
  }
  for (const other of ['', 'GIF', '<svg/>', 'root:x:0:0:', 'RIFF....WAVE', '%PDF-1.7', PNG.subarray(0, 7)]) {
    await assert.rejects(withRoots({ images: [put(data, 'no.png', other)] }, data), {
      message: 'Invalid arguments: images[0] names a file that is no PNG, JPEG, GIF or WebP image.',
    });
  }
});

test('with no folder allowed nothing is read, and the setting is named', async () => {
  for (const reference of [inside, '/etc/hostname', '/nowhere/at/all']) {
    assert.equal(await problem(reference, []), 'a file, and this server may read none: ALLOWED_ROOTS is not set');
  }
});

test('files elsewhere are refused in the same words, whether they are there or not', async () => {
  const link = (name: string, target: string): string => {
    symlinkSync(target, join(data, name));
    return join(data, name);
  };
  const linkedFolder = link('way-out', evil);
  const attempts = [
    outside,
    `${evil}/not-there.png`,
    `${data}/not-there.png`,
    `${data}/../data-evil/secret.png`,
    `${data}/inner/../../data-evil/secret.png`,
    `${data}/../data/a.png`,
    `${data}-evil/secret.png`,
    `${data}\\..\\data-evil\\secret.png`,
    pathToFileURL(outside).href,
    `file://${data}/%2e%2e/data-evil/secret.png`,
    `file://${data}/..%2fdata-evil%2fsecret.png`,
    `file://${data}/%zz`,
    `file://elsewhere${inside}`,
    'file:',
    'file:a.png',
    link('to-secret.png', outside),
    link('to-nothing.png', join(evil, 'not-there.png')),
    link('round.png', join(data, 'round.png')),
    `${linkedFolder}/secret.png`,
    `${linkedFolder}/not-there.png`,
    `${inside}\0.png`,
    `${inside}%00`,
    `file://${inside}%00`,
    inside.replace('/data/', '/DATA/'),
    `${inside}/`,
    data,
    `${data}/`,
    '/',
    '//',
    'C:\\Windows\\win.ini',
    'a.png',
    '',
    `/${'x'.repeat(5000)}`,
    '/proc/self/environ',
    '/dev/zero',
  ];
  for (const reference of attempts) assert.equal(await problem(reference), NOT_THERE, JSON.stringify(reference));
});

test('a backslash in a name is no way into the folder beside', async () => {
  const odd = `${data}\\evil`;
  mkdirSync(odd);
  assert.equal(await problem(put(odd, 'secret.png')), NOT_THERE);
});

test('links within what is allowed are followed, and an allowed folder may be one', async () => {
  const alias = join(home, 'alias');
  symlinkSync(data, alias);
  symlinkSync(inside, join(data, 'again.png'));
  assert.equal(await url(join(data, 'again.png')), PNG_URL);
  assert.equal(await url(join(alias, 'a.png'), [alias]), PNG_URL);
  assert.equal(await url(inside, [alias]), PNG_URL);
  // From one allowed folder into another.
  symlinkSync(outside, join(data, 'across.png'));
  assert.equal(await url(join(data, 'across.png'), [data, evil]), PNG_URL);
});

test('a folder that is not there, or not named in full, allows nothing', async () => {
  for (const root of ['/nowhere', '', '.', 'data', join(data, 'gone')]) {
    assert.equal(await problem(inside, [root]), NOT_THERE, root);
  }
});

test('only plain files are opened: nothing hangs on a pipe', { timeout: 10_000 }, async () => {
  const pipe = join(data, 'pipe.png');
  execFileSync('/bin/sh', ['-c', 'mkfifo "$1"', 'sh', pipe]);
  assert.equal(await problem(pipe), 'something other than a plain file');
  assert.equal(await problem(join(data, 'inner')), 'something other than a plain file');
  symlinkSync('/dev/zero', join(data, 'zero.png'));
  assert.equal(await problem(join(data, 'zero.png')), NOT_THERE);
  symlinkSync(pipe, join(data, 'to-pipe.png'));
  assert.equal(await problem(join(data, 'to-pipe.png')), 'something other than a plain file');
});

test('a folder swapped for a link while it is read gains nothing', async () => {
  const real = join(data, 'swapped');
  const kept = join(home, 'kept');
  mkdirSync(real);
  put(real, 'secret.png', Buffer.from('GIF89a inside'));
  const seen = new Set<string>();
  const over = new AbortController();
  const swapping = (async () => {
    while (!over.signal.aborted) {
      renameSync(real, kept);
      symlinkSync(evil, real);
      await new Promise(setImmediate);
      rmSync(real);
      renameSync(kept, real);
      await new Promise(setImmediate);
    }
  })();
  for (let i = 0; i < 300; i++) seen.add(await url(join(real, 'secret.png')));
  over.abort();
  await swapping;
  const inner = `data:image/gif;base64,${Buffer.from('GIF89a inside').toString('base64')}`;
  assert.deepEqual(
    [...seen].filter((one) => one !== inner && one !== NOT_THERE),
    [],
  );
});

test(
  'a file swapped for a link or a pipe while it is read gains nothing, and hangs nothing',
  { timeout: 60_000 },
  async ({ signal }) => {
    const file = put(data, 'own.txt', 'own');
    const secret = put(evil, 'secret.txt', 'secret');
    const pipe = join(home, 'pipe');
    execFileSync('/bin/sh', ['-c', 'mkfifo "$1"', 'sh', pipe]);
    const seen = new Set<string>();
    const over = new AbortController();
    const become = async (make: (at: string) => void): Promise<void> => {
      make(`${file}.new`);
      renameSync(`${file}.new`, file);
      // As long as it happens to be, or a swap may meet every read at the same step.
      for (let rounds = Math.random() * 20; rounds > 0; rounds--) await new Promise(setImmediate);
    };
    const swapping = (async () => {
      while (!over.signal.aborted) {
        await become((at) => symlinkSync(secret, at));
        await become((at) => writeFileSync(at, 'own'));
        await become((at) => linkSync(pipe, at));
        await become((at) => writeFileSync(at, 'own'));
      }
    })();
    // The file itself has to have been read: how often the swaps let it, no machine promises.
    for (let i = 0; (i < 400 || !seen.has('it was read: own')) && !signal.aborted; i++) seen.add(await problem(file));
    over.abort();
    await swapping;
    const allowed = new Set(['it was read: own', NOT_THERE, 'something other than a plain file']);
    assert.deepEqual(
      [...seen].filter((one) => !allowed.has(one)),
      [],
    );
  },
);

test('a name says nothing of the folders above, and is that of the innermost one allowed', async () => {
  const deep = put(join(data, 'inner'), 'n.txt', 'x');
  const nameOf = async (reference: string, ...roots: readonly string[]): Promise<string> => {
    const file = await readAllowedFile(reference, roots, ROOM);
    return 'name' in file ? file.name : file.problem;
  };
  assert.equal(await nameOf(deep, data), 'inner/n.txt');
  assert.equal(await nameOf(deep, data, join(data, 'inner')), 'n.txt');
  assert.equal(await nameOf(deep, join(data, 'inner'), `${data}/`), 'n.txt');
  assert.equal(await nameOf(`${data}//./inner/./n.txt`, data), 'inner/n.txt');
  assert.equal(await nameOf(pathToFileURL(deep).href, data), 'inner/n.txt');
  symlinkSync(deep, join(data, 'called.txt'));
  assert.equal(await nameOf(join(data, 'called.txt'), data), 'called.txt');
  const alias = join(home, 'alias-of-names');
  symlinkSync(data, alias);
  assert.equal(await nameOf(join(alias, 'inner', 'n.txt'), alias), 'inner/n.txt');
  assert.equal(await nameOf(deep, alias), 'inner/n.txt');
});

test('even where everything is allowed, the system does not tell its secrets as files', async () => {
  for (const reference of ['/proc/self/environ', '/proc/self/cmdline', '/proc/self/mem', '/proc/kcore', '/proc/kmsg']) {
    const said = await problem(reference, ['/']);
    assert.ok(!/=|node|it was read: ./.test(said), `${reference}: ${said.slice(0, 40)}`);
  }
  for (const device of ['/dev/zero', '/dev/tty', '/proc/self/fd']) {
    assert.ok([NOT_THERE, 'something other than a plain file'].includes(await problem(device, ['/'])), device);
  }
});

test('a file of nothing that claims a terabyte is not read', async () => {
  const sparse = put(data, 'sparse.txt', '');
  truncateSync(sparse, 1024 ** 4);
  assert.equal(await problem(sparse), 'a file of more than 20 MB');
  rmSync(sparse);
});

test('of a file that grows or shrinks while it is read, there is what there is', async () => {
  const log = put(data, 'log.txt', 'a'.repeat(1000));
  const over = new AbortController();
  const changing = (async () => {
    for (let size = 0; !over.signal.aborted; size = (size + 7919) % 200_000) {
      truncateSync(log, size);
      await new Promise(setImmediate);
    }
  })();
  for (let i = 0; i < 200; i++) {
    const file = await readAllowedFile(log, [data], ROOM);
    assert.ok('bytes' in file && file.bytes.length <= 200_000);
  }
  over.abort();
  await changing;
});

test('a file that is too large is not read', async () => {
  const large = put(data, 'large.png');
  truncateSync(large, 20 * 1024 ** 2 + 1);
  assert.equal(await problem(large), 'a file of more than 20 MB');
  truncateSync(large, 20 * 1024 ** 2);
  assert.equal((await url(large)).length, 'data:image/png;base64,'.length + Math.ceil((20 * 1024 ** 2) / 3) * 4);
  assert.deepEqual(await readAllowedFile(inside, [data], { ...ROOM, left: 15 }), {
    problem: 'one file too many: those of one call may have 50 MB together',
  });
});

test('a file that may not be read is not there', { skip: process.getuid?.() === 0 }, async () => {
  const shut = put(data, 'shut.png');
  chmodSync(shut, 0);
  assert.equal(await problem(shut), NOT_THERE);
});

test('a hard link is a file of its folder', async () => {
  linkSync(inside, join(data, 'hard.png'));
  assert.equal(await url(join(data, 'hard.png')), PNG_URL);
});

const messages = (image: string): { role: string; content: object[] }[] => [
  { role: 'system', content: [{ type: 'text', text: inside }] },
  {
    role: 'user',
    content: [
      { type: 'text', text: inside },
      { type: 'image_url', image_url: { url: image, detail: 'low' } },
      { type: 'image_url', image_url: image },
    ],
  },
];

test('files are read wherever a call shows an image, and nowhere else', async () => {
  const args = JSON.parse(
    JSON.stringify({ prompt: inside, images: ['https://x/y.png', inside], messages: messages(inside) }),
  );
  const before = structuredClone(args);
  assert.deepEqual(await withRoots(args, data), {
    prompt: inside,
    images: ['https://x/y.png', PNG_URL],
    messages: [
      { role: 'system', content: [{ type: 'text', text: inside }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: inside },
          { type: 'image_url', image_url: { url: PNG_URL, detail: 'low' } },
          { type: 'image_url', image_url: PNG_URL },
        ],
      },
    ],
  });
  assert.deepEqual(args, before, 'the arguments as given are not changed');
});

test('arguments that name no file are handed on as they are, whatever they hold', async () => {
  const all = [
    { prompt: 'x' },
    { images: ['https://x/y.png', 'data:image/png;base64,AA', 'cat.png', ' /etc/passwd', 3, null] },
    { images: '/etc/passwd', messages: '/etc/passwd' },
    { messages: [null, 3, { content: '/etc/passwd' }, { content: [null, '/etc/passwd', { type: 'image_url' }] }] },
    { messages: [{ content: [{ type: 'text', image_url: '/etc/passwd' }] }] },
  ];
  for (const args of all) assert.equal(await withRoots(args, data), args);
});

test('every file that cannot be read is named by its argument, and none by what is known of it', async () => {
  const args = { images: [inside, outside], messages: JSON.parse(JSON.stringify(messages('/etc/hostname'))) };
  await assert.rejects(withRoots(args, data), {
    kind: 'INVALID_INPUT',
    message:
      `Invalid arguments: images[1] names ${NOT_THERE}; messages[1].content[1].image_url.url names ${NOT_THERE}; ` +
      `messages[1].content[2].image_url names ${NOT_THERE}.`,
  });
  await assert.rejects(withRoots({ images: [inside] }), {
    kind: 'INVALID_INPUT',
    message: 'Invalid arguments: images[0] names a file, and this server may read none: ALLOWED_ROOTS is not set.',
  });
});

test('the files of one call are bounded together, the same one named again and again too', async () => {
  const big = put(data, 'big.png');
  truncateSync(big, 18 * 1024 ** 2);
  await assert.rejects(withRoots({ images: [big, big, big] }, data), {
    message: 'Invalid arguments: images[2] names one file too many: those of one call may have 50 MB together.',
  });
  await assert.rejects(withRoots({ images: Array.from({ length: 1000 }, () => outside) }, data), {
    message: new RegExp(`^Invalid arguments: (?:images\\[[0-4]\\] names ${NOT_THERE}(?:; |\\.)){5}$`),
  });
});
