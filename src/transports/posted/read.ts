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
  try {
    return await exchange.body(maxBodyBytes);
  } catch (thrown) {
    const fault = Fault.from(thrown);
    if (fault.kind === 'internal') throw fault;
    if (fault.kind !== 'cancelled') refuse(exchange, fault, { scrub });
    return undefined;
  }
}
