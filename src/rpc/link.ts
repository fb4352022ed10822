// The seam between the JSON-RPC engine and whatever carries its lines. One Link is one peer's channel:
// the process's own streams on stdio, one POST over HTTP.

import type { FaultKind } from '../core/fault.ts';
import type { Line } from '../wire/encode.ts';
import type { Message } from '../wire/jsonrpc.ts';

/**
 * A progress notice that later ones of the same call may be merged into while the peer does not read:
 * their `text` is appended and their `progress` taken, so nothing of the text is lost.
 */
export interface Notice {
  /**
   * Notices of one owner merge with each other and with nothing else, past lines of others that stand between
   * them. Where something said in between must stay in between, go on with a new owner.
   */
  readonly owner: object;
  readonly text: string;
  readonly progress: number;
  /** Renders the line when its turn to be written comes. */
  encode(text: string, progress: number): string;
}

/** That a line is an answer: of one request, or of all in a batch. */
export interface Answered {
  /** Why the request failed; absent where it did not. */
  readonly fault?: FaultKind;
}

/** What a link holds for a slow peer, in bytes; the engine decides what to do about it. */
export interface LinkFacts {
  /** Bytes of lines accepted by `send` and not yet taken by the peer's pipe. */
  readonly queuedBytes: number;
  /** Bytes read from the peer since the start. */
  readonly receivedBytes: number;
  /** A name for the log: `stdio`, or the remote address. */
  readonly name: string;
}

export interface Link {
  /**
   * What the peer sends, one batch per network read. Ends when the peer closes its side or cannot be written
   * to any more, and after `close`. Iterate it once.
   */
  readonly incoming: AsyncIterable<readonly Message[]>;
  /**
   * Queues a line, in order. Answers a promise only when the peer has no room; it settles when there is. A link that
   * carries one request learns from `answered` that this is its end.
   */
  send(line: Line, answered?: Answered): void | Promise<void>;
  /** Queues a notice that may be merged; the same promise. */
  notify(notice: Notice): void | Promise<void>;
  /**
   * Writes what is queued, as far as the peer takes it within `withinMs`, and closes our side. Never rejects;
   * a second call answers the first one's promise.
   */
  close(withinMs: number): Promise<void>;
  readonly facts: LinkFacts;
  /** Ends the peer's connection although there is more to say, where the peer can come back for it; else does nothing. */
  letGo?(): void;
}
