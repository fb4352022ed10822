// What is said no with to a request that never reaches the engine, or is over before it was answered: a JSON-RPC error
// as the body, under the request's id where it could be read.

import { Fault } from '../../core/fault.ts';
import { httpStatus } from '../../protocol/http-status.ts';
import { wireError } from '../../protocol/errors.ts';
import type { Scrub } from '../../protocol/errors.ts';
import { encodeError } from '../../wire/encode.ts';
import type { Exchange, HeaderFields } from '../../wire/exchange.ts';
import type { Id, Message } from '../../wire/jsonrpc.ts';
import { JSON_TYPE } from './accept.ts';

/** An answer that is whole. */
export interface Refusal {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: string;
}

export interface RefusalOptions {
  readonly scrub: Scrub;
  /** Absent: the one of the fault. */
  readonly status?: number;
  readonly headers?: HeaderFields;
  /** What it answers. */
  readonly message?: Message | undefined;
}

/** Answers with it. */
export function refuse(exchange: Exchange, fault: Fault, options: RefusalOptions): void {
  const { status, headers, body } = refusalOf(fault, options);
  exchange.reply(status, headers, body);
}

export function refusalOf(fault: Fault, { scrub, status, headers, message }: RefusalOptions): Refusal {
  const line = encodeError(idOf(message), wireError(fault, scrub));
  return {
    status: status ?? httpStatus(fault.kind, 'per request'),
    headers: { 'content-type': JSON_TYPE, 'cache-control': 'no-store', ...headers },
    body: typeof line === 'string' ? line : [...line.pieces].join(''),
  };
}

/** A request that breaks a rule of the transport. */
export function badRequest(why: string): Fault {
  return new Fault('invalid-request', `Invalid request: ${why}.`);
}

export function noSession(): Fault {
  return badRequest('there is no such session, or none any more: send initialize');
}

/** The version header names a revision that we do not speak, or not in this way. */
export function unsupported(): Fault {
  return badRequest('MCP-Protocol-Version names a revision that is not supported here');
}

function idOf(message: Message | undefined): Id | null {
  return message?.kind === 'request' || message?.kind === 'malformed' ? (message.id ?? null) : null;
}
