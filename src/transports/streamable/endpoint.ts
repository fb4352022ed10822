// The MCP endpoint: what each HTTP method does at it, in both eras. POST brings one message; GET opens the stream of what
// no request is about, or takes up one that was lost; DELETE ends a session.
// Follows MCP 2025-03-26 to 2026-07-28, basic/transports; protocol/MCP.md 4.

import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import type { Random } from '../../core/random.ts';
import type { Scrub } from '../../protocol/errors.ts';
import type { HeaderParam } from '../../protocol/header-params.ts';
import type { Peer } from '../../protocol/peer.ts';
import { revisionOf } from '../../protocol/revisions.ts';
import { VERSION_HEADER } from '../../protocol/routing-headers.ts';
import type { Scrubber } from '../../rpc/output/queued.ts';
import type { Caller, Exchange, Serve } from '../../wire/exchange.ts';
import { EVENT_HEADERS } from '../events/event-channel.ts';
import { acceptsOf } from '../posted/accept.ts';
import { isStandalone } from './era.ts';
import { Posts } from './posts.ts';
import { badRequest, noSession, refusalOf, refuse, unsupported } from '../posted/refusals.ts';
import type { RefusalOptions } from '../posted/refusals.ts';
import type { Session, Talk } from './session.ts';
import { SESSION_BOUNDS, SESSION_HEADER, Sessions } from './sessions.ts';
import type { SessionBounds } from './sessions.ts';

export interface StreamableSetup {
  /** Opens a conversation: of a peer that will shake hands or needs not to, or of one that is known. */
  readonly open: (arrival: {
    readonly client?: string;
    readonly peer?: Peer;
    /** What the conversation lasts as long as. */
    readonly carrier: 'session' | 'request';
  }) => Talk;
  /** The arguments of a tool that are said again in headers. */
  readonly headerParams: (tool: string) => readonly HeaderParam[];
  readonly clock: Clock;
  readonly random: Random;
  readonly scrubber: Scrubber;
  /** Takes what is secret, or looks it, out of an error's text. */
  readonly scrub: Scrub;
  readonly maxBodyBytes: number;
  readonly bounds?: SessionBounds;
}

export interface Streamable {
  readonly serve: Serve;
  readonly methods: readonly string[];
  readonly sessions: Sessions;
  /** The server is about to stop: ends what would not end by itself. */
  readonly drain: (this: void) => void;
  /** Ends what stays open for clients that may no more be here. */
  readonly review: (this: void, mayStay: (client: string | undefined) => boolean) => void;
}

export function createStreamable(setup: StreamableSetup): Streamable {
  const { bounds = SESSION_BOUNDS, scrub } = setup;
  const ended = badRequest('the session is over: send initialize');
  const sessions = new Sessions({
    ...setup,
    bounds,
    refuse(post) {
      const { status, headers, body } = refusalOf(ended, { scrub, status: 404, message: post.message });
      post.refuse(status, headers, body);
    },
  });
  const endpoint = new Endpoint(setup, sessions);
  return {
    methods: ['POST', 'GET', 'DELETE'],
    serve: (exchange, caller) => endpoint.serve(exchange, caller),
    sessions,
    drain() {
      endpoint.drain();
      sessions.drain(new Fault('cancelled', 'The server is about to stop.'));
    },
    review(mayStay) {
      endpoint.review(mayStay);
      sessions.review(mayStay);
    },
  };
}

class Endpoint {
  readonly #setup: StreamableSetup;
  readonly #sessions: Sessions;
  readonly #posts: Posts;

  constructor(setup: StreamableSetup, sessions: Sessions) {
    this.#setup = setup;
    this.#sessions = sessions;
    this.#posts = new Posts(setup, sessions);
  }

  drain(): void {
    this.#posts.drain();
  }

  review(mayStay: (client: string | undefined) => boolean): void {
    this.#posts.review(mayStay);
  }

  serve(exchange: Exchange, caller: Caller): void | Promise<void> {
    if (exchange.method === 'POST') return this.#posts.serve(exchange, caller);
    const session = this.#sessionOf(exchange, caller);
    if (session === undefined) return undefined;
    if (exchange.method === 'GET') return this.#listen(exchange, session);
    this.#sessions.end(session, new Fault('cancelled', 'The client has ended the session.'));
    return exchange.reply(204, {});
  }

  /** Answers itself where there is none. */
  #sessionOf(exchange: Exchange, caller: Caller): Session | undefined {
    const version = exchange.header(VERSION_HEADER);
    const id = exchange.header(SESSION_HEADER);
    if (isStandalone(version) || id === undefined) {
      this.#refuse(exchange, badRequest('without a session there is only POST'), {
        status: 405,
        headers: { allow: 'POST' },
      });
      return undefined;
    }
    if (version !== undefined && revisionOf(version, 'initialize') === undefined) {
      this.#refuse(exchange, unsupported());
      return undefined;
    }
    const session = this.#sessions.find(id, caller.client);
    if (session === undefined) this.#refuse(exchange, noSession(), { status: 404 });
    return session;
  }

  #listen(exchange: Exchange, session: Session): void {
    if (!acceptsOf(exchange.header('accept')).events) {
      return this.#refuse(exchange, badRequest('it must accept text/event-stream'), { status: 406 });
    }
    const lastId = exchange.header('last-event-id');
    const place = lastId === undefined ? undefined : session.placeBehind(lastId);
    if (lastId !== undefined && place === undefined)
      return this.#refuse(exchange, badRequest('Last-Event-ID is unknown'));
    const stream = place?.stream ?? session.main;
    if (place === undefined && stream.isAttached) {
      return this.#refuse(exchange, badRequest('the session has such a stream already'), { status: 409 });
    }
    const body = exchange.stream(200, EVENT_HEADERS);
    if (place === undefined) stream.begin(body);
    else stream.resume(body, place.seq);
    exchange.gone.onCancel(() => stream.detach(body));
  }

  #refuse(exchange: Exchange, fault: Fault, options?: Omit<RefusalOptions, 'scrub'>): void {
    refuse(exchange, fault, { scrub: this.#setup.scrub, ...options });
  }
}
