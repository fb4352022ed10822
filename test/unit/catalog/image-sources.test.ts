// Images on the web, where the operator lets us fetch them: what is replaced, how much of it, and what is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/core/json.ts';
import { withFiles } from '../../../src/catalog/request/named-files.ts';
import type { FetchImage } from '../../../src/providers/images/fetch-image.ts';
import { toolContext } from '../../support/models.ts';

/** What a call is given. */
const same = (args: JsonObject): Promise<JsonObject> => Promise.resolve(args);

const { ctx } = toolContext();
const URLS = ['https://a.example/1.png', 'http://b.example/2.png'];

function fetching(answers: Readonly<Record<string, number>>): {
  readonly fetchImage: FetchImage;
  readonly rooms: number[];
} {
  const rooms: number[] = [];
  const fetchImage: FetchImage = async (url, room) => {
    rooms.push(room.left);
    const bytes = answers[url];
    const isThere = bytes !== undefined && bytes <= room.left && room.take(bytes);
    return isThere ? { url: `data:image/png;base64,${url.length}` } : undefined;
  };
  return { fetchImage, rooms };
}

test('addresses are handed on as they are unless we are to fetch them', async () => {
  const args = { images: URLS };
  assert.equal(await withFiles(args, {}, ctx, same), args);
});

test('every address becomes what is there, in images and in messages, and nothing else does', async () => {
  const { fetchImage, rooms } = fetching({ [URLS[0] ?? '']: 100, [URLS[1] ?? '']: 50 });
  const part = (url: string): { type: string; image_url: { url: string } } => ({
    type: 'image_url',
    image_url: { url },
  });
  const kept = 'data:image/gif;base64,AA';
  const args = {
    prompt: URLS[0] ?? '',
    images: [kept, ...URLS],
    messages: [{ role: 'user', content: [{ type: 'text', text: URLS[0] ?? '' }, part(URLS[1] ?? '')] }],
  };
  const before = structuredClone(args);
  const [first, second] = ['data:image/png;base64,23', 'data:image/png;base64,22'];
  assert.deepEqual(await withFiles(args, { fetchImage }, ctx, same), {
    prompt: URLS[0],
    images: [kept, first, second],
    messages: [{ role: 'user', content: [{ type: 'text', text: URLS[0] }, part(second ?? '')] }],
  });
  assert.deepEqual(args, before);
  assert.deepEqual(rooms, [52_428_800, 52_428_700, 52_428_650]);
});

test('one refusal for whatever stands in the way, and nothing is fetched after it', async () => {
  const { fetchImage, rooms } = fetching({});
  const images = ['http://169.254.169.254/latest', 'https://a.example/1.png'];
  await assert.rejects(withFiles({ images }, { fetchImage }, ctx, same), {
    kind: 'INVALID_INPUT',
    message: 'Invalid arguments: images[0] names an image that could not be fetched, or may not be.',
  });
  assert.equal(rooms.length, 1);
});

test('a call has a bounded number of images fetched', async () => {
  const { fetchImage, rooms } = fetching({ [URLS[0] ?? '']: 1 });
  const images = Array.from({ length: 21 }, () => URLS[0] ?? '');
  await assert.rejects(withFiles({ images }, { fetchImage }, ctx, same), {
    message: 'Invalid arguments: images[20] is one image too many: at most 20 are fetched for one call.',
  });
  assert.equal(rooms.length, 20);
});
