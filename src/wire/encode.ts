// JSON-RPC messages as lines. Values are plain JSON that may carry text already encoded (`RawJson`) or too
// long to be copied (`LongText`); those are found by walking the value, never by a mark in the text, so that
// no content can be mistaken for one. Knows no MCP. Follows jsonrpc.org/specification, section 5.

import { isObject, LongText, RawJson } from '../core/json.ts';
import type { Id, RpcError } from './jsonrpc.ts';

/**
 * One encoded message: a line without its newline, or a line in pieces that are encoded as they are
 * asked for (`bytes` is an estimate, for a queue's bound). No piece ends inside a surrogate pair.
 */
export type Line = string | { readonly pieces: Iterable<string>; readonly bytes: number };

/** Text above this, in characters, is encoded piece by piece; a piece is about this long. */
const PIECE = 64 * 1024;

/** A response; a handler that answered nothing is answered with `{}`. */
export function encodeResult(id: Id, result: unknown): Line {
  return encode(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`, result === undefined ? {} : result);
}

export function encodeError(id: Id | null, error: RpcError): Line {
  return encode(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":`, error);
}

/** A request of ours to the peer. */
export function encodeRequest(id: Id, method: string, params: unknown): Line {
  return encode(
    `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":${JSON.stringify(method)},"params":`,
    params ?? {},
  );
}

export function encodeNotification(method: string, params: unknown): Line {
  const head = `{"jsonrpc":"2.0","method":${JSON.stringify(method)}`;
  return params === undefined ? `${head}}` : encode(`${head},"params":`, params);
}

/** The responses to the members of a batch, as one line. */
export function encodeBatch(lines: readonly Line[]): Line {
  if (lines.every((line) => typeof line === 'string')) return `[${lines.join(',')}]`;
  const bytes = lines.reduce((sum, line) => sum + lengthOf(line) + 1, 1);
  return { pieces: { [Symbol.iterator]: () => batchPieces(lines) }, bytes };
}

/** The size of a line, in bytes where it is ASCII. */
export function lengthOf(line: Line): number {
  return typeof line === 'string' ? line.length : line.bytes;
}

type Part = string | LongText;

function encode(head: string, value: unknown): Line {
  if (value instanceof RawJson) return `${head}${value.text}}`;
  if (!carries(value)) return `${head}${JSON.stringify(value)}}`;
  const parts: Part[] = [head];
  collect(value, parts);
  parts.push('}');
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  const long = parts.some((part) => part instanceof LongText && part.length > PIECE);
  if (!long) return parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join('');
  return { pieces: { [Symbol.iterator]: () => pieces(parts) }, bytes };
}

/** Whether plain `JSON.stringify` would not do. Visits every member of every result, so it allocates nothing. */
function carries(value: unknown): boolean {
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some(carries);
  if (!isObject(value)) return false;
  if (value instanceof LongText || value instanceof RawJson) return true;
  for (const name in value) if (carries(value[name])) return true;
  return false;
}

function collect(value: unknown, parts: Part[]): void {
  if (value instanceof LongText) parts.push(value);
  else if (value instanceof RawJson) parts.push(value.text);
  else if (typeof value !== 'object' || value === null || !carries(value)) parts.push(JSON.stringify(value) ?? 'null');
  else if (Array.isArray(value)) collectArray(value, parts);
  else collectObject(value, parts);
}

function collectArray(values: readonly unknown[], parts: Part[]): void {
  parts.push('[');
  for (const [i, member] of values.entries()) {
    if (i > 0) parts.push(',');
    collect(member, parts);
  }
  parts.push(']');
}

function collectObject(value: object, parts: Part[]): void {
  let before = '{';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    parts.push(`${before}${JSON.stringify(name)}:`);
    collect(member, parts);
    before = ',';
  }
  parts.push(before === '{' ? '{}' : '}');
}

function* pieces(parts: readonly Part[]): Generator<string> {
  for (const part of parts) {
    if (typeof part === 'string') yield part;
    else {
      yield '"';
      yield* escaped(part);
      yield '"';
    }
  }
}

/** The text as the inside of a JSON string. A pair cut here becomes two escapes: the same to every reader. */
function* escaped(long: LongText): Generator<string> {
  let text = '';
  for (const piece of long.pieces) {
    // Texts come in pieces of a few words; encoding each by itself would cost more than the copy.
    text += piece;
    if (text.length < PIECE) continue;
    for (let from = 0; from < text.length; from += PIECE) yield inside(text.slice(from, from + PIECE));
    text = '';
  }
  yield inside(text);
}

function inside(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function* batchPieces(lines: readonly Line[]): Generator<string> {
  let before = '[';
  for (const line of lines) {
    yield before;
    if (typeof line === 'string') yield line;
    else yield* line.pieces;
    before = ',';
  }
  yield ']';
}
