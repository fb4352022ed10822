// Images that a call names by the path of a file on this machine: read before the call is looked at, so that
// everything after it knows only URLs. Where files may lie, and what is an image, is files.ts's business.

import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { Problem } from '../../core/schema.ts';
import { readImageFile } from '../files.ts';
import { ENOUGH, refuse } from '../../core/problems.ts';
import { objectOf } from '../../providers/openai-form/read.ts';

/** All files of one call together. */
const MOST_BYTES = 50 * 1024 ** 2;

/** A place of an image's URL in the arguments. */
interface Place {
  readonly path: string;
  readonly url: string;
  readonly fill: (url: string) => void;
}

/**
 * The arguments with a data URL in place of every file that `images` and the image parts of `messages` name, by
 * absolute path or `file:` URL. Throws `INVALID_INPUT` for those that cannot be read from `roots`.
 */
export async function withImageFiles(args: JsonObject, roots: readonly string[] = []): Promise<JsonObject> {
  if (places(args).next().done === true) return args;
  const filled = structuredClone(args);
  const problems: Problem[] = [];
  let room = MOST_BYTES;
  for (const { path, url, fill } of places(filled)) {
    if (problems.length >= ENOUGH) break;
    const file = await readImageFile(url, roots, room);
    if ('problem' in file) {
      problems.push({ path, message: `names ${file.problem}` });
      continue;
    }
    room -= file.bytes;
    fill(file.url);
  }
  refuse(problems);
  return filled;
}

/** Where the arguments name a file; what is malformed is for the checkers that come after. */
function* places({ images, messages }: JsonObject): Generator<Place> {
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
  // A path on Windows begins with its drive; one without, and every relative one, could mean anything.
  if (typeof url === 'string' && /^(?:file:|\/|[a-z]:[\\/])/i.test(url)) yield { path, url, fill };
}

function entriesOf(value: JsonValue | undefined): Iterable<[number, JsonValue]> {
  return Array.isArray(value) ? value.entries() : [];
}

function put(list: JsonValue | undefined, i: number, url: string): void {
  if (Array.isArray(list)) list[i] = url;
}
