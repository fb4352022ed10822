// The program under test as its client sees it: lines in, lines out, and how it ended. With a harness's
// clock it is the timed build, whose time stands still until `advance`.

import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { bundle, startNode, timedBundle } from './bundle.ts';
import type { Environment } from './bundle.ts';
import { eachLine } from './lines.ts';
import type { SentTo } from './upstream.ts';

/** How long the machine, not the program, may take over anything. */
const PATIENCE_MS = 60_000;

/** Values that came, and those who wait for one. */
class Mailbox<T> {
  readonly #values: T[] = [];
  readonly #takers: ((value: T | undefined) => void)[] = [];
  #closed = false;

  put(value: T): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#values.push(value);
    else taker(value);
  }

  close(): void {
    this.#closed = true;
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  /** The next value; nothing when there will be none. */
  take(): Promise<T | undefined> {
    if (this.#values.length > 0 || this.#closed) return Promise.resolve(this.#values.shift());
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  /** What came and was not taken. */
  drain(): T[] {
    return this.#values.splice(0);
  }
}

/** Rejects when `work` takes longer than the machine can be blamed for. */
export async function within<T>(work: Promise<T>, what: string, ms: number = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing came`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A program that a transcript is held with, whatever carries its lines. */
export interface Held {
  readonly exited: Promise<Exit>;
  readonly stderr: string;
  write(bytes: string | Buffer): void;
  closeStdin(): void;
  signal(name: NodeJS.Signals): void;
  line(ms?: number): Promise<string | undefined>;
  unsaid(): string[];
}

export class Program implements Held {
  readonly #child: ChildProcess;
  readonly #lines = new Mailbox<string>();
  /** Where lines that come in another way than over stdout are put. */
  readonly inbox: { put(line: string): void } = this.#lines;
  readonly #acks = new Mailbox<string>();
  readonly #stdin: Writable;
  readonly exited: Promise<Exit>;
  stderr = '';
  #written = 0;
  #isEnded = false;

  readonly isTimed: boolean;

  /** `file`: the program, when it is neither of the two that are built beside the sources. */
  constructor(env: Environment, timed: boolean, file: string = timed ? timedBundle : bundle) {
    this.isTimed = timed;
    this.#child = startNode([file], env, timed ? 2 : 0);
    const { stdin, stdout, stderr, stdio } = this.#child;
    if (stdin === null || stdout === null || stderr === null) throw new Error('the program was started without pipes');
    this.#stdin = stdin;
    // A program that is gone or killed breaks its pipes; what it said and how it ended is what counts.
    for (const pipe of stdio) pipe?.on('error', () => {});
    stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    eachLine(stdout, (line) => this.#lines.put(line));
    if (timed) eachLine(stdio[4] as Readable, (line) => this.#acks.put(line));
    this.exited = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => {
        this.#lines.close();
        this.#acks.close();
        resolve({ code, signal });
      });
    });
  }

  /** What a line of stderr has in the parentheses of `pattern`, once there is one; rejects when the program ends without. */
  says(pattern: RegExp): Promise<string> {
    const found = new Promise<string>((resolve, reject) => {
      const look = (): void => {
        const [, said] = pattern.exec(this.stderr) ?? [];
        if (said !== undefined) resolve(said);
      };
      this.#child.stderr?.on('data', look);
      this.#child.on('close', () => reject(new Error(`the program ended: ${this.stderr}`)));
    });
    found.catch(() => {});
    return within(found, 'a word on stderr');
  }

  get stdout(): Readable | null {
    return this.#child.stdout;
  }

  write(bytes: string | Buffer): void {
    this.#written += Buffer.byteLength(bytes);
    this.#stdin.write(bytes);
  }

  closeStdin(): void {
    this.#isEnded = true;
    this.#stdin.end();
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** The next line of stdout; nothing when the program has ended. */
  line(ms?: number): Promise<string | undefined> {
    return within(this.#lines.take(), 'a line from the program', ms);
  }

  /** Lines that came and nobody took. */
  unsaid(): string[] {
    return this.#lines.drain();
  }

  /** Moves the program's clock on, timer by timer; after each, everything it was sent has arrived. */
  async advance(ms: number, sent: readonly SentTo[]): Promise<void> {
    await this.settle(sent);
    for (let left = ms; left > 0;) {
      ({ left } = await this.#command({ advance: left }));
      await this.settle(sent);
    }
  }

  /** Waits until the program has read all that was written to it, and acted on it. */
  async settle(sent: readonly SentTo[]): Promise<void> {
    await this.#command({ settle: { stdin: this.#written, ended: this.#isEnded, sockets: sent } });
  }

  async #command(command: object): Promise<{ left: number }> {
    const pipe = this.#child.stdio[3] as Writable;
    const text = JSON.stringify(command);
    pipe.write(`${text}\n`);
    const ack = await within(this.#acks.take(), `an answer of the program’s clock to ${text}`);
    // The program may end because of what a timer did; how it ended is the transcript's to check.
    if (ack === undefined) return { left: 0 };
    const { left = 0, problem }: { left?: number; problem?: string } = JSON.parse(ack);
    if (problem !== undefined) throw new Error(problem);
    return { left };
  }
}
