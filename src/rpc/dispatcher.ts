// What runs a request, as a function that layers can wrap, and the layer that writes the log's line for it.

import type { Clock } from '../core/clock.ts';
import { Fault } from '../core/fault.ts';
import type { Layer } from '../core/layer.ts';
import type { Log } from '../core/log.ts';
import type { Request } from '../wire/jsonrpc.ts';
import type { RpcContext } from './handlers.ts';

/** Answers a request with its result, at once or later, or throws: `ConnectionHandlers.request`. */
export type Dispatch = (request: Request, ctx: RpcContext) => unknown;

/** The method is the peer's text: as much of it as the log wants to hold. */
const METHOD_CHARS = 100;

/** One debug line for each request when it is over: method, id, time taken, `ok` or the kind of its fault. */
export function logged(log: Log, clock: Clock): Layer<Dispatch> {
  return (inner) => (request, ctx) => {
    const startedAt = clock.now();
    const say = (outcome: string): void => {
      const method = request.method.slice(0, METHOD_CHARS);
      log.debug('request', { method, id: request.id, ms: Math.round(clock.now() - startedAt), outcome });
    };
    const fail = (thrown: unknown): never => {
      const fault = Fault.from(thrown);
      say(fault.kind);
      throw fault;
    };
    let result: unknown;
    try {
      result = inner(request, ctx);
    } catch (thrown) {
      return fail(thrown);
    }
    if (result instanceof Promise) return settled(result, say, fail);
    say('ok');
    return result;
  };
}

async function settled(
  result: Promise<unknown>,
  say: (outcome: string) => void,
  fail: (thrown: unknown) => never,
): Promise<unknown> {
  try {
    const value = await result;
    say('ok');
    return value;
  } catch (thrown) {
    return fail(thrown);
  }
}
