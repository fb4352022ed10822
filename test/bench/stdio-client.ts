// An MCP client that takes as little CPU as it can, because it shares the cores with what it measures:
// a line that is a progress notice is only counted, any other line is parsed and settles its request.

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { isObject } from '../../src/core/json.ts';
import { start, stop } from './children.ts';
import { lineWith } from './memory-told.ts';
import type { Subject } from './subjects.ts';

const MESSAGES = [{ role: 'user', content: 'Say something short.' }];
/** As long as real ones are: every output is searched for it. */
const API_KEY = 'bench-0123456789abcdefghijklmnopqrstuvwxyzABCDEF';
const NOTICE = 'notifications/progress';
/** A notice says its method within this many bytes. */
const OPENING_BYTES = 80;
/** How much of what a server wrote to stderr is kept. */
const COMPLAINT_CHARS = 4000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class StdioClient {
  readonly child: ChildProcessWithoutNullStreams;
  readonly pid: number;
  /** Progress notices seen, and their bytes. */
  notices = 0;
  noticeBytes = 0;
  /** When set, is given each notice. */
  onNotice: ((line: string) => void) | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #parts: Buffer[] = [];
  #lastId = 0;
  #complaint = '';
  #gone: Error | undefined;

  constructor(subject: Subject, baseUrl: string) {
    const env = { API_BASE_URL: baseUrl, API_KEY, DEFAULT_MODEL: 'm', ...subject.env };
    this.child = start(subject.command, env);
    this.pid = this.child.pid ?? 0;
    this.child.stdout.on('data', (bytes: Buffer) => this.#read(bytes));
    this.child.stderr.on(
      'data',
      (bytes: Buffer) => (this.#complaint = (this.#complaint + bytes.toString()).slice(-COMPLAINT_CHARS)),
    );
    this.child.on('error', (error) => this.#fail(error));
    this.child.on('exit', () => this.#fail(new Error(`the server left. ${lastLine(this.#complaint)}`)));
  }

  async initialize(): Promise<void> {
    const clientInfo = { name: 'bench', version: '1.0.0' };
    await this.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    this.child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  }

  /** The result; rejects on an error and on a server that left. How long to wait is the caller's to say. */
  request(method: string, params: object): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#gone !== undefined) return reject(this.#gone);
      this.#waiting.set(id, { resolve, reject });
      this.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    });
  }

  /** Calls `chat`; the answer's text. With `streamed` it asks for progress notices. */
  async chat(model: string, streamed: boolean): Promise<string> {
    const meta = streamed ? { _meta: { progressToken: this.#lastId + 1 } } : {};
    const params = { name: 'chat', arguments: { model, messages: MESSAGES }, ...meta };
    return textOf(await this.request('tools/call', params));
  }

  /** The next line on stderr that holds the words. */
  toldOnStderr(words: string): Promise<string> {
    return lineWith(this.child, words);
  }

  close(): Promise<void> {
    return stop(this.child);
  }

  #read(bytes: Buffer): void {
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      this.#line(this.#joined(bytes.subarray(from, end)));
      from = end + 1;
    }
    if (from < bytes.length) this.#parts.push(bytes.subarray(from));
  }

  #joined(last: Buffer): Buffer {
    if (this.#parts.length === 0) return last;
    const line = Buffer.concat([...this.#parts, last]);
    this.#parts = [];
    return line;
  }

  #line(line: Buffer): void {
    if (line.toString('latin1', 0, OPENING_BYTES).includes(NOTICE)) {
      this.notices++;
      this.noticeBytes += line.length;
      this.onNotice?.(line.toString());
      return;
    }
    const message: unknown = JSON.parse(line.toString());
    if (!isObject(message) || typeof message['id'] !== 'number') return;
    const waiting = this.#waiting.get(message['id']);
    this.#waiting.delete(message['id']);
    if (message['error'] === undefined) waiting?.resolve(message['result']);
    else waiting?.reject(new Error(JSON.stringify(message['error']).slice(0, 300)));
  }

  #fail(error: Error): void {
    this.#gone = error;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 300);
}

function textOf(result: unknown): string {
  const blocks = isObject(result) && Array.isArray(result['content']) ? result['content'] : [];
  const first: unknown = blocks[0];
  const text = isObject(first) && typeof first['text'] === 'string' ? first['text'] : '';
  if (isObject(result) && result['isError'] === true) throw new Error(text.slice(0, 300));
  return text;
}
