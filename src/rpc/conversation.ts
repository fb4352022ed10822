// All links of one peer taken together: one on stdio, over HTTP one for every POST and one for what no request is
// about. What is asked on one may be answered on another, and a cancel reaches the request wherever it runs.

import type { Clock } from '../core/clock.ts';
import type { Fault } from '../core/fault.ts';
import type { Log } from '../core/log.ts';
import type { Id } from '../wire/jsonrpc.ts';
import { Asked } from './asked.ts';
import { Connection } from './connection.ts';
import type { ConnectionOptions, Shared } from './connection.ts';
import type { ConnectionHandlers } from './handlers.ts';
import type { Link } from './link.ts';

export interface ConversationSetup {
  readonly handlers: ConnectionHandlers;
  readonly clock: Clock;
  readonly log: Log;
  /** Called for the time there is a main link: says what no request is about with `tell`. Answers how to stop it. */
  readonly announcements?: (tell: (method: string, params?: unknown) => void) => () => void;
  /** The main link is over: the peer does not come back. */
  readonly left?: () => void;
}

/** A link that is served. */
export interface Serving {
  /** Settles when the peer has gone, or after `stop`; never rejects. */
  readonly done: Promise<void>;
  /** Cancels what runs and closes. */
  stop(why: Fault): void;
}

export interface ServeOptions extends ConnectionOptions {
  /** What no request is about goes here. A peer has one such link at a time. */
  readonly isMain?: boolean;
}

export class Conversation {
  readonly #setup: ConversationSetup;
  readonly #links = new Set<Connection>();
  readonly #shared: Shared;

  constructor(setup: ConversationSetup) {
    this.#setup = setup;
    this.#shared = { asked: new Asked(), cancel: (id) => this.#cancel(id) };
  }

  /** Whether a request of the peer is being answered, on whatever link. */
  get isBusy(): boolean {
    return [...this.#links].some((connection) => connection.isBusy);
  }

  /** Serves a link until its peer has gone and everything asked on it is answered. */
  serve(link: Link, { isMain = false, ...options }: ServeOptions = {}): Serving {
    const { handlers, clock, log, announcements, left } = this.#setup;
    const connection = new Connection({ handlers, clock, log, link, shared: this.#shared, options });
    this.#links.add(connection);
    if (!isMain) return { done: this.#run(connection), stop: (why) => connection.stop(why) };
    const quieten = announcements?.((method, params) => connection.announce(method, params));
    const over = (): void => {
      quieten?.();
      left?.();
    };
    return { done: this.#run(connection, over), stop: (why) => connection.stop(why) };
  }

  /** Asks requests that wait for the peer to answer now; the others go on. */
  drain(): void {
    for (const connection of this.#links) connection.drain();
  }

  /** Ends every link. */
  stop(why: Fault): void {
    for (const connection of this.#links) connection.stop(why);
  }

  async #run(connection: Connection, over?: () => void): Promise<void> {
    try {
      await connection.run();
    } finally {
      this.#links.delete(connection);
      over?.();
    }
  }

  #cancel(id: Id): void {
    for (const connection of this.#links) if (connection.cancel(id)) return;
  }
}
