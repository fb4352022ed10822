// What an upstream's error body says, out of every shape in use: OpenAI and Azure, Anthropic, OpenRouter,
// Ollama, llama.cpp, vLLM, FastAPI, and the pages and bare texts of proxies (WIRE.md 5.1). Pure. It only
// reads; what the words mean is error-kind.ts.

import { isObject, parseJson, present } from '../../core/json.ts';
import { objectAt, objectsAt, stringAt } from '../dialects/fields.ts';
import type { Fields } from '../dialects/fields.ts';
import { categoryOf } from './filter-category.ts';
import { readTokenCounts } from './token-counts.ts';
import type { TokenCounts } from './token-counts.ts';

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
  /** What a content filter objected to. */
  readonly category?: string;
  /** Numbers that read like a context's; what they count is known only once the kind is. */
  readonly tokens?: TokenCounts;
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
  const category = categoryOf(error);
  const message = oneLine(messageOf(body, error));
  return {
    message,
    words: words.map((word) => word.toLowerCase()),
    page: false,
    ...present({
      code: code && oneLine(code),
      status,
      param: param && oneLine(param),
      requestId: requestId && oneLine(requestId),
      category: category && oneLine(category),
      tokens: readTokenCounts(message, error),
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
  return stringAt(body, 'detail') ?? detailsText(detailsOf(body)) ?? detailsText(objectsAt(body, 'errors')) ?? '';
}

/** FastAPI's list of complaints, which Mistral puts under `message` as well, as a list or in an object. */
function detailsOf(body: Fields): readonly Fields[] {
  const own = objectsAt(body, 'detail');
  if (own.length > 0) return own;
  const listed = objectsAt(body, 'message');
  return listed.length > 0 ? listed : objectsAt(objectAt(body, 'message') ?? {}, 'detail');
}

/** One complaint as it is; several each with the field it is about, so that none is lost. */
function detailsText(details: readonly Fields[]): string | undefined {
  const texts = details.map((detail) => {
    const text = stringAt(detail, 'msg') ?? stringAt(detail, 'message') ?? '';
    const field = details.length > 1 ? fieldOf(detail) : undefined;
    return field === undefined ? text : `${field}: ${text}`;
  });
  return texts.length === 0 ? undefined : texts.join('; ');
}

/** The only field that is complained about. */
function refusedField(body: Fields): string | undefined {
  const [first, ...more] = detailsOf(body);
  return first === undefined || more.length > 0 ? undefined : fieldOf(first);
}

/** FastAPI: `loc` is `["body", "messages", 0, "role"]`, and the field `messages.0.role`. */
function fieldOf(detail: Fields): string | undefined {
  const loc: unknown = detail['loc'];
  if (!Array.isArray(loc)) return undefined;
  const names = loc.filter((name, i) => i > 0 || name !== 'body');
  return names.length === 0 ? undefined : names.join('.');
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
