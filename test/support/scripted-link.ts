// A Link whose peer is a test: lines are put in as text, what is sent is read as JSON, and how much the peer
// has not taken is what the test says.

import { Gate } from '../../src/rpc/gate.ts';
import type { Link, LinkFacts, Notice } from '../../src/rpc/link.ts';
import { Mailbox } from '../../src/rpc/mailbox.ts';
import { lengthOf } from '../../src/wire/encode.ts';
import type { Line } from '../../src/wire/encode.ts';
import { classify } from '../../src/wire/jsonrpc.ts';
import type { Message } from '../../src/wire/jsonrpc.ts';

export class ScriptedLink implements Link {
  readonly incoming: Mailbox<readonly Message[]> = new Mailbox();
  readonly facts: LinkFacts & { queuedBytes: number; receivedBytes: number } = {
    queuedBytes: 0,
    receivedBytes: 0,
    name: 'scripted',
  };
  /** Everything sent, in order. */
  readonly sent: unknown[] = [];
  /** The bounds `close` was called with. */
  readonly closes: number[] = [];
  #room: Gate | undefined;

  /** One network read that holds these lines; values that are no strings are encoded. */
  read(...lines: readonly unknown[]): void {
    const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
    for (const text of texts) this.facts.receivedBytes += text.length;
    this.incoming.put(texts.map(classify));
  }

  /** From now on nothing is taken from the queue. */
  stall(): void {
    this.#room ??= new Gate();
  }

  /** The peer has read everything. */
  catchUp(): void {
    this.facts.queuedBytes = 0;
    this.#room?.open();
    this.#room = undefined;
  }

  send(line: Line): void | Promise<void> {
    this.sent.push(JSON.parse(typeof line === 'string' ? line : [...line.pieces].join('')));
    return this.#queued(lengthOf(line));
  }

  notify(notice: Notice): void | Promise<void> {
    return this.send(notice.encode(notice.text, notice.progress));
  }

  close(withinMs: number): Promise<void> {
    this.closes.push(withinMs);
    this.incoming.end();
    return Promise.resolve();
  }

  #queued(bytes: number): void | Promise<void> {
    if (this.#room === undefined) return undefined;
    this.facts.queuedBytes += bytes;
    return this.#room.opened;
  }
}
