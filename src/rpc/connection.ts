// One peer's conversation: reads messages from its Link, runs every request concurrently, answers each id at
// most once, applies cancels at once, and ends in order. Knows no MCP: what methods mean, which notification
// cancels, and what an error looks like on the wire are handed in as `ConnectionHandlers`.

import type { Cancel } from '../core/context.ts';
import type { Fault } from '../core/fault.ts';
import type { Id, Notification, Request, Single } from '../wire/jsonrpc.ts';
import type { Notice } from './link.ts';

/** What the engine knows of one request and gives to its handler. */
export interface RpcContext {
  readonly id: Id;
  readonly cancel: Cancel;
  /** Whether the request came inside a batch array. */
  readonly inBatch: boolean;
  /** Sends a notification that belongs to this request; dropped once the request is answered or cancelled. */
  notify(method: string, params: unknown): void | Promise<void>;
  /** The same for a notice that may be merged while the peer does not read. */
  notice(notice: Notice): void | Promise<void>;
}

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
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
