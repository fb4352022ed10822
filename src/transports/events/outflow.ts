// How a link's lines leave once they leave as a stream: over one body to its end, or over several that the client comes
// back on.

import type { Notice } from '../../rpc/link.ts';
import type { Line } from '../../wire/encode.ts';
import type { BodyStream } from '../../wire/exchange.ts';
import { EventChannel } from './event-channel.ts';
import type { ChannelSetup } from './event-channel.ts';

export interface Outflow {
  readonly queuedBytes: number;
  /** Once, before anything else. */
  begin(body: BodyStream): void;
  push(line: Line): void | Promise<void>;
  answer(line: Line): void | Promise<void>;
  notify(notice: Notice): void | Promise<void>;
  /** Nothing more will be said. */
  end(): void;
  /** The client has gone. Answers whether it may come back for the rest. */
  lost(): boolean;
  /** Ends the body although there is more to say, where the client can come back for it. Answers whether it did. */
  letGo(): boolean;
}

/** Over one body. */
export class PlainOutflow implements Outflow {
  readonly #channel: EventChannel;

  constructor(setup: ChannelSetup) {
    this.#channel = new EventChannel(setup);
  }

  get queuedBytes(): number {
    return this.#channel.queuedBytes;
  }

  begin(body: BodyStream): void {
    this.#channel.attach(body);
  }

  push(line: Line): void | Promise<void> {
    return this.#channel.push(line);
  }

  answer(line: Line): void | Promise<void> {
    return this.#channel.push(line);
  }

  notify(notice: Notice): void | Promise<void> {
    return this.#channel.notify(notice);
  }

  end(): void {
    void this.#channel.end();
  }

  lost(): boolean {
    this.#channel.fail();
    return false;
  }

  letGo(): boolean {
    return false;
  }
}
