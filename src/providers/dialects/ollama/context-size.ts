// How large a context to ask for (`options.num_ctx`). An Ollama server gives a model a small one unless it is told,
// and older servers cut a longer prompt down without a word (cut-prompt.ts); so the size is asked for with the request.
// It is nothing the caller asked for, so it is no line of `changed`; a size the caller gives takes its place.

import { encodeJson } from '../../../core/json.ts';

/** Of servers since 2025. A larger default is the server's business, and so is everything that fits into this one. */
const SMALLEST_DEFAULT = 4096;
/** Bytes of JSON in UTF-8: more than English or code has for a token, and about what Chinese has. */
const BYTES_PER_TOKEN = 3;
const TOKENS_PER_IMAGE = 1024;
const USUAL_ROOM = 1024;
/** Clients ask for any number, and memory has to be there for all of it. */
const MOST_ROOM = 8192;

/** Tokens of room for an answer of at most `maxTokens`. */
export function roomFor(maxTokens: number | undefined): number {
  return Math.min(maxTokens ?? USUAL_ROOM, MOST_ROOM);
}

/**
 * The `num_ctx` to ask for; undefined when any server's default will do. A power of two, so that a growing
 * conversation makes the server load its model anew only when it has doubled; a server lowers one that is above the
 * model's own.
 */
export function contextSize(prompt: unknown, images: number, room: number): number | undefined {
  const bytes = Buffer.byteLength(encodeJson(prompt) ?? '');
  const tokens = Math.ceil(bytes / BYTES_PER_TOKEN) + images * TOKENS_PER_IMAGE + room;
  return tokens <= SMALLEST_DEFAULT ? undefined : 2 ** Math.ceil(Math.log2(tokens));
}
