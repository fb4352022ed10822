// Opens a connection: TCP, and TLS for https. node:tls is loaded with the first https request and not before,
// because it costs more than the rest of the start-up. Knows nothing of HTTP but its name in ALPN.

import type { LookupFunction, Socket } from 'node:net';
import { builtin } from '../../core/builtin.ts';
import type { Destination } from './destination.ts';

/**
 * How long one address of several may take before the next is tried. Node's own 250 ms are less than a
 * connection across an ocean takes, and where the other family has no route, that fails for good.
 */
const ADDRESS_ATTEMPT_MS = 1000;
/** A model may think for minutes; a router on the way forgets silent connections sooner. */
const PROBE_AFTER_MS = 30_000;
const READ_BYTES = 64 * 1024;

export interface Dialling {
  /** Name resolution; the system's unless given. */
  readonly lookup: LookupFunction | undefined;
  /** Of an earlier TLS connection to the same place, to shorten the handshake. */
  readonly session: Buffer | undefined;
  /** Takes what was read, which is overwritten by the next read. Answers whether to go on reading. */
  onRead(bytes: Buffer): boolean;
}

/** A socket that is connecting. TLS: it is usable at `secureConnect`, else at `connect`. */
export function dial(destination: Destination, how: Dialling): Socket {
  const { host, port, secure } = destination;
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const options = {
    host,
    port,
    lookup: how.lookup,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    // Into one buffer, past the stream's queue: a third of the cost of a read.
    onread: { buffer, callback: (length: number): boolean => how.onRead(buffer.subarray(0, length)) },
  };
  const socket = secure ? secured(options, how.session) : builtin('node:net').connect(options);
  return socket.setNoDelay(true).setKeepAlive(true, PROBE_AFTER_MS);
}

function secured(options: { readonly host: string; readonly port: number }, session: Buffer | undefined): Socket {
  const isName = builtin('node:net').isIP(options.host) === 0;
  return builtin('node:tls').connect({
    ...options,
    ALPNProtocols: ['http/1.1'],
    ...(isName ? { servername: options.host } : {}),
    ...(session === undefined ? {} : { session }),
  });
}
