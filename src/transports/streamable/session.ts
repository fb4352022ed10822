// What a handshake over HTTP leaves behind: a conversation, whose links come and go, and the streams its client may
// come back to. Ends with DELETE, by its age, or with the server.
// Follows MCP 2025-11-25 basic/transports (session management); protocol/MCP.md 4.4.

import type { Fault } from '../../core/fault.ts';
import type { Peer } from '../../protocol/peer.ts';
import type { Conversation } from '../../rpc/conversation.ts';
import type { Link } from '../../rpc/link.ts';
import { Mailbox } from '../../rpc/mailbox.ts';
import type { Message } from '../../wire/jsonrpc.ts';
import type { ChannelSetup } from '../events/event-channel.ts';
import { EventLog } from './event-log.ts';
import type { EventShelf, LogBounds } from './event-log.ts';
import type { PostLink } from './post-link.ts';
import { SessionStream } from './session-stream.ts';

/** A conversation, and the peer as it settled things by handshake, once it did. */
export interface Talk {
  readonly conversation: Conversation;
  readonly peer: () => Peer | undefined;
}

export interface SessionSetup extends Omit<ChannelSetup, 'frame'> {
  readonly id: string;
  /** The name of the key it was opened with. */
  readonly client: string | undefined;
  readonly talk: Talk;
  readonly shelf: EventShelf;
  readonly bounds: LogBounds;
}

/** Where a stream is to be taken up: behind one event of it. */
interface Place {
  readonly stream: SessionStream;
  readonly seq: number;
}

/** The stream that no request is about. */
const MAIN = 0;
/** Calls that go on although their client has left; one more ends the oldest. */
const MAX_LEFT = 32;

export class Session {
  readonly id: string;
  readonly client: string | undefined;
  readonly #setup: SessionSetup;
  readonly #log: EventLog;
  /** How to call off what each is about; in the order they were opened. */
  readonly #streams = new Map<SessionStream, () => void>();
  /** When each stream that is over came to its end. */
  readonly #over = new Map<SessionStream, number>();
  readonly #posts = new Set<PostLink>();
  readonly main: SessionStream;
  #last = MAIN;
  #usedAt: number;

  constructor(setup: SessionSetup) {
    this.id = setup.id;
    this.client = setup.client;
    this.#setup = setup;
    this.#log = new EventLog(setup.shelf, setup.bounds);
    this.#usedAt = setup.clock.now();
    this.main = this.#stream(MAIN, () => {});
    void setup.talk.conversation.serve(mainLink(this.main), { isMain: true, graceMs: 0 }).done;
  }

  get conversation(): Conversation {
    return this.#setup.talk.conversation;
  }

  /** Whether something is answered, or a stream is open. */
  get isInUse(): boolean {
    return this.#posts.size > 0 || this.#isListenedTo;
  }

  /** When it was last in use. */
  get usedAt(): number {
    return this.isInUse ? this.#setup.clock.now() : this.#usedAt;
  }

  get busy(): number {
    return this.#posts.size;
  }

  /** A stream for what is said of one request. */
  open(callOff: () => void): SessionStream {
    return this.#stream(++this.#last, callOff);
  }

  /** Notes that a POST is being answered, until that is called off. */
  answering(post: PostLink): () => void {
    this.#posts.add(post);
    return () => {
      this.#posts.delete(post);
      this.#usedAt = this.#setup.clock.now();
    };
  }

  /** The place behind the event with this id; nothing for an id that is none of ours, or forgotten. */
  placeBehind(eventId: string): Place | undefined {
    const [, number, seq] = /^(\d{1,9})-(\d{1,9})$/.exec(eventId) ?? [];
    for (const stream of this.#streams.keys()) {
      // What was never said cannot have been heard: taken for heard, all that is kept would be forgotten.
      if (stream.number === Number(number)) return Number(seq) > stream.seq ? undefined : { stream, seq: Number(seq) };
    }
    return undefined;
  }

  /** Forgets the streams that were over before then. */
  forgetBefore(then: number): void {
    for (const [stream, at] of this.#over) {
      if (at >= then) continue;
      this.#over.delete(stream);
      this.#streams.delete(stream);
      this.#log.forget(stream.number);
    }
  }

  /** Nobody comes back any more: ends what would not end by itself. */
  drain(): void {
    this.main.detach();
    this.conversation.drain();
    for (const [stream, callOff] of this.#streams) if (!stream.isAttached) callOff();
  }

  /** Ends all of it; POSTs that wait for their answer are told so. */
  end(why: Fault, refuse: (post: PostLink) => void): void {
    for (const post of this.#posts) refuse(post);
    this.conversation.stop(why);
    for (const stream of this.#streams.keys()) stream.detach();
    this.#streams.clear();
    this.#over.clear();
    this.#log.clear();
  }

  get #isListenedTo(): boolean {
    for (const stream of this.#streams.keys()) if (stream.isAttached) return true;
    return false;
  }

  #stream(number: number, callOff: () => void): SessionStream {
    const isPrimed = this.#setup.talk.peer()?.revision.primesStreams === true;
    const stream: SessionStream = new SessionStream({
      ...this.#setup,
      number,
      isPrimed,
      log: this.#log,
      onChange: () => this.#changed(stream),
    });
    this.#streams.set(stream, callOff);
    return stream;
  }

  #changed(stream: SessionStream): void {
    this.#usedAt = this.#setup.clock.now();
    if (!this.#streams.has(stream)) return;
    if (stream.isEnded) this.#over.set(stream, this.#usedAt);
    const left = [...this.#streams].filter(([one]) => !one.isAttached && !one.isEnded && one !== this.main);
    if (left.length > MAX_LEFT) left[0]?.[1]();
  }
}

/** The link of what no request is about: nothing comes in on it, and it lasts as long as the conversation. */
function mainLink(main: SessionStream): Link {
  const incoming = new Mailbox<readonly Message[]>();
  return {
    incoming,
    facts: { name: 'session', receivedBytes: 0, queuedBytes: 0 },
    send: (line) => main.announce(line),
    notify: (notice) => main.announce(notice.encode(notice.text, notice.progress)),
    close() {
      incoming.end();
      return Promise.resolve();
    },
  };
}
