// The connections to one origin, on one way: those that are idle, the last used first; those that settle between two
// requests; and who waits for one. Lends them out in the order of asking, and dials when none will be free
// in a moment and the limit allows. Knows nothing of requests.

import type { LookupFunction } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import { Connection } from './connection.ts';
import type { Lender } from './connection.ts';
import { Settling } from './settling.ts';
import type { Way } from './way/way.ts';

/** More than this are closed rather than kept. */
const MAX_IDLE = 256;

export interface SiteOptions {
  readonly clock: Clock;
  /** Most sockets to one origin at a time; the rest of the requests wait. Without limit unless given. */
  readonly maxSockets?: number;
  /** Name resolution; the system's unless given. */
  readonly lookup?: LookupFunction;
}

export interface Borrower {
  /** One for it alone, open or still connecting, until it releases or destroys it. */
  onLent(connection: Connection): void;
  /** There will be none: everything was closed. */
  onRefused(): void;
}

export class Site implements Lender {
  readonly #way: Way;
  readonly #options: SiteOptions;
  readonly #all = new Set<Connection>();
  readonly #settling = new Settling<Connection>((connection) => this.#keep(connection));
  #idle: Connection[] = [];
  #waiting: Borrower[] = [];
  #session: Buffer | undefined;
  #isServing = false;

  constructor(way: Way, options: SiteOptions) {
    this.#way = way;
    this.#options = options;
  }

  /** Calls `onLent` at once or later. */
  borrow(borrower: Borrower): void {
    this.#waiting.push(borrower);
    this.#serve();
  }

  /** Waits no longer. */
  withdraw(borrower: Borrower): void {
    this.#waiting = this.#waiting.filter((other) => other !== borrower);
  }

  /** Ends the connections that nobody uses: one of them was found dead, and the others are as old. */
  dropIdle(): void {
    this.#settling.destroy();
    for (const connection of this.#idle.slice()) connection.destroy();
  }

  /** Ends all connections, those in use too, and lets nobody wait. */
  close(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const borrower of waiting) borrower.onRefused();
    this.dropIdle();
    for (const connection of this.#all) connection.abort();
  }

  onFree(connection: Connection): void {
    this.#settling.add(connection);
  }

  onSession(ticket: Buffer): void {
    this.#session = ticket;
  }

  onGone(connection: Connection): void {
    this.#all.delete(connection);
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
    // A ticket that the server does not take any more would fail the next handshake too.
    if (!connection.isOpen) this.#session = undefined;
    this.#serve();
  }

  #keep(connection: Connection): void {
    const isTooMany = this.#idle.length >= MAX_IDLE && this.#waiting.length === 0;
    if (isTooMany || !connection.isDrained) {
      connection.destroy();
      return;
    }
    connection.rest();
    this.#idle.push(connection);
    this.#serve();
  }

  #serve(): void {
    // Whatever changes while this runs is seen by its next turn.
    if (this.#isServing) return;
    this.#isServing = true;
    try {
      while (this.#waiting.length > 0) {
        const connection = this.#idleOne() ?? this.#fresh();
        if (connection === undefined) return;
        this.#waiting.shift()?.onLent(connection);
      }
    } finally {
      this.#isServing = false;
    }
  }

  /** The last one used: the longer the others rest, the sooner there are no more than are needed. */
  #idleOne(): Connection | undefined {
    for (let connection = this.#idle.pop(); connection !== undefined; connection = this.#idle.pop()) {
      if (connection.isKept(this.#options.clock.now())) return connection;
      connection.destroy();
    }
    return undefined;
  }

  /** None when enough are settling, or the limit is reached. */
  #fresh(): Connection | undefined {
    const { maxSockets = Infinity, lookup } = this.#options;
    if (this.#waiting.length <= this.#settling.count || this.#all.size >= maxSockets) return undefined;
    const session = this.#session;
    const connection = new Connection((events) => this.#way.open(events, { lookup, session }), this);
    this.#all.add(connection);
    return connection;
  }
}
