// JSON-RPC 2.0 messages as a closed set, told apart without ever throwing, and written back as lines.
// Knows no MCP: method names and the meaning of params are other rooms' business.
// Follows jsonrpc.org/specification and MCP basic (ids are strings or integers, never null).

import type { Fault } from '../core/fault.ts';

export type Id = string | number;

export interface Request {
  readonly kind: 'request';
  readonly id: Id;
  readonly method: string;
  /** `undefined` when absent or null. */
  readonly params: unknown;
}

export interface Notification {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: unknown;
}

export interface Response {
  readonly kind: 'response';
  readonly id: Id;
}

/** Something that is not a JSON-RPC message; `id` is the one to answer under, where one could be read. */
export interface Malformed {
  readonly kind: 'malformed';
  readonly id: Id | null;
  readonly fault: Fault;
}

/** An array as it came; whether it may be answered as a batch is not this room's to know. */
export interface Batch {
  readonly kind: 'batch';
  readonly members: readonly Single[];
}

export type Single = Request | Notification | Response | Malformed;
export type Message = Single | Batch;
