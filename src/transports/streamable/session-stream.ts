// One stream of events of a session, which its client may lose and come back to: every event has an id that names the
// stream, and is logged as it leaves. There is one for each POST that is answered as a stream, and the main one, which
// no request is about and the client opens with GET.
// Follows MCP 2025-11-25 basic/transports (resumability and redelivery).

import type { Notice } from '../../rpc/link.ts';
import type { Scrubber } from '../../rpc/output/queued.ts';
import type { Line } from '../../wire/encode.ts';
import type { BodyStream } from '../../wire/exchange.ts';
import { EventChannel } from '../events/event-channel.ts';
import type { ChannelSetup } from '../events/event-channel.ts';
import type { Outflow } from '../events/outflow.ts';
import type { EventLog } from './event-log.ts';

/** How long a client waits before it comes back, where it asks us. */
const RETRY_MS = 1000;

const TAIL = '\n\n';

export interface StreamSetup extends Omit<ChannelSetup, 'frame'> {
  readonly number: number;
  readonly log: EventLog;
  /** Whether it begins with an event that says nothing. */
  readonly isPrimed: boolean;
  /** Told when what can be resumed has changed: it ended, or its client left it. */
  readonly onChange: () => void;
}

export class SessionStream implements Outflow {
  readonly number: number;
  readonly #setup: StreamSetup;
  readonly #channel: EventChannel;
  readonly #scrubber: Scrubber;
  #body: BodyStream | undefined;
  #seq = 0;
  /** The last one that was written to a client. */
  #sent = 0;
  #answer: Line | undefined;
  #isEnded = false;
  #isPrimed = false;

  constructor(setup: StreamSetup) {
    this.#setup = setup;
    this.number = setup.number;
    this.#scrubber = setup.scrubber;
    const frame = {
      head: () => this.#head(),
      tail: TAIL,
      taken: (line: Line, head: string) => this.#taken(line, head),
    };
    this.#channel = new EventChannel({ ...setup, frame });
  }

  get queuedBytes(): number {
    return this.#channel.queuedBytes;
  }

  /** The number of its last event. */
  get seq(): number {
    return this.#seq;
  }

  get isAttached(): boolean {
    return this.#body !== undefined;
  }

  /** Nothing more will be said. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  begin(body: BodyStream): void {
    this.#prime(body);
    this.resume(body, this.#sent);
  }

  /** Goes on behind the event with this number, over a body of its own; the one before is ended. */
  resume(body: BodyStream, after: number): void {
    this.detach();
    for (const { head, line } of this.#setup.log.after(this.number, after)) this.#replay(body, head, line);
    this.#sent = this.#seq;
    this.#body = body;
    if (this.#isEnded) {
      body.end();
      this.#body = undefined;
    } else this.#channel.attach(body);
  }

  push(line: Line): void | Promise<void> {
    return this.#channel.push(line);
  }

  answer(line: Line): void | Promise<void> {
    this.#answer = line;
    return this.#channel.push(line);
  }

  notify(notice: Notice): void | Promise<void> {
    return this.#channel.notify(notice);
  }

  end(): void {
    void this.#end();
  }

  /** The body is ended, and what comes is kept. */
  detach(body: BodyStream | undefined = this.#body): void {
    if (this.#body === undefined || this.#body !== body) return;
    this.#body.end();
    this.#body = undefined;
    if (!this.#isEnded) this.#channel.detach();
    this.#setup.onChange();
  }

  lost(): boolean {
    this.detach();
    // A client that was given no id has none to come back with.
    return this.#seq > 0 || this.#isPrimed;
  }

  letGo(): boolean {
    if (this.#body === undefined || !this.#isPrimed) return false;
    this.detach();
    return true;
  }

  /** Says it once, however often it is said, while nobody is there to hear it. */
  announce(line: Line): void {
    if (this.isAttached || !this.#setup.log.has(this.number, this.#sent, line)) void this.#channel.push(line);
  }

  async #end(): Promise<void> {
    await this.#channel.end();
    this.#isEnded = true;
    this.#body = undefined;
    this.#setup.onChange();
  }

  #prime(body: BodyStream): void {
    if (!this.#setup.isPrimed) return;
    this.#isPrimed = true;
    void body.write(`id: ${this.number}-${this.#sent}\nretry: ${RETRY_MS}\ndata: ${TAIL}`);
  }

  #replay(body: BodyStream, head: string, line: Line): void {
    const text = typeof line === 'string' ? line : [...line.pieces].join('');
    void body.write(head + this.#scrubber.scrubValues(text) + TAIL);
  }

  #head(): string {
    return `id: ${this.number}-${++this.#seq}\nevent: message\ndata: `;
  }

  #taken(line: Line, head: string): void {
    if (this.isAttached) this.#sent = this.#seq;
    const isAnswer = line === this.#answer;
    if (isAnswer) this.#answer = undefined;
    this.#setup.log.add({ stream: this.number, seq: this.#seq, head, line, isAnswer });
  }
}
