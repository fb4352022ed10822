// What the carrier itself says no with: a status, a word for programs and a sentence for people, as JSON. What is
// served at a path may say it in its own form.

import type { HeaderFields } from '../../wire/exchange.ts';

export interface Problem {
  readonly status: number;
  /** In lower case with underscores. */
  readonly type: string;
  readonly message: string;
}

export const BAD_TARGET: Problem = {
  status: 400,
  type: 'malformed_target',
  message: 'The path of the request can be read in more than one way.',
};

export const JSON_TYPE = 'application/json';

/** The headers of every answer that the carrier makes up. */
export const REFUSAL_HEADERS: HeaderFields = {
  'content-type': JSON_TYPE,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

export function refusalBody({ type, message }: Problem): string {
  return `${JSON.stringify({ error: { type, message } })}\n`;
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
};

/** A whole answer as bytes, for a request that never became one. It is the last on its connection. */
export function partingAnswer(problem: Problem): string {
  const body = refusalBody(problem);
  const head = Object.entries({ ...REFUSAL_HEADERS, 'content-length': String(body.length), connection: 'close' });
  const lines = head.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${problem.status} ${REASONS[problem.status] ?? ''}\r\n${lines}\r\n${body}`;
}

/** What is wrong with a request that the parser gave up on, by its error's code. */
export function parserProblem(code: string, start: string): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { status: 431, type: 'headers_too_large', message: 'The request line and headers are too large.' };
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return { status: 413, type: 'chunk_extensions', message: 'The chunk extensions are too large.' };
  }
  if (code === 'HPE_INVALID_METHOD' && /^[A-Z]{3,20} /.test(start)) {
    return { status: 501, type: 'unknown_method', message: 'There is no such method.' };
  }
  return { status: 400, type: 'malformed_request', message: 'The request is not well-formed HTTP/1.1.' };
}
