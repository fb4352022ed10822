// A client of the program that asks one thing after another and hears everything that is said meanwhile.

import { isObject, parseJson } from '../../src/core/json.ts';
import type { Environment } from '../support/bundle.ts';
import { Program, within } from '../support/program.ts';

/** Asks one thing and waits for its answer; gives everything that was said meanwhile. */
export class Session {
  readonly #program: Program;
  #id = 0;

  /** `file`: another program than the one that ships. */
  constructor(env: Environment, file?: string) {
    this.#program = new Program(env, false, file);
  }

  async ask(method: string, params: object): Promise<string> {
    const id = ++this.#id;
    this.#program.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    const said: string[] = [];
    let joined = '';
    for (;;) {
      const line = await this.#program.line();
      if (line === undefined) throw new Error(`the program left: ${this.#program.stderr.slice(-1000)}`);
      said.push(line);
      const message = parseJson(line);
      if (!isObject(message)) throw new Error(`not a message: ${line}`);
      // What a caller makes of the pieces counts as said.
      const told = isObject(message['params']) ? message['params']['message'] : undefined;
      if (typeof told === 'string') joined += told;
      if (message['id'] === id) return [...said, joined].join('\n');
    }
  }

  /** Introduces itself, which has to come first. */
  async begin(): Promise<void> {
    const clientInfo = { name: 'canary', version: '1' };
    await this.ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
  }

  /** Asks what ends the program; all that it said then. */
  async lastWords(method: string, params: object): Promise<string> {
    this.#program.write(`${JSON.stringify({ jsonrpc: '2.0', id: ++this.#id, method, params })}\n`);
    await within(this.#program.exited, 'the end');
    return [this.#program.stderr, ...this.#program.unsaid()].join('\n');
  }

  async end(): Promise<string> {
    this.#program.closeStdin();
    await within(this.#program.exited, 'the end');
    return [this.#program.stderr, ...this.#program.unsaid()].join('\n');
  }
}
