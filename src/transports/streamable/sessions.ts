// All sessions there are: found by id and key, bounded in number, ended when nobody has used them for long. Where there
// is no room for one more, the one that has been unused the longest makes it, and first one of the same client, so that
// a client that opens many pushes out its own.
// Follows MCP 2025-11-25 basic/transports (session management); protocol/MCP.md 4.4.

import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import type { Random } from '../../core/random.ts';
import type { Scrubber } from '../../rpc/output/queued.ts';
import { EventShelf } from './event-log.ts';
import type { LogBounds } from './event-log.ts';
import type { PostLink } from './post-link.ts';
import { Session } from './session.ts';
import type { Talk } from './session.ts';

export const SESSION_HEADER = 'mcp-session-id';

export interface SessionBounds {
  readonly sessions: number;
  /** Of one client, from which its own make room for its next. */
  readonly perClient: number;
  /** After so long without use a session is over. */
  readonly idleMs: number;
  /** How long a stream that is over can be come back to. */
  readonly keepMs: number;
  /** What a client that comes back may find, for one session. */
  readonly log: LogBounds;
  /** The same for all sessions. */
  readonly shelfBytes: number;
}

const MIB = 1024 ** 2;

export const SESSION_BOUNDS: SessionBounds = {
  sessions: 10_000,
  perClient: 2500,
  idleMs: 30 * 60_000,
  keepMs: 5 * 60_000,
  log: { events: 4096, bytes: MIB },
  shelfBytes: 64 * MIB,
};

export interface SessionsSetup {
  readonly clock: Clock;
  readonly random: Random;
  readonly scrubber: Scrubber;
  readonly bounds: SessionBounds;
  /** Tells a POST that waits for its answer that its session is over. */
  readonly refuse: (post: PostLink) => void;
}

/** How often it is looked for what is over, as a part of the shortest time there is. */
const LOOKS = 5;

export class Sessions {
  readonly #setup: SessionsSetup;
  readonly #shelf: EventShelf;
  readonly #sessions = new Map<string, Session>();
  readonly #counts = new Map<string | undefined, number>();
  #stopTimer: (() => void) | undefined;

  constructor(setup: SessionsSetup) {
    this.#setup = setup;
    this.#shelf = new EventShelf(setup.bounds.shelfBytes);
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Bytes kept for clients that come back. */
  get keptBytes(): number {
    return this.#shelf.bytes;
  }

  /** The session of that id; nothing where another client opened it. It becomes the one used last. */
  find(id: string, client: string | undefined): Session | undefined {
    const session = this.#sessions.get(id);
    if (session === undefined || session.client !== client) return undefined;
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    return session;
  }

  /** Whether one more can be opened; ends an unused one if it must. */
  makeRoom(client: string | undefined): boolean {
    const { bounds } = this.#setup;
    const ownsMany = client !== undefined && (this.#counts.get(client) ?? 0) >= bounds.perClient;
    if (ownsMany) return this.#endUnused((session) => session.client === client);
    return this.#sessions.size < bounds.sessions || this.#endUnused(() => true);
  }

  open(talk: Talk, client: string | undefined): Session {
    const { bounds, random } = this.#setup;
    // One alone is 122 bits of chance.
    const id = (random.id() + random.id()).replaceAll('-', '');
    const session = new Session({ ...this.#setup, id, client, talk, shelf: this.#shelf, bounds: bounds.log });
    this.#sessions.set(id, session);
    this.#counts.set(client, (this.#counts.get(client) ?? 0) + 1);
    this.#stopTimer ??= this.#lookLater();
    return session;
  }

  end(session: Session, why: Fault): void {
    if (!this.#sessions.delete(session.id)) return;
    const left = (this.#counts.get(session.client) ?? 1) - 1;
    if (left === 0) this.#counts.delete(session.client);
    else this.#counts.set(session.client, left);
    session.end(why, this.#setup.refuse);
    if (this.#sessions.size > 0) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  /** The server is about to stop: ends what is not in use, and of the rest what would not end by itself. */
  drain(why: Fault): void {
    for (const session of this.#sessions.values()) {
      session.drain();
      if (session.busy === 0) this.end(session, why);
    }
  }

  /** Ends those of clients that may no more be here. */
  review(mayStay: (client: string | undefined) => boolean): void {
    for (const session of this.#sessions.values()) {
      if (!mayStay(session.client))
        this.end(session, new Fault('cancelled', 'The key of the session is taken no more.'));
    }
  }

  #endUnused(may: (session: Session) => boolean): boolean {
    for (const session of this.#sessions.values()) {
      if (!may(session) || session.isInUse) continue;
      this.end(session, new Fault('cancelled', 'The session made room for another.'));
      return true;
    }
    return false;
  }

  #lookLater(): () => void {
    const { clock, bounds } = this.#setup;
    return clock.after(Math.min(bounds.idleMs, bounds.keepMs) / LOOKS, () => {
      this.#stopTimer = this.#lookLater();
      this.#look(clock.now());
    });
  }

  #look(now: number): void {
    const { bounds } = this.#setup;
    for (const session of this.#sessions.values()) {
      if (now - session.usedAt >= bounds.idleMs) this.end(session, new Fault('cancelled', 'The session was not used.'));
      else session.forgetBefore(now - bounds.keepMs);
    }
  }
}
