// The head of an HTTP/1.1 answer: status, headers on demand, how long the body is, whether the connection
// lasts. Most headers are never asked for, so none is taken apart before: the block is kept as text, and a
// question is a search in it. RFC 9112, 4, 6 and 9; where the length of the body could be read in two ways,
// the answer is refused, because the next one on the connection would begin where an attacker wants it to.

import { checkFields } from './http1-block.ts';
import { notHttp } from './http1-fault.ts';

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\u0020-\u007e\u0080-\u00ff]*)?$/;
const BEGINNING = 'HTTP/1.';
const DIGITS = /^\d{1,15}$/;
const SPACE = 0x20;
const TAB = 0x09;

/** For how long, and for how many more requests, the server means to keep the connection. */
export interface KeepAlive {
  readonly timeoutMs: number;
  readonly max: number;
}

export class AnswerHead {
  readonly status: number;
  /** In bytes; Infinity when the end of the connection ends it. */
  readonly bodyLength: number | 'chunked';
  readonly #fields: string;
  readonly #lower: string;
  readonly #isOldVersion: boolean;

  /** Reads a whole head, each line with its end. Throws Fault UPSTREAM for one that breaks the rules. */
  constructor(text: string, where: string) {
    const lineEnd = text.indexOf('\r\n');
    const line = STATUS_LINE.exec(text.slice(0, lineEnd));
    if (line === null) throw notHttp(where, 'status line');
    this.status = Number(line[2]);
    this.#isOldVersion = line[1] === '0';
    this.#fields = text.slice(lineEnd);
    checkFields(this.#fields, where);
    this.#lower = this.#fields.toLowerCase();
    this.bodyLength = this.#bodyLength(where);
  }

  /** The value of a header, its name in any case; several of one name are joined by commas. */
  get(name: string): string | null {
    const key = `\r\n${name.toLowerCase()}:`;
    let joined: string | null = null;
    for (let at = this.#lower.indexOf(key); at !== -1; at = this.#lower.indexOf(key, at + key.length)) {
      const from = at + key.length;
      const value = trimmed(this.#fields, from, this.#fields.indexOf('\r\n', from));
      joined = joined === null ? value : `${joined}, ${value}`;
    }
    return joined;
  }

  /** Whether the connection may serve another request when this answer has ended by itself. */
  get isPersistent(): boolean {
    if (this.#isOldVersion || this.bodyLength === Infinity) return false;
    const connection = this.get('connection');
    return connection === null || !/(?:^|,)[\t ]*close[\t ]*(?:,|$)/i.test(connection);
  }

  /** Infinity where the server says nothing. */
  get keepAlive(): KeepAlive {
    const hint = this.get('keep-alive');
    if (hint === null) return { timeoutMs: Infinity, max: Infinity };
    return {
      timeoutMs: parameter(hint, /(?:^|[,; \t])timeout=(\d{1,9})/i) * 1000,
      max: parameter(hint, /(?:^|[,; \t])max=(\d{1,9})/i),
    };
  }

  #bodyLength(where: string): number | 'chunked' {
    const coding = this.get('transfer-encoding');
    const length = this.get('content-length');
    if (coding !== null && length !== null) throw notHttp(where, 'content-length beside transfer-encoding');
    // Any other coding would have to be undone, and a second "chunked" was put there by somebody else.
    if (coding !== null && coding.toLowerCase() !== 'chunked') throw notHttp(where, 'transfer-encoding');
    // A length that is given twice is joined by a comma, and refused as well.
    if (length !== null && !DIGITS.test(length)) throw notHttp(where, 'content-length');
    if (this.status < 200 || this.status === 204 || this.status === 304) return 0;
    if (coding !== null) return 'chunked';
    return length === null ? Infinity : Number(length);
  }
}

/** Throws unless `text`, the part of a head that is there, begins as one: who speaks something else may wait for us to answer. */
export function checkBeginning(text: string, where: string): void {
  if (!BEGINNING.startsWith(text.slice(0, BEGINNING.length))) throw notHttp(where, 'status line');
}

/** Without the space and tabs around it, and nothing else: `trim` also takes characters that are not HTTP's. */
function trimmed(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function parameter(hint: string, pattern: RegExp): number {
  const digits = pattern.exec(hint)?.[1];
  return digits === undefined ? Infinity : Number(digits);
}
