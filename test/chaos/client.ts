// The MCP client of the chaos: one conversation over stdio with the bundle, many calls at once, some of them called
// off. Every line the program writes belongs to a call it knows; one that does not is an offence of the conversation.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { isObject, parseJson } from '../../src/core/json.ts';
import { startNode } from '../support/bundle.ts';
import type { Environment } from '../support/bundle.ts';
import { eachLine } from '../support/lines.ts';
import { within } from '../support/program.ts';
import { Call } from './call.ts';
import type { Plan } from './call.ts';

/** No call takes longer, whatever happens to it; the total limit of the configuration is far below. */
export const LOST_AFTER_MS = 45_000;
const COMPLAINT_CHARS = 20_000;
const LOOK_EVERY_MS = 200;
/** A look that comes so late was held up by the machine, and so was what the upstreams, which are in this process, had to say. */
const STALL_MS = 1000;

/** A time in which this process stood still. What the program does to itself is none: its limits are judged. */
export interface Stall {
  readonly from: number;
  readonly until: number;
}

export class Client {
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, Call>();
  readonly #waiting = new Map<string, (message: Record<string, unknown>) => void>();
  readonly #exited: Promise<unknown[]>;
  readonly offences: string[] = [];
  readonly stalls: Stall[] = [];
  stderr = '';
  #lastPing = 0;
  #isOver = false;

  constructor(bundle: string, env: Environment) {
    this.#child = startNode([bundle], env);
    const { stdin, stdout, stderr } = this.#child;
    if (stdin === null || stdout === null || stderr === null) throw new Error('the program was started without pipes');
    // A program that is gone breaks its pipe; how it ended is told apart.
    stdin.on('error', () => {});
    stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (this.stderr = (this.stderr + text).slice(-COMPLAINT_CHARS)));
    eachLine(stdout, (line) => this.#heard(line));
    this.#exited = once(this.#child, 'close');
    this.#child.on('close', () => {
      for (const call of this.#calls.values()) if (!call.isSettled) call.finish();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async initialize(): Promise<void> {
    const clientInfo = { name: 'chaos', version: '1.0.0' };
    await this.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo });
    this.#write({ method: 'notifications/initialized' });
    void this.#watch();
  }

  request(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = `own-${this.#lastPing++}`;
    const answer = new Promise<Record<string, unknown>>((resolve) => this.#waiting.set(id, resolve));
    this.#write({ id, method, params });
    return within(answer, method);
  }

  /** Resolves when the call has ended: answered, or called off and the server knows. */
  async call(plan: Plan): Promise<Call> {
    const call = new Call(plan);
    this.#calls.set(plan.id, call);
    const { id, tool, args, hasToken, cancelAfterMs } = plan;
    const meta = hasToken ? { _meta: { progressToken: `t${id}` } } : {};
    this.#write({ id, method: 'tools/call', params: { name: tool, arguments: args, ...meta } });
    const cancel = cancelAfterMs === undefined ? undefined : setTimeout(() => void this.#cancel(call), cancelAfterMs);
    const lost = setTimeout(() => {
      call.offences.push('no result');
      call.finish();
    }, LOST_AFTER_MS);
    await call.settled;
    clearTimeout(cancel);
    clearTimeout(lost);
    return call;
  }

  /** Ends the conversation as a client does; answers the exit code, or nothing when the program stayed. */
  async end(patienceMs: number): Promise<number | undefined> {
    this.#isOver = true;
    this.#child.stdin?.end();
    try {
      const [code] = await within(this.#exited, 'the end', patienceMs);
      return typeof code === 'number' ? code : -1;
    } catch {
      this.#child.kill('SIGKILL');
      return undefined;
    }
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      const from = performance.now();
      await pause(LOOK_EVERY_MS);
      const until = performance.now();
      if (until - from > STALL_MS) this.stalls.push({ from, until });
    }
  }

  async #cancel(call: Call): Promise<void> {
    if (call.isSettled) return;
    call.isCancelled = true;
    this.#write({ method: 'notifications/cancelled', params: { requestId: call.plan.id, reason: 'chaos' } });
    // What the server says behind this answer, it says knowing of the cancel.
    await this.request('ping').catch(() => call.offences.push('no answer to a ping'));
    call.isCancelRead = true;
    call.finish();
  }

  #write(message: object): void {
    this.#child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  #heard(line: string): void {
    const message = parseJson(line);
    if (!isObject(message) || message['jsonrpc'] !== '2.0') {
      this.offences.push(`not a message: ${line.slice(0, 200)}`);
      return;
    }
    const { id, method, params } = message;
    if (method === 'notifications/progress' && isObject(params)) {
      const token = params['progressToken'];
      const call = this.#calls.get(typeof token === 'string' ? Number(token.slice(1)) : Number.NaN);
      if (call?.plan.hasToken === true) return call.told(params);
    }
    if (typeof id === 'number' && 'result' in message !== 'error' in message) {
      const call = this.#calls.get(id);
      if (call !== undefined)
        return call.answered('result' in message ? { result: message['result'] } : { error: message['error'] });
    }
    const waiting = typeof id === 'string' ? this.#waiting.get(id) : undefined;
    if (waiting === undefined) this.offences.push(`belongs to nothing: ${line.slice(0, 200)}`);
    else if (typeof id === 'string') this.#waiting.delete(id);
    waiting?.(message);
  }
}
