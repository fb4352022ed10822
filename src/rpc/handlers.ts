// What the engine asks of whoever knows the methods, and what it gives them of each request.

import type { Cancel } from '../core/context.ts';
import type { Fault } from '../core/fault.ts';
import type { Id, Notification, Request, RpcError, Single } from '../wire/jsonrpc.ts';
import type { Notice } from './link.ts';

/** What the engine knows of one request and gives to its handler. */
export interface RpcContext {
  readonly id: Id;
  readonly cancel: Cancel;
  /** Whether the request came inside a batch array. */
  readonly inBatch: boolean;
  /** As many requests are being answered as should be: a handler that takes its time refuses with OVERLOADED. */
  readonly isCrowded: boolean;
  /** Sends a notification that belongs to this request; dropped once the request is answered or cancelled. */
  readonly notify: (method: string, params: unknown) => void | Promise<void>;
  /** The same for a notice that may be merged while the peer does not read. */
  readonly notice: (notice: Notice) => void | Promise<void>;
  /**
   * Asks the peer, on behalf of this request, and answers its result. Rejects when the peer refuses, and when the
   * request is over.
   */
  readonly ask: (method: string, params: unknown) => Promise<unknown>;
  /**
   * Asks the peer what is of use to other requests too: the question stays out when this one is over. Rejects when the
   * peer refuses, and when the link ends.
   */
  readonly inquire: (method: string, params: unknown) => Promise<unknown>;
  /**
   * Lets the peer go until it comes back for the rest, on links where it can: one that polls instead of waiting. It
   * gets everything that is said meanwhile.
   */
  readonly closeStream?: () => void;
  /** Cancelled when the conversation is to end in good order: a request that waits for the peer's word answers now. */
  readonly closing: Cancel;
}

export interface ConnectionHandlers {
  /** Answers with the `result` member (plain JSON, with `RawJson` and `LongText` anywhere in it), or throws. */
  request(request: Request, ctx: RpcContext): unknown;
  /** Never answered, whatever it throws. */
  notification(notification: Notification): void;
  /** The id a notification cancels, if it is one that cancels. Asked before anything else is done with it. */
  cancels(notification: Notification): Id | undefined;
  /** Whether requests of this method can be cancelled by the peer. */
  cancellable(method: string): boolean;
  /** Why this array may not be answered as a batch; `undefined` when it may. */
  refuseBatch(members: readonly Single[]): Fault | undefined;
  /** The `error` member for a fault; the request is absent when none could be read. */
  error(fault: Fault, request: Request | undefined): RpcError;
}
