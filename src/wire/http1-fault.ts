// The two ways in which an HTTP/1.1 answer goes wrong, as Faults: it breaks the rules, or it breaks off.

import { Fault } from '../core/fault.ts';

/** `what` names the part of the answer that is wrong, and repeats nothing of what the server sent. */
export function notHttp(where: string, what: string): Fault {
  return new Fault('UPSTREAM', `${where} did not answer in HTTP (${what}).`, {
    data: { next: 'Check the port, and whether the base URL should begin with https://.' },
  });
}

/** The connection was gone before the answer was whole. */
export function cutShort(where: string, cause?: unknown): Fault {
  return new Fault('INCOMPLETE', `${where} closed the connection in the middle of its answer.`, { cause });
}
