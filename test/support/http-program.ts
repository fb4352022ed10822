// The program under test as an HTTP client sees it, in the shape of the one on stdio: a line in is a POST with the headers
// that a client would send with it, a line out is a message of an answer or of a stream.

import { request } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { isObject, parseJson } from '../../src/core/json.ts';
import type { Environment } from './bundle.ts';
import { Program } from './program.ts';
import type { Held } from './program.ts';

const VERSION = 'io.modelcontextprotocol/protocolVersion';

export class HttpProgram implements Held {
  readonly #program: Program;
  readonly #url: Promise<string>;
  readonly #inbox: Program['inbox'];
  /** The POSTs before have reached the program. */
  #sent: Promise<void> = Promise.resolve();
  readonly #answers = new Set<Promise<void>>();
  #session: Record<string, string> = {};

  constructor(env: Environment) {
    const level = env['LOG_LEVEL'] === 'debug' ? 'debug' : 'info';
    this.#program = new Program({ ...env, LOG_LEVEL: level, MCP_TRANSPORT: 'http', PORT: '0', MCP_AUTH: 'off' }, false);
    this.#inbox = this.#program.inbox;
    this.#url = this.#program.says(/"listening","url":"([^"]+)"/);
  }

  get stderr(): string {
    return this.#program.stderr;
  }

  get exited(): Program['exited'] {
    return this.#program.exited;
  }

  write(line: string): void {
    this.#sent = this.#sent.then(() => this.#post(line.trimEnd()));
  }

  line(ms?: number): Promise<string | undefined> {
    return this.#program.line(ms);
  }

  unsaid(): string[] {
    return this.#program.unsaid();
  }

  /** A client that goes says nothing: it is the server that is stopped, once it has answered. */
  closeStdin(): void {
    void this.#leave();
  }

  signal(name: NodeJS.Signals): void {
    this.#program.signal(name);
  }

  async #leave(): Promise<void> {
    await this.#sent;
    await this.#url;
    await Promise.all(this.#answers);
    this.#program.signal('SIGTERM');
  }

  /** Settles when the program can be expected to have got it; of a handshake, when it is answered. */
  async #post(text: string): Promise<void> {
    const url = `${await this.#url}/mcp`;
    const headers = { ...this.#headersFor(parseJson(text)), 'content-length': Buffer.byteLength(text) };
    let written: () => void = () => {};
    const reached = new Promise<void>((resolve) => (written = resolve));
    const answered = new Promise<void>((resolve) => {
      const post = request(url, { method: 'POST', headers, agent: false }, (response) => {
        this.#note(response);
        eachMessage(response, (line) => this.#inbox.put(line), resolve);
      });
      post.on('error', () => resolve());
      post.end(text, () => written());
    });
    this.#answers.add(answered);
    void answered.then(() => this.#answers.delete(answered));
    await (/"method":\s*"(?:initialize|notifications\/)/.test(text) ? answered : reached);
  }

  #headersFor(message: unknown): OutgoingHttpHeaders {
    const usual = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const params = isObject(message) && isObject(message['params']) ? message['params'] : {};
    const meta = isObject(params['_meta']) ? params['_meta'] : {};
    if (!isObject(message) || !Object.hasOwn(meta, VERSION)) return { ...usual, ...this.#session };
    const name = params['name'] ?? params['uri'] ?? params['taskId'];
    return {
      ...usual,
      ...(typeof meta[VERSION] === 'string' ? { 'mcp-protocol-version': meta[VERSION] } : {}),
      ...(typeof message['method'] === 'string' ? { 'mcp-method': message['method'] } : {}),
      ...(typeof name === 'string' ? { 'mcp-name': name } : {}),
    };
  }

  #note(response: IncomingMessage): void {
    const id = response.headers['mcp-session-id'];
    if (typeof id === 'string') this.#session = { 'mcp-session-id': id };
  }
}

/** The messages of an answer: all of it, or the data of each event. */
function eachMessage(response: IncomingMessage, tell: (line: string) => void, done: () => void): void {
  const isStream = response.headers['content-type'] === 'text/event-stream';
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    rest += text;
    if (!isStream) return;
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      // Not by an expression: to those, characters end a line that do not end one of an event.
      for (const field of block.split('\n')) if (/^data: ./.test(field)) tell(field.slice('data: '.length));
    }
  });
  response.on('close', () => {
    if (!isStream && rest !== '') tell(rest);
    done();
  });
}
