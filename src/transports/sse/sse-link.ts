// One client of the first HTTP transport as a link: a stream of events out, and its POSTs in, joined.
// Follows MCP 2024-11-05 basic/transports (HTTP with SSE); protocol/MCP.md 4.5.

import type { Link, LinkFacts, Notice } from '../../rpc/link.ts';
import { Mailbox } from '../../rpc/mailbox.ts';
import type { Line } from '../../wire/encode.ts';
import type { BodyStream } from '../../wire/exchange.ts';
import type { Message } from '../../wire/jsonrpc.ts';
import { EventChannel, EVENTS } from '../events/event-channel.ts';
import type { ChannelSetup } from '../events/event-channel.ts';

export class SseLink implements Link, LinkFacts {
  readonly incoming: Mailbox<readonly Message[]> = new Mailbox();
  readonly facts: LinkFacts = this;
  readonly name: string;
  readonly #channel: EventChannel;
  #receivedBytes = 0;

  constructor(name: string, setup: Omit<ChannelSetup, 'frame'>) {
    this.name = name;
    this.#channel = new EventChannel({ ...setup, frame: EVENTS });
  }

  get queuedBytes(): number {
    return this.#channel.queuedBytes;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** The first event says where to send messages. */
  begin(body: BodyStream, endpoint: string): void {
    void body.write(`event: endpoint\ndata: ${endpoint}\n\n`);
    this.#channel.attach(body);
  }

  /** What came in a POST. */
  receive(message: Message, bytes: number): void {
    this.#receivedBytes += bytes;
    this.incoming.put([message]);
  }

  send(line: Line): void | Promise<void> {
    return this.#channel.push(line);
  }

  notify(notice: Notice): void | Promise<void> {
    return this.#channel.notify(notice);
  }

  /** The client has gone. */
  lost(): void {
    this.incoming.end();
    this.#channel.fail();
  }

  /** Whoever reads slowly has the carrier's patience and not the engine's: it is not waited for. */
  close(): Promise<void> {
    this.incoming.end();
    void this.#channel.end();
    return Promise.resolve();
  }
}
