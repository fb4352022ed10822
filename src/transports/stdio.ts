// One peer over two byte streams, as a client that started this process talks to it: a message a line, in on
// one, out on the other. Thin: cutting lines is wire/, queueing is rpc/output. It uses the streams it is
// handed and no others. Follows MCP basic/transports (stdio).

import type { Clock } from '../core/clock.ts';
import type { Link, Notice } from '../rpc/link.ts';
import { Mailbox } from '../rpc/mailbox.ts';
import type { Scrubber } from '../rpc/output/queued.ts';
import { Writer } from '../rpc/output/writer.ts';
import type { Line } from '../wire/encode.ts';
import { classify, unreadable } from '../wire/jsonrpc.ts';
import type { Message } from '../wire/jsonrpc.ts';
import { NdjsonDecoder, TOO_LONG } from '../wire/ndjson.ts';

export interface StdioSetup {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly clock: Clock;
  /** A longer line is refused without being held in memory. */
  readonly maxLineBytes: number;
  /** Takes secrets out of everything written; `Secrets` of core is one. */
  readonly scrubber?: Scrubber;
}

/** Batches the engine has not taken at which reading stops. */
const MAX_WAITING = 16;

export function stdioLink(setup: StdioSetup): Link {
  return new StdioLink(setup);
}

class StdioLink implements Link {
  readonly incoming: AsyncIterable<readonly Message[]>;
  readonly facts: Link['facts'];
  readonly #setup: StdioSetup;
  readonly #decoder: NdjsonDecoder;
  readonly #mailbox: Mailbox<readonly Message[]>;
  readonly #writer: Writer;
  #receivedBytes = 0;
  #isOver = false;
  #closed: Promise<void> | undefined;

  constructor(setup: StdioSetup) {
    this.#setup = setup;
    this.#decoder = new NdjsonDecoder(setup.maxLineBytes);
    this.#mailbox = new Mailbox(() => this.#readOn());
    this.incoming = this.#mailbox;
    this.#writer = this.#openWriter();
    this.facts = this.#openFacts();
    this.#listen();
  }

  send(line: Line): void | Promise<void> {
    return this.#writer.push(line);
  }

  notify(notice: Notice): void | Promise<void> {
    return this.#writer.notify(notice);
  }

  close(withinMs: number): Promise<void> {
    this.#stopReading();
    this.#closed ??= this.#flush(withinMs);
    return this.#closed;
  }

  #openWriter(): Writer {
    const { stdout, scrubber } = this.#setup;
    // A peer that does not read any more (EPIPE) has gone, as if it had closed its side: no error of ours.
    const onFailure = (): void => this.#stopReading();
    return new Writer(
      { write: (text) => stdout.write(text) },
      scrubber === undefined ? { onFailure } : { onFailure, scrubber },
    );
  }

  #openFacts(): Link['facts'] {
    const writer = this.#writer;
    const receivedBytes = (): number => this.#receivedBytes;
    return {
      name: 'stdio',
      get queuedBytes() {
        return writer.queuedBytes;
      },
      get receivedBytes() {
        return receivedBytes();
      },
    };
  }

  #listen(): void {
    const { stdin, stdout } = this.#setup;
    const gone = (error?: unknown): void => this.#writer.fail(error);
    stdout.on('drain', () => this.#writer.drained());
    stdout.on('error', gone);
    stdout.on('close', gone);
    const ended = (): void => this.#end();
    stdin.on('end', ended);
    stdin.on('close', ended);
    stdin.on('error', ended);
    stdin.on('data', (chunk: Uint8Array) => this.#take(chunk));
  }

  #take(chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.#receivedBytes += chunk.length;
    this.#deliver(this.#decoder.push(chunk));
    if (this.#mailbox.waiting >= MAX_WAITING) this.#setup.stdin.pause();
  }

  #deliver(lines: readonly (string | typeof TOO_LONG)[]): void {
    if (lines.length > 0) this.#mailbox.put(lines.map((line) => this.#read(line)));
  }

  #read(line: string | typeof TOO_LONG): Message {
    if (line !== TOO_LONG) return classify(line);
    return unreadable(`the line is longer than ${this.#setup.maxLineBytes} bytes`);
  }

  #readOn(): void {
    if (!this.#isOver && this.#setup.stdin.isPaused()) this.#setup.stdin.resume();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#deliver(this.#decoder.end());
    this.#stopReading();
  }

  #stopReading(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // A stream that is not read keeps no process alive.
    this.#setup.stdin.pause();
    this.#mailbox.end();
  }

  /** The peer gets what is queued if it reads, and cannot keep us if it does not. */
  #flush(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const giveUp = this.#setup.clock.after(withinMs, () => {
        this.#writer.fail(undefined);
        resolve();
      });
      void this.#written().then(() => {
        giveUp();
        return resolve();
      });
    });
  }

  async #written(): Promise<void> {
    await this.#writer.end();
    // The stream may still hold what it took; it calls back in order, so after the last of it.
    await new Promise<void>((resolve) => {
      this.#setup.stdout.write('', () => resolve());
    });
  }
}
