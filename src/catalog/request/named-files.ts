// Files that a call names by their paths, in `files` or as images: read before the call is looked at, so that everything
// after it knows only what is in them, the cache too. Of `files` each becomes a part of the last user message: before a text
// that is said there, because models read long texts best before the question about them.

import type { JsonObject, JsonValue } from '../../core/json.ts';
import { ENOUGH, refuse } from '../../core/problems.ts';
import { show } from '../../core/schema.ts';
import type { Problem } from '../../core/schema.ts';
import type { FetchImage, FetchImageContext } from '../../providers/images/fetch-image.ts';
import { listOf, objectOf, stringOf, stringsOf } from '../../providers/openai-form/read.ts';
import { isPath } from '../files.ts';
import { CallFiles } from './call-files.ts';
import type { FileBudget } from './file-budget.ts';
import { clientRoots, NOT_ASKED } from './client-roots.ts';
import type { Asking } from './client-roots.ts';
import { filePart } from './file-part.ts';
import { imagesToGet, withImages } from './image-sources.ts';

/** Of `files`: each costs several turns to the disk. */
const MOST_FILES = 100;

export interface FileSources {
  /** The folders files may be read from. */
  readonly allowedRoots?: readonly string[] | undefined;
  /** Absent: addresses of images are the upstream's to fetch. */
  readonly fetchImage?: FetchImage | undefined;
  /** Absent: nothing bounds the files of all calls together. */
  readonly fileBudget?: FileBudget | undefined;
  /** How many questions are asked with them; absent: one. */
  readonly questions?: number | undefined;
}

/**
 * Uses the arguments with what `files` names in the messages, and a data URL in place of every image that is ours to get:
 * see `withImages`. Throws `INVALID_INPUT` for what cannot be had, `OVERLOADED` where it is too much with that of others.
 */
export async function withFiles<Result>(
  args: JsonObject,
  { allowedRoots = [], fetchImage, fileBudget, questions = 1 }: FileSources,
  ctx: FetchImageContext & Asking,
  use: (shown: JsonObject) => Promise<Result>,
): Promise<Result> {
  const references = stringsOf(args['files']) ?? [];
  const images = imagesToGet(args, fetchImage);
  if (references.length === 0 && images.length === 0) return use(args);
  const isAnyFile = references.length > 0 || images.some(isPath);
  const said = isAnyFile ? await clientRoots(ctx) : NOT_ASKED;
  const roots = isAnyFile ? [...allowedRoots, ...said.folders] : [];
  const files = new CallFiles({ roots, withoutClient: said.none, cancel: ctx.cancel, questions, budget: fileBudget });
  try {
    const shown = images.length === 0 ? args : await withImages(args, { files, fetchImage }, ctx);
    return await use(references.length === 0 ? shown : attached(shown, await partsOf(references, files)));
  } finally {
    files.release();
  }
}

async function partsOf(references: readonly string[], files: CallFiles): Promise<readonly JsonObject[]> {
  const problems: Problem[] = [];
  const parts: JsonObject[] = [];
  if (references.length > MOST_FILES) {
    problems.push({ path: 'files', message: `must have at most ${MOST_FILES} items, not ${references.length}` });
  }
  refuse(problems);
  for (const [i, reference] of references.entries()) {
    if (problems.length >= ENOUGH) break;
    const path = `files[${i}]`;
    if (!isPath(reference)) {
      problems.push({ path, message: `must be an absolute path or a file: URL, not ${show(reference)}` });
      continue;
    }
    const found = await files.read(reference);
    const made = 'problem' in found ? found : filePart(found);
    if ('problem' in made) problems.push({ path, message: `names ${made.problem}` });
    else parts.push(made.part);
  }
  refuse(problems, files.next);
  return parts;
}

/** The arguments with the parts where they belong. Throws `INVALID_INPUT` where there is no user message. */
function attached(args: JsonObject, parts: readonly JsonObject[]): JsonObject {
  const { files: _files, prompt, messages, ...rest } = args;
  const text = stringOf(prompt) ?? '';
  const said = listOf(messages) ?? [];
  // Both or neither: the checkers that come after refuse it.
  if ((text === '') === (said.length === 0)) return args;
  if (text !== '') {
    const content = withParts(text, parts);
    return typeof content === 'string'
      ? { ...rest, prompt: content }
      : { ...rest, messages: [{ role: 'user', content }] };
  }
  const at = said.findLastIndex((message) => objectOf(message)?.['role'] === 'user');
  const last = objectOf(said[at]);
  if (last === undefined) {
    refuse([{ path: 'files', message: 'need a user message to go with' }]);
    return args;
  }
  const { content = null } = last;
  return { ...rest, messages: said.with(at, { ...last, content: withParts(content, parts) }) };
}

/**
 * The content of a message with the parts: before a text, and behind parts of the caller's own, which keep their places,
 * because refusals name them. Texts that stand together become one, because some servers join them without a space between,
 * and others know nothing but a text. Content that is neither is left for the checkers that come after.
 */
function withParts(content: JsonValue, parts: readonly JsonObject[]): JsonValue {
  if (Array.isArray(content)) return [...content, ...parts];
  if (typeof content !== 'string') return content;
  const joined: JsonObject[] = [];
  for (const part of content === '' ? parts : [...parts, textPart(content)]) {
    const [text, before] = [stringOf(part['text']), stringOf(joined.at(-1)?.['text'])];
    if (text === undefined || before === undefined) joined.push(part);
    else joined.splice(-1, 1, textPart(`${before}\n\n${text}`));
  }
  const [first] = joined;
  return (joined.length === 1 ? stringOf(first?.['text']) : undefined) ?? joined;
}

function textPart(text: string): JsonObject {
  return { type: 'text', text };
}
