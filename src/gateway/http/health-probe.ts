// Asks the server of these settings, on this machine, whether it is ready. For a container's health check, which has no
// shell and no curl. A client of a few lines: no key is sent, and nothing is believed but a status.

import { builtin } from '../../core/builtin.ts';
import type { Clock } from '../../core/clock.ts';

export interface ProbeOptions {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly clock: Clock;
}

/** A server that takes longer is not well. */
const MOST_MS = 5000;

/** Where a server that listens everywhere is asked. */
const WILDCARDS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1', '[::]': '::1' };

/** Why it is not well, as a clause; nothing when it is. */
export function probeHealth({ host, port, isTls, clock }: ProbeOptions): Promise<string | undefined> {
  const where = {
    host: WILDCARDS[host] ?? host.replace(/^\[(.*)\]$/, '$1'),
    port,
    path: '/health/ready',
    agent: false,
    // Its certificate is made out to the name that clients know, and it is this machine that is asked.
    rejectUnauthorized: false,
  } as const;
  return new Promise((resolve) => {
    const request = isTls ? builtin('node:https').get(where) : builtin('node:http').get(where);
    const end = (why: string | undefined): void => {
      callOff();
      resolve(why);
      request.destroy();
    };
    const callOff = clock.after(MOST_MS, () => end(`did not answer within ${MOST_MS / 1000} s`));
    request.on('response', ({ statusCode = 0 }) => end(statusCode === 200 ? undefined : `answered ${statusCode}`));
    request.on('error', (error: NodeJS.ErrnoException) => end(`cannot be reached (${error.code ?? error.message})`));
  });
}
