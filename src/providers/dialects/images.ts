// The images that an upstream answers with, of whatever dialect: where one stands in a part of the answer, and each said
// once, because several wires bring it whole at the end after they brought it on the way. What the image is, is not
// judged here.
// Seen: `images[].image_url.url` of OpenRouter, Vercel and LiteLLM, in messages and in deltas (LiteLLM leaves out `type`);
// `result` of OpenAI's `image_generation_call`, base64 without a label, or an address, as OpenRouter documents it;
// `image` of Ollama, likewise. Taken on trust, and not seen yet: parts `image_url` and `output_image` in the content of a message,
// and parts `inlineData` as Gemini writes them, handed through by a relay.

import { IMAGE_HEAD_BYTES, imageTypeOf } from '../../core/image-kind.ts';
import type { EventBatch } from './event-batch.ts';
import { objectAt, stringAt } from './fields.ts';
import type { Fields } from './fields.ts';
import { tooLarge } from './limits.ts';

/** Of one answer: more is no answer, and what was said is remembered. */
const MAX_IMAGES = 64;
const MAX_CHARS = 64 * 1024 * 1024;

export class ImagesSaid {
  readonly #choice: number;
  readonly #said = new Set<string>();
  #characters = 0;

  constructor(choice: number) {
    this.#choice = choice;
  }

  /** Throws `UPSTREAM` past any use. */
  say(url: string, batch: EventBatch): void {
    if (this.#said.has(url)) return;
    this.#said.add(url);
    this.#characters += url.length;
    if (this.#said.size > MAX_IMAGES) throw tooLarge(`The answer has more than ${MAX_IMAGES} images.`);
    if (this.#characters > MAX_CHARS) throw tooLarge(`The answer has more than ${MAX_CHARS} characters of images.`);
    batch.add({ type: 'image', url, ...(this.#choice === 0 ? {} : { choice: this.#choice }) });
  }
}

/** The image of a part or of an entry of `images`, if it is one. */
export function imageOf(part: Fields): string | undefined {
  const { image_url: named } = part;
  if (typeof named === 'string') return urlOf(named);
  const url = stringAt(objectAt(part, 'image_url') ?? {}, 'url') ?? stringAt(part, 'b64_json');
  if (url !== undefined) return urlOf(url);
  const inline = objectAt(part, 'inlineData') ?? objectAt(part, 'inline_data');
  if (inline === undefined) return undefined;
  const type = stringAt(inline, 'mimeType') ?? stringAt(inline, 'mime_type') ?? 'image/png';
  return /^image\//i.test(type) ? urlOf(stringAt(inline, 'data')) : undefined;
}

/** An address or a data URL as it is; base64 alone gets the label that its first bytes ask for. */
export function urlOf(text: string | undefined): string | undefined {
  if (text === undefined || text === '' || /^[a-z][a-z\d+.-]{0,30}:/i.test(text)) return text || undefined;
  const type = imageTypeOf(Buffer.from(text.slice(0, IMAGE_HEAD_BYTES * 2), 'base64'));
  return `data:${type ?? 'application/octet-stream'};base64,${text}`;
}
