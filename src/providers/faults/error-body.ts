// What an upstream's error body says, out of every shape in use: OpenAI and Azure, Anthropic, OpenRouter,
// Ollama, llama.cpp, vLLM, FastAPI, and the pages and bare texts of proxies (WIRE.md 5.1). Pure. It only
// reads; what the words mean is error-kind.ts.

import { isObject, parseJson, present } from '../../core/json.ts';
import { objectAt, objectsAt, stringAt } from '../dialects/fields.ts';
import type { Fields } from '../dialects/fields.ts';

export interface Complaint {
  /** The upstream's own words, on one line and of bounded length; empty when it gave none. */
  readonly message: string;
  /** Every machine-readable word of the body in lower case: codes, types, inner codes. */
  readonly words: readonly string[];
  /** The one of them worth showing, as it was written. */
  readonly code?: string;
  /** A number given as the code, when it can be an HTTP status. */
  readonly status?: number;
  readonly param?: string;
  readonly requestId?: string;
  /** The body is a web page. */
  readonly page: boolean;
}

const MAX_MESSAGE_LENGTH = 600;
const NO_WORDS = { message: '', words: [], page: false };

export function readErrorBody(body: string): Complaint {
  const text = body.trim();
  if (text.startsWith('<')) return { ...NO_WORDS, message: oneLine(pageTitle(text)), page: true };
  const value = parseJson(text);
  if (isObject(value)) return readErrorObject(value);
  if (Array.isArray(value) && isObject(value[0])) return readErrorObject(value[0]);
  return { ...NO_WORDS, message: oneLine(typeof value === 'string' ? value : text) };
}

export function readErrorObject(body: Fields): Complaint {
  const error = objectAt(body, 'error') ?? body;
  const words = wordsOf(body, error);
  const code = words.find((word) => !/^\d+$/.test(word)) ?? words[0];
  const status = words.map(Number).find((n) => n >= 400 && n <= 599);
  const param = stringAt(error, 'param') ?? refusedField(body);
  const requestId = stringAt(body, 'request_id');
  return {
    message: oneLine(messageOf(body, error)),
    words: words.map((word) => word.toLowerCase()),
    page: false,
    ...present({
      code: code && oneLine(code),
      status,
      param: param && oneLine(param),
      requestId: requestId && oneLine(requestId),
    }),
  };
}

function wordsOf(body: Fields, error: Fields): string[] {
  const inner = objectAt(error, 'innererror') ?? objectAt(error, 'inner_error');
  const details = objectAt(error, 'details');
  const candidates: unknown[] = [details?.['error_code'], error['code'], inner?.['code'], error['type']];
  candidates.push(body['statusCode'], body['status_code'], body['code']);
  // OpenRouter's moderation names its reasons and gives no code of its own.
  if (Array.isArray(objectAt(error, 'metadata')?.['reasons'])) candidates.push('moderation');
  const words: string[] = [];
  for (const candidate of candidates) {
    if (typeof candidate === 'number' || (typeof candidate === 'string' && candidate !== ''))
      words.push(String(candidate));
  }
  return words;
}

function messageOf(body: Fields, error: Fields): string {
  const own = stringAt(error, 'message') ?? stringAt(body, 'error') ?? stringAt(body, 'message');
  const raw = objectAt(error, 'metadata')?.['raw'];
  // A router says "Provider returned error" and keeps what the provider said beside it.
  if (own !== undefined) return typeof raw === 'string' && raw !== '' ? `${own}: ${raw}` : own;
  return (
    stringAt(body, 'detail') ?? firstMessage(objectsAt(body, 'detail')) ?? firstMessage(objectsAt(body, 'errors')) ?? ''
  );
}

function firstMessage(entries: readonly Fields[]): string | undefined {
  const first = entries[0];
  return first && (stringAt(first, 'msg') ?? stringAt(first, 'message'));
}

/** FastAPI: `detail[0].loc` is `["body", "stream_options", …]`; the member of the body is the second. */
function refusedField(body: Fields): string | undefined {
  const loc: unknown = objectsAt(body, 'detail')[0]?.['loc'];
  const name: unknown = Array.isArray(loc) ? loc[1] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function pageTitle(page: string): string {
  return /<title[^>]*>([^<]*)/i.exec(page.slice(0, 4096))?.[1] ?? '';
}

/** On one line, without control characters, and short enough to be shown. */
export function oneLine(text: string): string {
  // Cut before the replacing, so that a body of megabytes costs nothing.
  const line = text
    .slice(0, MAX_MESSAGE_LENGTH * 2)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length > MAX_MESSAGE_LENGTH
    ? `${line.slice(0, MAX_MESSAGE_LENGTH - 1).toWellFormed()}…`
    : line.toWellFormed();
}
