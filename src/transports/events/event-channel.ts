// Messages to one peer as server-sent events: the queue in front of a body, and the sign of life while nothing is said.
// The body may be taken away and another one given, for streams that can be resumed; what is written in between goes
// nowhere but to the frame, who keeps it.
// Follows WHATWG HTML 9.2 (server-sent events); MCP 2025-11-25 basic/transports; protocol/MCP.md 4.1.

import type { Clock } from '../../core/clock.ts';
import type { Notice } from '../../rpc/link.ts';
import type { Frame, Scrubber } from '../../rpc/output/queued.ts';
import { Writer } from '../../rpc/output/writer.ts';
import type { Line } from '../../wire/encode.ts';
import type { BodyStream, HeaderFields } from '../../wire/exchange.ts';

/** Without these, proxies hold events back to fill a buffer or to compress them. */
export const EVENT_HEADERS: HeaderFields = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** One message an event, without an id. */
export const EVENTS: Frame = { head: () => 'event: message\ndata: ', tail: '\n\n' };

/** A comment keeps what is between from taking the connection for dead. */
const BEAT = ': keepalive\n\n';
const BEAT_MS = 15_000;

export interface ChannelSetup {
  readonly clock: Clock;
  /** Takes secrets out of everything written. */
  readonly scrubber: Scrubber;
  readonly frame: Frame;
}

export class EventChannel {
  readonly #clock: Clock;
  readonly #writer: Writer;
  #body: BodyStream | undefined;
  #stopBeat: () => void = () => {};

  constructor({ clock, scrubber, frame }: ChannelSetup) {
    this.#clock = clock;
    this.#writer = new Writer({ write: (text) => this.#write(text) }, { scrubber, frame });
  }

  get isAttached(): boolean {
    return this.#body !== undefined;
  }

  /** What is queued here and in the body. */
  get queuedBytes(): number {
    return this.#writer.queuedBytes + (this.#body?.queuedBytes ?? 0);
  }

  push(line: Line): void | Promise<void> {
    return this.#writer.push(line);
  }

  notify(notice: Notice): void | Promise<void> {
    return this.#writer.notify(notice);
  }

  /** From now on everything is written to this body. */
  attach(body: BodyStream): void {
    this.#body = body;
    this.#beat();
    this.#writer.drained();
  }

  /** The body is gone; what is queued, and what comes, goes nowhere. */
  detach(): void {
    this.#body = undefined;
    this.#stopBeat();
    this.#writer.drained();
  }

  /** Nothing is written any more, and nobody waits for room. */
  fail(): void {
    this.#body = undefined;
    this.#stopBeat();
    this.#writer.fail(undefined);
  }

  /** Ends the body behind what is queued. */
  async end(): Promise<void> {
    await this.#writer.end();
    this.#stopBeat();
    this.#body?.end();
    this.#body = undefined;
  }

  #write(text: string): boolean {
    const body = this.#body;
    const room = body?.write(text);
    if (room === undefined) return true;
    void this.#waitFor(room, body);
    return false;
  }

  async #waitFor(room: Promise<void>, body: BodyStream | undefined): Promise<void> {
    await room;
    if (this.#body === body) this.#writer.drained();
  }

  #beat(): void {
    this.#stopBeat();
    this.#stopBeat = this.#clock.after(BEAT_MS, () => {
      // Never inside a line that leaves in parts, and not to a client that does not read what it has.
      if (this.queuedBytes === 0) void this.#body?.write(BEAT);
      this.#beat();
    });
  }
}
