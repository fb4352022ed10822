// The HTTP server: sockets, TLS, the parser's settings, and the way from Node's events to connections. The only file of
// this room that touches node:http; everything it decides is decided elsewhere. Node's own clocks for heads, bodies
// and idle connections are off: ours are looked at in one place, and a test can move them.

import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { builtin } from '../../core/builtin.ts';
import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';
import type { Log } from '../../core/log.ts';
import { HeldBodies } from './body.ts';
import { Connection } from './connection.ts';
import type { Shared } from './connection.ts';
import type { Limits } from './limits.ts';
import type { Receive } from './receive.ts';
import { parserProblem } from './refusal.ts';

/** PEM texts. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

export interface CarrierOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly tls?: TlsPair;
  readonly limits: Limits;
  readonly receive: Receive;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Carrier {
  /** The port it listens on. */
  readonly port: number;
  /** Settles when it listens no more and every connection has ended. */
  readonly closed: Promise<void>;
  /** Connections from now on are met with another pair. Throws `CONFIG` for one that does not fit together. */
  renew(tls: TlsPair): void;
  /** Stops listening; a connection ends with the answer that is under way on it, or at once. */
  drain(): void;
  /** Ends everything at once. */
  stop(): void;
}

/** How often connections are looked at, and so how exact their limits of time are. */
const LOOK_MS = 1000;
/** As long as a timer can wait: what Node would do then is done by us. */
const NEVER_MS = 0x7fffffff;

/** Rejects with a Fault that says what to change when it cannot listen there. */
export async function openCarrier(options: CarrierOptions): Promise<Carrier> {
  if (options.tls !== undefined) checkPair(options.tls);
  const carrier = new NodeCarrier(options);
  await carrier.listen();
  return carrier;
}

class NodeCarrier implements Carrier, Shared {
  readonly limits: Limits;
  readonly receive: Receive;
  readonly bodies: HeldBodies;
  readonly closed: Promise<void>;
  now: number;
  isDraining = false;
  readonly #options: CarrierOptions;
  readonly #server: Server | SecureServer;
  readonly #connections = new Map<Socket, Connection>();
  #stopLooking: (() => void) | undefined;
  #dropped = 0;

  constructor(options: CarrierOptions) {
    this.#options = options;
    this.limits = options.limits;
    this.receive = options.receive;
    this.bodies = new HeldBodies(options.limits.bodiesBytes);
    this.now = options.clock.now();
    this.#server = createServer(options);
    this.closed = new Promise((resolve) => {
      this.#server.once('close', () => {
        this.#stopLooking?.();
        resolve();
      });
    });
    this.#hear();
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : this.#options.port;
  }

  listen(): Promise<void> {
    const { host, port, log } = this.#options;
    return new Promise((resolve, reject) => {
      const refused = (error: NodeJS.ErrnoException): void => reject(cannotListen(error, host, port));
      this.#server.once('error', refused);
      this.#server.listen(port, host, () => {
        this.#server.off('error', refused);
        // Later ones are of single connections that could not be accepted.
        this.#server.on('error', (error) => log.warn('a connection could not be accepted', { error }));
        resolve();
      });
    });
  }

  renew(tls: TlsPair): void {
    checkPair(tls);
    if ('setSecureContext' in this.#server) this.#server.setSecureContext(tls);
  }

  drain(): void {
    if (this.isDraining) return;
    this.isDraining = true;
    this.#server.close();
    for (const connection of this.#connections.values()) if (connection.isIdle) connection.cut();
  }

  stop(): void {
    this.drain();
    for (const connection of this.#connections.values()) connection.cut();
    this.#server.closeAllConnections();
  }

  #hear(): void {
    const server = this.#server;
    const arrived = (awaitsContinue: boolean) => (request: IncomingMessage, response: ServerResponse) => {
      this.#connections.get(request.socket)?.arrived(request, response, awaitsContinue);
    };
    server.on('request', arrived(false));
    server.on('checkContinue', arrived(true));
    server.on(this.#options.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      this.#connected(socket);
    });
    server.on('timeout', (socket: Socket) => this.#connections.get(socket)?.quiet());
    server.on('drop', () => {
      this.#dropped += 1;
    });
    server.on('clientError', (error: ParserError, socket: Socket) => {
      const connection = this.#connections.get(socket);
      const { code = '', rawPacket } = error;
      if (connection === undefined || !code.startsWith('HPE_')) socket.destroy();
      // Bytes after what was said to be the last request: it is answered, and they are not.
      else if (code !== 'HPE_CLOSED_CONNECTION') {
        connection.broken(parserProblem(code, rawPacket?.toString('latin1', 0, 24) ?? ''));
      }
    });
  }

  #connected(socket: Socket): void {
    const connection = new Connection(socket, this);
    this.#connections.set(socket, connection);
    // Half a goodbye is a whole one: nobody who still wants an answer says it before it came.
    socket.on('end', () => connection.closed());
    socket.on('close', () => {
      this.#connections.delete(socket);
      connection.closed();
    });
    if (this.#stopLooking === undefined) this.#lookLater();
  }

  #lookLater(): void {
    const { clock } = this.#options;
    this.now = clock.now();
    this.#stopLooking = clock.after(LOOK_MS, () => this.#look());
  }

  #look(): void {
    this.now = this.#options.clock.now();
    this.#stopLooking = undefined;
    for (const connection of this.#connections.values()) connection.look();
    if (this.#dropped > 0) {
      this.#options.log.warn('there are as many connections as there may be; further ones were closed', {
        closed: this.#dropped,
        connections: this.limits.connections,
      });
      this.#dropped = 0;
    }
    if (this.#connections.size > 0) this.#lookLater();
  }
}

function checkPair(tls: TlsPair): void {
  try {
    builtin('node:tls').createSecureContext(tls);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.replace(/^.*:/, '') : '';
    throw new Fault('CONFIG', `TLS_CERT and TLS_KEY are no certificate and its private key in PEM: ${why}.`);
  }
}

interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

function createServer({ tls, limits }: CarrierOptions): Server | SecureServer {
  const settings: ServerOptions = {
    insecureHTTPParser: false,
    joinDuplicateHeaders: true,
    requireHostHeader: false,
    maxHeaderSize: limits.headBytes,
    headersTimeout: 0,
    requestTimeout: 0,
    keepAliveTimeout: 0,
    connectionsCheckingInterval: NEVER_MS,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: limits.probeMs,
  };
  const server =
    tls === undefined
      ? builtin('node:http').createServer(settings)
      : builtin('node:https').createServer({
          ...settings,
          ...tls,
          ALPNProtocols: ['http/1.1'],
          handshakeTimeout: limits.headMs,
        });
  // Beyond a maximum of Node's own, headers would be dropped in silence; ours is counted on all of them.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.connections;
  server.timeout = limits.stalledMs;
  return server;
}

/** By the code of the system: what is said, and what to change. */
const REASONS: Readonly<Record<string, readonly [why: string, next: string]>> = {
  EADDRINUSE: ['it is in use', 'End what listens there, or set PORT (--port) to another; 0 is any free one.'],
  EACCES: ['this user may not', 'Set PORT (--port) to one above 1023.'],
  EADDRNOTAVAIL: ['this machine has no such address', 'Set HOST (--host) to an address of this machine.'],
  ENOTFOUND: ['there is no such name', 'Set HOST (--host) to an address of this machine.'],
};

/** A port that is taken may be free later; the rest is for the settings to mend. */
function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): Fault {
  const { code = '' } = error;
  const [why, next] = REASONS[code] ?? [`the system says ${code}`, 'Set HOST and PORT to where it may.'];
  const text = `The server cannot listen on ${host} port ${port}: ${why}.`;
  if (code === 'EADDRINUSE') return new Fault('NETWORK', text, { data: { next }, cause: error });
  return new Fault('CONFIG', `${text} ${next}`, { cause: error });
}
