// A file as a part of a message, in the form callers give them: an image as an image, a PDF as a document, which each
// API has its own form for, and text as text between tags that say what it is called. What a file is, is told by its
// bytes and never by its name. Pure.

import { sha256Hex } from '../../core/digest.ts';
import { imageTypeOf } from '../../core/image-kind.ts';
import type { JsonObject } from '../../core/json.ts';
import type { AllowedFile } from '../files.ts';

const MB = 1024 ** 2;
/** Above this no model has room for it. */
const MOST_TEXT_BYTES = 4 * MB;

/** The part; or what is wrong with the file, as a clause that can follow "names". */
export type FilePart = { readonly part: JsonObject } | { readonly problem: string };

export function filePart({ name, bytes }: AllowedFile): FilePart {
  const image = imageTypeOf(bytes);
  if (image !== undefined) return { part: { type: 'image_url', image_url: { url: dataUrl(image, bytes) } } };
  if (bytes.toString('latin1', 0, 5) === '%PDF-') {
    const filename = shown(name.slice(name.lastIndexOf('/') + 1));
    return { part: { type: 'file', file: { filename, file_data: dataUrl('application/pdf', bytes) } } };
  }
  const text = textIn(bytes);
  if (text === undefined) {
    return { problem: 'a file that is no text in UTF-8 or UTF-16, no PDF, and no PNG, JPEG, GIF or WebP image' };
  }
  if (bytes.length > MOST_TEXT_BYTES) return { problem: `a text of more than ${MOST_TEXT_BYTES / MB} MB` };
  return { part: { type: 'text', text: tagged(name, text) } };
}

/** The bytes as a data URL. */
export function dataUrl(type: string, bytes: Buffer): string {
  return `data:${type};base64,${bytes.toString('base64')}`;
}

/**
 * The text without its byte order mark; undefined for what is none. UTF-16 is known by its mark, and what has a NUL in it
 * is taken for binary, as other programs do.
 */
function textIn(bytes: Buffer): string | undefined {
  try {
    const text = decoded(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function decoded(bytes: Buffer): string {
  const mark = bytes.toString('latin1', 0, 2);
  if (mark === '\u00ff\u00fe') return strict('utf-16le', bytes);
  // Not every build of Node decodes the other order. A copy, because it is swapped in its place.
  if (mark === '\u00fe\u00ff') return strict('utf-16le', Buffer.from(bytes).swap16());
  return strict('utf-8', bytes);
}

function strict(encoding: string, bytes: Buffer): string {
  return new TextDecoder(encoding, { fatal: true }).decode(bytes);
}

/** With whatever cannot be seen between its characters: control and format characters, and marks. */
const LIKE_OURS = /<[\s/\p{C}\p{M}]*f[\p{C}\p{M}]*i[\p{C}\p{M}]*l[\p{C}\p{M}]*e/iu;

/**
 * The text between tags of its own. One that has something like our tag in it gets a tag by its digest, which it cannot
 * hold, so that no file can end early and speak as the caller, or begin another one. The same file has always the same tag:
 * upstreams know a prompt again by how it begins.
 */
function tagged(name: string, text: string): string {
  const tag = LIKE_OURS.test(text) ? `file-${sha256Hex(text).slice(0, 16)}` : 'file';
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  return `<${tag} name="${shown(name)}">\n${text}${end}</${tag}>`;
}

/** A name may hold nearly everything: what would end a tag or a line, or turn the order of characters, is shown as `_`. */
function shown(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"<>]/gu, '_');
}
