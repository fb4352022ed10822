// The first HTTP transport: GET opens a stream whose first event says where to POST messages; their answers come on the
// stream. The end of the stream is the end of everything. Served for clients that know nothing newer.
// Follows MCP 2024-11-05 basic/transports (HTTP with SSE); protocol/MCP.md 4.5.

import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import { present } from '../../core/json.ts';
import type { Random } from '../../core/random.ts';
import type { Scrub } from '../../protocol/errors.ts';
import type { Conversation } from '../../rpc/conversation.ts';
import type { Scrubber } from '../../rpc/output/queued.ts';
import type { Caller, Exchange, Serve } from '../../wire/exchange.ts';
import { classify } from '../../wire/jsonrpc.ts';
import { acceptsOf } from '../posted/accept.ts';
import { EVENT_HEADERS } from '../events/event-channel.ts';
import { badRequest, refuse } from '../posted/refusals.ts';
import { readPost } from '../posted/read.ts';
import type { RefusalOptions } from '../posted/refusals.ts';
import { SseLink } from './sse-link.ts';

export interface SseSetup {
  readonly open: (arrival: { readonly client?: string; readonly carrier: 'session' }) => {
    readonly conversation: Conversation;
  };
  /** Where messages are to be sent, as the client sees it. */
  readonly messagesPath: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly scrubber: Scrubber;
  readonly scrub: Scrub;
  readonly maxBodyBytes: number;
  /** Clients at a time. */
  readonly maxClients?: number;
}

export interface Sse {
  /** GET. */
  readonly stream: Serve;
  /** POST. */
  readonly messages: Serve;
  readonly drain: () => void;
  /** Ends the streams of clients that may no more be here. */
  readonly review: (mayStay: (client: string | undefined) => boolean) => void;
}

interface Client {
  readonly client: string | undefined;
  readonly link: SseLink;
  readonly conversation: Conversation;
}

const MAX_CLIENTS = 4096;

const GONE = new Fault('cancelled', 'The client has gone.');
const BARRED = new Fault('cancelled', 'The key of the client is taken no more.');

export function createSse(setup: SseSetup): Sse {
  const face = new Face(setup);
  return {
    stream: (exchange, caller) => face.open(exchange, caller),
    messages: (exchange, caller) => face.receive(exchange, caller),
    drain: () => face.drain(),
    review: (mayStay) => face.review(mayStay),
  };
}

class Face {
  readonly #setup: SseSetup;
  readonly #clients = new Map<string, Client>();

  constructor(setup: SseSetup) {
    this.#setup = setup;
  }

  open(exchange: Exchange, { client }: Caller): void {
    const { open, messagesPath, random, maxClients = MAX_CLIENTS } = this.#setup;
    if (!acceptsOf(exchange.header('accept')).events) {
      return this.#refuse(exchange, badRequest('it must accept text/event-stream'), { status: 406 });
    }
    if (this.#clients.size >= maxClients) {
      const full = new Fault('OVERLOADED', 'There are too many clients.');
      return this.#refuse(exchange, full, { status: 503, headers: { 'retry-after': '10' } });
    }
    const id = (random.id() + random.id()).replaceAll('-', '');
    const link = new SseLink(exchange.remote, this.#setup);
    const { conversation } = open({ carrier: 'session', ...present({ client }) });
    this.#clients.set(id, { client, link, conversation });
    link.begin(exchange.stream(200, EVENT_HEADERS), `${messagesPath}?sessionId=${id}`);
    const serving = conversation.serve(link, { isMain: true, graceMs: Infinity });
    exchange.gone.onCancel(() => {
      link.lost();
      serving.stop(GONE);
    });
    void this.#forget(id, serving.done);
  }

  async receive(exchange: Exchange, { client }: Caller): Promise<void> {
    const known = this.#clients.get(exchange.query.get('sessionId') ?? '');
    if (known === undefined || known.client !== client) {
      return this.#refuse(exchange, badRequest('there is no such session, or none any more'), { status: 404 });
    }
    const text = await readPost(exchange, this.#setup);
    if (text === undefined) return;
    const message = classify(text);
    if (message.kind === 'malformed') return this.#refuse(exchange, message.fault);
    known.link.receive(message, text.length);
    exchange.reply(202, {});
  }

  /** The server is about to stop: clients are told by the end of their stream, as soon as nothing runs for them. */
  drain(): void {
    for (const { link, conversation } of this.#clients.values()) {
      conversation.drain();
      link.incoming.end();
    }
  }

  review(mayStay: (client: string | undefined) => boolean): void {
    for (const { client, conversation } of this.#clients.values()) if (!mayStay(client)) conversation.stop(BARRED);
  }

  async #forget(id: string, done: Promise<void>): Promise<void> {
    await done;
    this.#clients.delete(id);
  }

  #refuse(exchange: Exchange, fault: Fault, options?: Omit<RefusalOptions, 'scrub'>): void {
    refuse(exchange, fault, { scrub: this.#setup.scrub, ...options });
  }
}
