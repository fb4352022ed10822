// What of an answer's images is shown: by its bytes and not its label, as base64 that every client takes, within bounds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import { fitting, ImagesHeard } from '../../../../src/providers/answer/images.ts';
import type { AnswerImages } from '../../../../src/providers/answer/images.ts';
import { GIF, largePng, PNG, PNG_URL } from '../../../support/pictures.ts';

function heard(...urls: readonly string[]): AnswerImages {
  const images = new ImagesHeard();
  for (const url of urls) images.add(url);
  return images.finish();
}

/** Why nothing of it is shown. */
function refused(url: string): string {
  const { shown, leftOut } = heard(url);
  assert.deepEqual(shown, [], url.slice(0, 80));
  return [...leftOut.keys()].join(' and ');
}

const png = { data: PNG, mimeType: 'image/png', bytes: 70 };

test('an image is what its bytes say, whatever its label does', () => {
  for (const label of ['image/png', 'image/jpeg', 'text/html', 'application/octet-stream', '']) {
    assert.deepEqual(heard(`data:${label};base64,${PNG}`).shown, [png], label);
  }
  assert.deepEqual(heard(`DATA:image/png;name=a.png;BASE64,${GIF}`).shown, [
    { data: GIF, mimeType: 'image/gif', bytes: 42 },
  ]);
  assert.equal(refused('data:image/png;base64,PHN2Zy8+'), 'the data is no PNG, JPEG, GIF or WebP');
  assert.equal(
    refused(`data:image/svg+xml;base64,${Buffer.from('<svg xmlns="x"/>').toString('base64')}`),
    'the data is no PNG, JPEG, GIF or WebP',
  );
});

test('base64 is made the plain one that MCP asks for', () => {
  const bytes = Buffer.concat([Buffer.from(PNG, 'base64'), Buffer.from([0xfb, 0xef, 0xff, 0xfe])]);
  const plain = bytes.toString('base64');
  assert.ok(plain.includes('+') && plain.includes('/') && plain.endsWith('='));
  const written = [
    plain,
    bytes.toString('base64url'),
    plain.replace(/=+$/, ''),
    `${plain.slice(0, 40)}\r\n${plain.slice(40)}\n`,
    encodeURIComponent(plain),
  ];
  for (const data of written) {
    assert.deepEqual(heard(`data:image/png;base64,${data}`).shown, [{ data: plain, mimeType: 'image/png', bytes: 74 }]);
  }
});

test('what is no base64 is left out and said', () => {
  const broken = [
    `data:image/png;base64,${PNG.slice(0, 40)}[redacted]${PNG.slice(40)}`,
    `data:image/png;base64,${PNG}!`,
    `data:image/png;base64,${PNG.slice(0, 40)}=${PNG.slice(41)}`,
    `data:image/png;base64,${PNG.slice(0, 41)}`,
    `data:image/png;base64,%E0%A4${PNG}`,
    'data:image/png;base64,',
    'data:image/png,plain',
    'data:image/png;base64',
    `data:${'x'.repeat(300)};base64,${PNG}`,
  ];
  for (const url of broken) assert.equal(refused(url), 'the data is not valid base64', url.slice(0, 60));
});

test('padding that is none is read once, however much of it there is', () => {
  const padding = '='.repeat(4_000_000);
  assert.equal(refused(`data:image/png;base64,${padding}A`), 'the data is not valid base64');
  assert.deepEqual(heard(`data:image/png;base64,${PNG}${padding}`).shown, [png]);
});

test('an address is kept as it is when it leads to the web', () => {
  for (const url of ['https://img.example/a.png?sig=1%2F2#x', 'http://127.0.0.1:8080/i/1']) {
    assert.deepEqual(heard(url).shown, [{ url }]);
  }
  for (const url of [
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://',
    'https:///x',
    '/i/1',
    'about:blank',
    '',
  ]) {
    assert.equal(refused(url), 'the address is none on the web', url);
  }
  assert.equal(refused(`https://img.example/${'a'.repeat(8192)}`), 'the address is none on the web');
});

test('images have a bound in number and in bytes, which holds for what is shown alone', () => {
  const many = heard('https://', ...Array.from({ length: 18 }, (_, i) => `https://img.example/${i}`));
  assert.equal(many.shown.length, 16);
  assert.deepEqual(
    [...many.leftOut],
    [
      ['the address is none on the web', 1],
      ['an answer may have 16 of them', 2],
    ],
  );
  // 9 MiB, which would be 18 with the next, and room for a small one.
  const large = heard(largePng(12_582_912), largePng(12_582_912), PNG_URL);
  assert.deepEqual(
    large.shown.map((image) => ('bytes' in image ? image.bytes : 0)),
    [9_437_184, 70],
  );
  assert.deepEqual([...large.leftOut], [['those of an answer may have 12 MiB together', 1]]);
});

test('what is given is kept as it came, and has a bound past which it is no answer', () => {
  const label = `data:text/html;base64,${PNG}`;
  assert.deepEqual(heard(label, 'nonsense').given, [label, 'nonsense']);
  const images = new ImagesHeard();
  for (let i = 0; i < 4; i++) images.add(largePng(15_728_640));
  assert.throws(
    () => images.add(largePng(15_728_640)),
    (thrown) => thrown instanceof Fault && thrown.kind === 'UPSTREAM' && thrown.data.retry === 'never',
  );
});

test('those that do not fit are left out, for a reason of their own', () => {
  const images = heard(PNG_URL, 'https://img.example/1', 'nonsense');
  const fit = fitting(images, (image) => 'url' in image, 'too much');
  assert.deepEqual(fit.shown, [{ url: 'https://img.example/1' }]);
  assert.deepEqual(
    [...fit.leftOut],
    [
      ['the address is none on the web', 1],
      ['too much', 1],
    ],
  );
  assert.equal(images.shown.length, 2);
});
