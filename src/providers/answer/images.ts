// The images of an answer, as the upstream gave them: told apart into those that a client can be shown and those that have
// to be left out, with the reason. What an image is, its first bytes say and not its label: a model's API refuses a
// conversation with an image of another kind than it is said to be, or of a kind that it does not know, and goes on
// refusing it. Nothing is fetched here.
// Follows RFC 2397 (data URLs) and RFC 4648 (base64, in either alphabet).

import { Fault } from '../../core/fault.ts';
import { IMAGE_HEAD_BYTES, imageTypeOf } from '../../core/image-kind.ts';

/** An image itself, in base64, or its address on the web. */
export type AnswerImage =
  | { readonly data: string; readonly mimeType: string; readonly bytes: number }
  | { readonly url: string };

export interface AnswerImages {
  readonly shown: readonly AnswerImage[];
  /** Images that are not, by the reason, which follows "left out: ". */
  readonly leftOut: ReadonlyMap<string, number>;
  /** All of them, as the upstream gave them: data URLs and addresses, not judged. */
  readonly given: readonly string[];
}

const MIB = 1024 * 1024;

/** Of one answer. */
const MOST_IMAGES = 16;
const MOST_BYTES = 12 * MIB;

/** Of what is given: more is no answer. */
const MOST_GIVEN_CHARS = 64 * MIB;

/** A longer address is none that a browser takes. */
const MOST_ADDRESS_CHARS = 8192;

/** What stands before the data of a URL, at most. */
const MOST_LABEL_CHARS = 256;

const WHY = {
  number: `an answer may have ${MOST_IMAGES} of them`,
  size: `those of an answer may have ${MOST_BYTES / MIB} MiB together`,
  base64: 'the data is not valid base64',
  kind: 'the data is no PNG, JPEG, GIF or WebP',
  address: 'the address is none on the web',
} as const;

export class ImagesHeard {
  readonly #shown: AnswerImage[] = [];
  readonly #leftOut = new Map<string, number>();
  readonly #given: string[] = [];
  #givenChars = 0;
  #bytes = 0;

  /** `url`: a data URL, or an address. Throws `UPSTREAM` past any use. */
  add(url: string): void {
    this.#givenChars += url.length;
    if (this.#givenChars > MOST_GIVEN_CHARS) {
      const data = { retry: 'never' } as const;
      throw new Fault('UPSTREAM', `The answer has images of more than ${MOST_GIVEN_CHARS} characters.`, { data });
    }
    this.#given.push(url);
    const image = this.#shown.length >= MOST_IMAGES ? WHY.number : imageAt(url);
    if (typeof image === 'string') return leaveOut(this.#leftOut, image);
    const bytes = 'bytes' in image ? image.bytes : 0;
    if (this.#bytes + bytes > MOST_BYTES) return leaveOut(this.#leftOut, WHY.size);
    this.#bytes += bytes;
    this.#shown.push(image);
  }

  finish(): AnswerImages {
    return { shown: this.#shown, leftOut: this.#leftOut, given: this.#given };
  }
}

function leaveOut(leftOut: Map<string, number>, why: string): void {
  leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
}

/** The images without those that are shown and do not fit, which are left out for the reason `why`. */
export function fitting(images: AnswerImages, fits: (image: AnswerImage) => boolean, why: string): AnswerImages {
  const shown: AnswerImage[] = [];
  const leftOut = new Map(images.leftOut);
  for (const image of images.shown) {
    if (fits(image)) shown.push(image);
    else leaveOut(leftOut, why);
  }
  return { ...images, shown, leftOut };
}

/** The image, or why it is left out. */
function imageAt(url: string): AnswerImage | string {
  if (!/^data:/i.test(url)) return isAddress(url) ? { url: plainAddress(url) } : WHY.address;
  const comma = url.slice(0, MOST_LABEL_CHARS).indexOf(',');
  if (comma === -1 || !/;base64$/i.test(url.slice(0, comma))) return WHY.base64;
  const data = plainBase64(url.slice(comma + 1));
  if (data === undefined) return WHY.base64;
  const mimeType = imageTypeOf(Buffer.from(data.slice(0, IMAGE_HEAD_BYTES * 2), 'base64'));
  if (mimeType === undefined) return WHY.kind;
  return { data, mimeType, bytes: bytesOf(data) };
}

function isAddress(url: string): boolean {
  return url.length <= MOST_ADDRESS_CHARS && /^https?:\/\/[^\s/]/i.test(url) && URL.canParse(url);
}

/** As MCP's links want it; one that is in plain characters stays as it was signed. */
function plainAddress(url: string): string {
  return /^[!-~]+$/.test(url) ? url : new URL(url).href;
}

/** The data in the common alphabet, padded and in one line, as MCP wants it; undefined when it is not base64. */
function plainBase64(text: string): string | undefined {
  // Most is plain already, and copying megabytes is the only thing here that costs anything.
  if (isPlain(text)) return text;
  const data = text.replace(/%(?:2B|2F|3D)/gi, decodeURIComponent).replace(/\s+/g, '');
  const common = withoutPadding(data).replaceAll('-', '+').replaceAll('_', '/');
  const padded = common.padEnd(Math.ceil(common.length / 4) * 4, '=');
  return isPlain(padded) ? padded : undefined;
}

/** Step by step from the end: the expression `=+$` takes quadratic time where padding stands in the middle. */
function withoutPadding(data: string): string {
  let end = data.length;
  while (data[end - 1] === '=') end--;
  return data.slice(0, end);
}

function isPlain(text: string): boolean {
  return text !== '' && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

function bytesOf(data: string): number {
  return (data.length / 4) * 3 - (data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0);
}
