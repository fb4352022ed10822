// JSON-RPC 2.0 messages as a closed set, told apart without ever throwing; encode.ts writes them back.
// Knows no MCP: method names and the meaning of params are other rooms' business.
// Follows jsonrpc.org/specification and MCP basic (ids are strings or integers, never null).

import { Fault } from '../core/fault.ts';
import { isObject, parseJson } from '../core/json.ts';

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

/** What the peer answered to a request of ours: with an error where `error` is there, else with its result. */
export interface Response {
  readonly kind: 'response';
  readonly id: Id;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Something that is not a JSON-RPC message. */
export interface Malformed {
  readonly kind: 'malformed';
  /**
   * The id to answer under, where one could be read (a fractional one too: it is wrong, but it is echoed).
   * `undefined`: never answered, because it was meant as a notification or a response.
   */
  readonly id: Id | null | undefined;
  readonly fault: Fault;
}

/** An array as it came; whether it may be answered as a batch is not this room's to know. */
export interface Batch {
  readonly kind: 'batch';
  readonly members: readonly Single[];
}

export type Single = Request | Notification | Response | Malformed;
export type Message = Single | Batch;

/** The `error` member of a response. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** One object for every member costs memory; a line of 64 MB can hold 30 million of them. */
const MAX_BATCH_MEMBERS = 10_000;

/** What a line is. Total: whatever the line, the answer is a message. */
export function classify(line: string): Message {
  const value = parseJson(line);
  if (value === undefined) {
    return { kind: 'malformed', id: null, fault: new Fault('parse', 'Parse error: the line is not JSON.') };
  }
  if (!Array.isArray(value)) return single(value);
  if (value.length === 0) return invalid(null, 'the batch is empty');
  if (value.length > MAX_BATCH_MEMBERS) return invalid(null, `a batch of more than ${MAX_BATCH_MEMBERS} messages`);
  return { kind: 'batch', members: value.map(single) };
}

/** Something that was to be a message and broke a rule of the carrier before it could be read. */
export function unreadable(why: string): Malformed {
  return invalid(null, why);
}

function single(value: unknown): Single {
  if (!isObject(value)) return invalid(null, 'a message is a JSON object');
  const { id, method } = value;
  if (typeof method !== 'string') return withoutMethod(value);
  const params = value['params'] ?? undefined;
  const wrong = wrongness(value, params);
  // Decided by the member's presence: `"id": null` is a request with a bad id, and is answered.
  if (id === undefined) {
    return wrong === undefined ? { kind: 'notification', method, params } : { kind: 'malformed', id, fault: wrong };
  }
  if (!isId(id)) return invalid(echoed(id), 'an id is a string or an integer');
  return wrong === undefined ? { kind: 'request', id, method, params } : { kind: 'malformed', id, fault: wrong };
}

function wrongness(message: Record<string, unknown>, params: unknown): Fault | undefined {
  if (message['jsonrpc'] !== '2.0') return invalidRequest('"jsonrpc" must be "2.0"');
  if (params !== undefined && typeof params !== 'object') {
    return new Fault('invalid-params', 'Invalid params: they must be an object.');
  }
  return undefined;
}

function withoutMethod(message: Record<string, unknown>): Single {
  const { id } = message;
  if (!('method' in message) && ('result' in message || 'error' in message)) {
    if (message['jsonrpc'] === '2.0' && isId(id)) return answered(id, message);
    // Ids of the two directions overlap: an error under this one would end a request of the peer's own.
    return { kind: 'malformed', id: undefined, fault: invalidRequest('a response without a usable id') };
  }
  return invalid(echoed(id), '"method" must be a string');
}

function answered(id: Id, message: Record<string, unknown>): Response {
  const { result, error } = message;
  return 'error' in message ? { kind: 'response', id, error } : { kind: 'response', id, result };
}

/** An integer past 2^53 was rounded when it was read: answering under it would answer someone else. */
function isId(id: unknown): id is Id {
  return typeof id === 'string' || Number.isSafeInteger(id);
}

function echoed(id: unknown): Id | null {
  if (typeof id === 'string') return id;
  return typeof id === 'number' && Math.abs(id) <= Number.MAX_SAFE_INTEGER ? id : null;
}

function invalid(id: Id | null, why: string): Malformed {
  return { kind: 'malformed', id, fault: invalidRequest(why) };
}

function invalidRequest(why: string): Fault {
  return new Fault('invalid-request', `Invalid request: ${why}.`);
}
