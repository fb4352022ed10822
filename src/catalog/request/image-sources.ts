// Images that a call names by the path of a file on this machine, and those on the web where we are to fetch them: read
// before the call is looked at, so that everything after it knows only URLs. Where files may lie is files.ts's
// business, and where on the web, that of whoever fetches.

import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Problem } from '../../core/schema.ts';
import type { FetchImage, FetchImageContext } from '../../providers/images/fetch-image.ts';
import { isPath } from '../files.ts';
import { imageTypeOf } from '../../core/image-kind.ts';
import { ENOUGH, refuse } from '../../core/problems.ts';
import { objectOf } from '../../providers/openai-form/read.ts';
import type { CallFiles } from './call-files.ts';
import { dataUrl } from './file-part.ts';

/** Of those that are fetched: one call is not to keep us busy with many. */
const MOST_FETCHED = 20;

/** Why an image was not fetched is not told: `FetchImage`. */
const NOT_FETCHED = 'an image that could not be fetched, or may not be';

/** A place of an image's URL in the arguments. */
interface Place {
  readonly path: string;
  readonly url: string;
  readonly fill: (url: string) => void;
}

export interface ImageSources {
  readonly files: CallFiles;
  /** Absent: addresses are the upstream's to fetch. */
  readonly fetchImage?: FetchImage | undefined;
}

/**
 * The arguments with a data URL in place of every file that `images` and the image parts of `messages` name, by
 * absolute path or `file:` URL, and of every address on the web where those are ours to fetch. Throws `INVALID_INPUT`
 * for those that cannot be had.
 */
export async function withImages(args: JsonObject, sources: ImageSources, ctx: FetchImageContext): Promise<JsonObject> {
  const { files, fetchImage } = sources;
  const filled = structuredClone(args);
  const problems: Problem[] = [];
  let fetched = 0;
  for (const { path, url, fill } of placesIn(filled)) {
    if (problems.length >= ENOUGH) break;
    if (!isOurs(url, fetchImage)) continue;
    if (!isPath(url) && ++fetched > MOST_FETCHED) {
      problems.push({ path, message: `is one image too many: at most ${MOST_FETCHED} are fetched for one call` });
      break;
    }
    const image = isPath(url) ? await imageOnDisk(url, files) : await imageOnTheWeb(url, sources, ctx);
    if (image === undefined || 'problem' in image) {
      problems.push({ path, message: `names ${image?.problem ?? NOT_FETCHED}` });
      // One that is not there may have taken long.
      if (image === undefined) break;
      continue;
    }
    fill(image.url);
  }
  refuse(problems, files.next);
  return filled;
}

/** The paths and addresses that `withImages` would put an image in the place of. */
export function imagesToGet(args: JsonObject, fetchImage: FetchImage | undefined): readonly string[] {
  const urls: string[] = [];
  for (const { url } of placesIn(args)) if (isOurs(url, fetchImage)) urls.push(url);
  return urls;
}

function isOurs(url: string, fetchImage: FetchImage | undefined): boolean {
  return isPath(url) || (fetchImage !== undefined && isOnTheWeb(url));
}

type FoundImage = { readonly url: string } | { readonly problem: string };

async function imageOnDisk(path: string, files: CallFiles): Promise<FoundImage> {
  const found = await files.read(path);
  if ('problem' in found) return found;
  const type = imageTypeOf(found.bytes);
  if (type === undefined) return { problem: 'a file that is no PNG, JPEG, GIF or WebP image' };
  return { url: dataUrl(type, found.bytes) };
}

async function imageOnTheWeb(
  url: string,
  { files, fetchImage }: ImageSources,
  ctx: FetchImageContext,
): Promise<FoundImage | undefined> {
  const image = await fetchImage?.(url, files.room, ctx);
  files.check();
  return image;
}

function isOnTheWeb(url: string): boolean {
  return /^https?:/i.test(url);
}

/** Where the arguments name an image; what is malformed is for the checkers that come after. */
function* placesIn({ images, messages }: JsonObject): Generator<Place> {
  for (const [i, url] of entriesOf(images)) yield* place(url, `images[${i}]`, (data) => put(images, i, data));
  for (const [i, message] of entriesOf(messages)) {
    for (const [j, part] of entriesOf(objectOf(message)?.['content'])) {
      const shown = objectOf(part);
      if (shown?.['type'] !== 'image_url') continue;
      const { image_url: image } = shown;
      const inner = objectOf(image);
      const path = `messages[${i}].content[${j}].image_url`;
      if (inner === undefined) yield* place(image, path, (data) => void (shown['image_url'] = data));
      else yield* place(inner['url'], `${path}.url`, (data) => void (inner['url'] = data));
    }
  }
}

function* place(url: JsonValue | undefined, path: string, fill: (url: string) => void): Generator<Place> {
  if (typeof url === 'string') yield { path, url, fill };
}

function entriesOf(value: JsonValue | undefined): Iterable<[number, JsonValue]> {
  return Array.isArray(value) ? value.entries() : [];
}

function put(list: JsonValue | undefined, i: number, url: string): void {
  if (Array.isArray(list)) list[i] = url;
}
