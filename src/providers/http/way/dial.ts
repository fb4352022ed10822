// Opens a connection: TCP or a Unix socket, and TLS for https, over it or over a connection that is there. node:tls
// is loaded with the first https request and not before, because it costs more than the rest of the start-up. Knows
// nothing of HTTP but its name in ALPN.

import type { LookupFunction, Socket } from 'node:net';
import type { ConnectionOptions, PeerCertificate, SecureContext } from 'node:tls';
import { builtin } from '../../../core/builtin.ts';
import { present } from '../../../core/json.ts';

/**
 * How long one address of several may take before the next is tried. Node's own 250 ms are less than a
 * connection across an ocean takes, and where the other family has no route, that fails for good.
 */
const ADDRESS_ATTEMPT_MS = 1000;
/** A model may think for minutes; a router on the way forgets silent connections sooner. */
const PROBE_AFTER_MS = 30_000;

/** What every connection is read into, one read at a time: of its own, each of many would hold as much as a whole answer. */
const READ: Buffer = Buffer.allocUnsafeSlow(64 * 1024);

/** One place that a connection goes to. */
export interface Hop {
  readonly host: string;
  readonly port: number;
  /** Connected to instead of host and port. */
  readonly socketPath?: string;
  readonly tls?: TlsTerms;
  /** What is told of a failure before the connection is open; absent: the failure itself. */
  explain?(error: Error): Error;
}

export interface TlsTerms {
  /** The name, or address, that the certificate must be made out to. */
  readonly name: string;
  /** Node's own unless given. */
  readonly context: SecureContext | undefined;
}

export interface Dialling {
  /** Name resolution; the system's unless given. */
  readonly lookup: LookupFunction | undefined;
  /** Of an earlier TLS connection to the same place, to shorten the handshake. */
  readonly session: Buffer | undefined;
  /** Told of each socket as it is made, before anything is known of it: of that to a proxy, then of the one through it. */
  readonly onSocket?: (socket: Socket) => void;
}

/** What is told of a connection. */
export interface LineEvents {
  /** It is there and secure. Once. */
  onOpen(): void;
  /** Takes what was read, which the next read of any connection overwrites. Answers whether to go on reading. */
  onRead(bytes: Buffer): boolean;
  /** For `Dialling.session`. */
  onSession(ticket: Buffer): void;
  /** Why it is about to close. */
  onError(error: Error): void;
  /** It is of no use any more. */
  onClosed(how: 'ended' | 'broken'): void;
}

/** A connection as its user handles it. */
export interface Line {
  /** What to write into and to destroy. Another one once a proxy has opened a tunnel. */
  readonly socket: Socket;
  /** Reads on, after `onRead` has answered that it should not. */
  resume(): void;
}

export function dial(hop: Hop, events: LineEvents, how: Dialling): Line {
  // Into one buffer, past the stream's queue: a third of the cost of a read.
  const callback = (length: number): boolean => events.onRead(READ.subarray(0, length));
  const socket = connect(hop, how, { buffer: READ, callback });
  watch(socket, hop, events);
  // Not `resume()`, which reads once more a turn later, even if we have paused again by then.
  return { socket, resume: () => socket.read(0) };
}

interface ReadInto {
  readonly buffer: Buffer;
  callback(length: number): boolean;
}

/** A socket that is connecting, and is not watched yet. */
export function connect({ host, port, socketPath, tls }: Hop, how: Dialling, onread?: ReadInto): Socket {
  const to = {
    ...(socketPath === undefined ? { host, port } : { path: socketPath }),
    lookup: how.lookup,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    ...present({ onread }),
  };
  const socket =
    tls === undefined
      ? builtin('node:net').connect(to)
      : builtin('node:tls').connect({ ...to, ...securely(tls, how.session) });
  how.onSocket?.(socket);
  return socket.setNoDelay(true).setKeepAlive(true, PROBE_AFTER_MS);
}

/** TLS over a connection that is there, and from which nothing is to be read any more. */
export function secure(
  socket: Socket,
  hop: Hop & { readonly tls: TlsTerms },
  events: LineEvents,
  { session, onSocket }: Omit<Dialling, 'lookup'>,
): Line {
  const secured = builtin('node:tls').connect({ socket, ...securely(hop.tls, session) });
  onSocket?.(secured);
  watch(secured, hop, events);
  secured.on('data', (bytes: Buffer) => {
    if (!events.onRead(bytes)) secured.pause();
  });
  return { socket: secured, resume: () => secured.resume() };
}

function securely({ name, context }: TlsTerms, session: Buffer | undefined): ConnectionOptions {
  return {
    ALPNProtocols: ['http/1.1'],
    // Node would check the host that it dials, which is another one where the name is set.
    checkServerIdentity: (_, certificate) => refusal(name, certificate),
    // TLS has no server names that are addresses.
    ...(builtin('node:net').isIP(name) === 0 ? { servername: name } : {}),
    ...present({ secureContext: context, session }),
  };
}

/** Why a certificate is not one of that name. */
function refusal(name: string, certificate: PeerCertificate): Error | undefined {
  // Node 22.23 takes an IPv6 address for a name of DNS, which no certificate has.
  if (builtin('node:net').isIPv6(name)) {
    const { X509Certificate } = builtin('node:crypto');
    if (new X509Certificate(certificate.raw).checkIP(name) !== undefined) return undefined;
  }
  return builtin('node:tls').checkServerIdentity(name, certificate);
}

function watch(socket: Socket, hop: Hop, events: LineEvents): void {
  const { tls } = hop;
  let isOpen = false;
  socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
    isOpen = true;
    events.onOpen();
  });
  socket.on('error', (error: Error) => events.onError(isOpen ? error : (hop.explain?.(error) ?? error)));
  socket.on('end', () => events.onClosed('ended'));
  socket.on('close', () => events.onClosed('broken'));
  if (tls !== undefined) socket.on('session', (ticket: Buffer) => events.onSession(ticket));
}
