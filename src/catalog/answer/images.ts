// The images of an answer in a result: one block for each after the text, never in structured content or its text, where
// clients take base64 for words (anthropics/claude-code #70280). How many of them there is room for is the client's to say.
// Follows MCP server/tools (image content, resource links).

import { fitting } from '../../providers/answer/images.ts';
import type { AnswerImage, AnswerImages } from '../../providers/answer/images.ts';
import type { ImageBlock, ToolContext } from '../tool.ts';

const NONE: readonly ImageBlock[] = [];

/** An image that is elsewhere is a link: what is behind it is nobody's business here. They are numbered from `before` on. */
export function imageBlocks(images: AnswerImages | undefined, before = 0): readonly ImageBlock[] {
  return images === undefined ? NONE : images.shown.map((image, place) => blockOf(image, before + place));
}

function blockOf(image: AnswerImage, place: number): ImageBlock {
  if ('url' in image) return { type: 'resource_link', uri: image.url, name: `image ${place + 1}` };
  return { type: 'image', data: image.data, mimeType: image.mimeType };
}

/** What a reader must know of the images that are not there. */
export function missingImages({ leftOut: reasons }: AnswerImages): string[] {
  return [...reasons].map(([why, count]) => leftOut(count, why));
}

function leftOut(count: number, why: string): string {
  return `${counted(count)} ${count === 1 ? 'is' : 'are'} left out: ${why}.`;
}

export function counted(count: number): string {
  return count === 1 ? '1 image' : `${count} images`;
}

type Room = Pick<ToolContext, 'resultChars' | 'imageChars'>;

/** The characters that blocks of images take of what a client shows of a result. */
export function roomTaken(blocks: readonly ImageBlock[], { imageChars }: Room): number {
  return blocks.reduce(
    (sum, block) => sum + (block.type === 'image' ? (imageChars ?? block.data.length) : block.uri.length),
    0,
  );
}

const NO_ROOM = 'a result for this client has no room for more';

/** Of a result, however many answers are in it. */
const MOST_BYTES = 12 * 1024 * 1024;

/** Gives images room until there is none, for one answer after the other. */
export class ImageRoom {
  readonly #room: Room;
  /** Characters that are left for images. */
  #left: number;
  #bytesLeft = MOST_BYTES;

  /** `textChars`: what there is beside the images; of what a client shows that has half at least. */
  constructor(room: Room, textChars: number) {
    const { resultChars } = room;
    this.#room = room;
    this.#left = resultChars === undefined ? Infinity : resultChars - Math.min(textChars, Math.floor(resultChars / 2));
  }

  fit(images: AnswerImages): AnswerImages {
    return fitting(images, (image) => this.#takes(blockOf(image, 0)), NO_ROOM);
  }

  /** As many of the blocks as there is room for, and what a reader must know of the others. */
  fitBlocks(blocks: readonly ImageBlock[]): { readonly shown: readonly ImageBlock[]; readonly missing: string[] } {
    const shown = blocks.filter((block) => this.#takes(block));
    const count = blocks.length - shown.length;
    return { shown, missing: count === 0 ? [] : [`[${leftOut(count, NO_ROOM)}]`] };
  }

  #takes(block: ImageBlock): boolean {
    const chars = roomTaken([block], this.#room);
    const bytes = block.type === 'image' ? Buffer.byteLength(block.data, 'base64') : 0;
    if (chars > this.#left || bytes > this.#bytesLeft) return false;
    this.#left -= chars;
    this.#bytesLeft -= bytes;
    return true;
  }
}
