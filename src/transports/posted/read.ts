// The text of a POST, or the refusal of one that brings none. What is wrong is answered here, once.

import { Fault } from '../../core/fault.ts';
import type { Scrub } from '../../protocol/errors.ts';
import type { Exchange } from '../../wire/exchange.ts';
import { isJson } from './accept.ts';
import { badRequest, refuse } from './refusals.ts';

export interface ReadOptions {
  readonly maxBodyBytes: number;
  readonly scrub: Scrub;
}

/** Nothing where it was refused, or the client has gone. Rejects with a defect only. */
export async function readPost(exchange: Exchange, { maxBodyBytes, scrub }: ReadOptions): Promise<string | undefined> {
  if (!isJson(exchange.header('content-type'))) {
    refuse(exchange, badRequest('the body must be application/json'), { scrub, status: 415 });
    return undefined;
  }
  if (isPacked(exchange.header('content-encoding'))) {
    const headers = { 'accept-encoding': 'identity' };
    refuse(exchange, badRequest('the body may not be compressed'), { scrub, status: 415, headers });
    return undefined;
  }
  try {
    return await exchange.body(maxBodyBytes);
  } catch (thrown) {
    const fault = Fault.from(thrown);
    if (fault.kind === 'internal') throw fault;
    const busy = fault.kind === 'OVERLOADED' ? { status: 503, headers: { 'retry-after': '2' } } : {};
    if (fault.kind !== 'cancelled') refuse(exchange, fault, { scrub, ...busy });
    return undefined;
  }
}

/** Taken for text, what is compressed would only be said to be no UTF-8. */
function isPacked(coding = ''): boolean {
  return coding !== '' && coding.toLowerCase() !== 'identity';
}
