// The bounds of what a dialect says of images, and how they are told apart; the forms are in fixtures/dialects.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fault } from '../../../../src/core/fault.ts';
import { EventBatch } from '../../../../src/providers/dialects/event-batch.ts';
import { imageOf, ImagesSaid, urlOf } from '../../../../src/providers/dialects/images.ts';
import { GIF, PNG, PNG_URL } from '../../../support/pictures.ts';

/** Not to be asked again: it would be paid for again. */
const isRefused = (thrown: unknown): boolean =>
  thrown instanceof Fault && thrown.kind === 'UPSTREAM' && thrown.data.retry === 'never';

test('base64 alone gets the label of what it is, and everything else is as it was', () => {
  assert.equal(urlOf(PNG), PNG_URL);
  assert.equal(urlOf(GIF), `data:image/gif;base64,${GIF}`);
  assert.equal(urlOf('PHN2Zy8+'), 'data:application/octet-stream;base64,PHN2Zy8+');
  for (const url of [PNG_URL, 'https://img.example/1', 'data:text/plain,x', 'file:///x']) assert.equal(urlOf(url), url);
  assert.equal(urlOf(''), undefined);
  assert.equal(urlOf(undefined), undefined);
});

test('what is inline and no image is none', () => {
  assert.equal(imageOf({ inline_data: { mime_type: 'image/png', data: PNG } }), PNG_URL);
  assert.equal(imageOf({ inlineData: { data: PNG } }), PNG_URL);
  assert.equal(imageOf({ inlineData: { mimeType: 'audio/wav', data: PNG } }), undefined);
});

test('an image is said once for each choice', () => {
  const batch = new EventBatch();
  for (const choice of [0, 1]) {
    const images = new ImagesSaid(choice);
    for (const url of ['a:1', 'a:2', 'a:1']) images.say(url, batch);
  }
  assert.deepEqual(batch.take(), [
    { type: 'image', url: 'a:1' },
    { type: 'image', url: 'a:2' },
    { type: 'image', url: 'a:1', choice: 1 },
    { type: 'image', url: 'a:2', choice: 1 },
  ]);
});

test('more images than any answer has, in number or in size, are no answer', () => {
  const many = new ImagesSaid(0);
  for (let i = 0; i < 64; i++) many.say(`a:${i}`, new EventBatch());
  assert.throws(() => many.say('a:64', new EventBatch()), isRefused);
  const large = new ImagesSaid(0);
  const url = 'x'.repeat(32 * 1024 * 1024);
  large.say(`a:${url}`.slice(0, -2), new EventBatch());
  large.say(`b:${url}`.slice(0, -2), new EventBatch());
  assert.throws(() => large.say('c:1', new EventBatch()), isRefused);
});
