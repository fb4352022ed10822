// A connection through a proxy: CONNECT, its answer, and then TLS with the destination, which the proxy cannot look
// into (RFC 9110, 9.3.6). Until that stands the connection is not open, so that the connect clock, a cancel and the
// loss of it are its user's matter as with any other.

import type { Socket } from 'node:net';
import type { AnswerHead } from '../../../wire/http1-head.ts';
import { ConnectDecoder } from '../../../wire/http1-connect.ts';
import { connect, secure } from './dial.ts';
import type { Dialling, Hop, Line, LineEvents, TlsTerms } from './dial.ts';
import type { Proxy } from './proxy.ts';
import { misspoken, refusal, unreachable } from './proxy-fault.ts';

export interface Tunnelled {
  readonly proxy: Proxy;
  /** To the proxy. */
  readonly near: Hop;
  readonly end: Hop & { readonly tls: TlsTerms };
  /** Host and port of the destination. */
  readonly where: string;
}

export function openTunnel(way: Tunnelled, events: LineEvents, how: Dialling): Line {
  return new Tunnel(way, events, how);
}

class Tunnel implements Line {
  readonly #way: Tunnelled;
  readonly #events: LineEvents;
  readonly #how: Dialling;
  readonly #decoder: ConnectDecoder;
  readonly #near: Socket;
  #line: Line | undefined;
  #isLost = false;

  constructor(way: Tunnelled, events: LineEvents, how: Dialling) {
    const { near, proxy } = way;
    this.#way = way;
    this.#events = events;
    this.#how = how;
    this.#decoder = new ConnectDecoder(`The proxy ${proxy.where}`);
    // A session is one with the destination, and not with the proxy.
    const socket = connect(near, { ...how, session: undefined });
    this.#near = socket;
    socket.once(near.tls === undefined ? 'connect' : 'secureConnect', () => socket.write(this.#request(), 'latin1'));
    socket.on('data', this.#onData);
    socket.on('error', (error: Error) => this.#lose(unreachable(error, proxy)));
    for (const event of ['end', 'close']) socket.on(event, () => this.#lose(unreachable(undefined, proxy)));
  }

  get socket(): Socket {
    return this.#line?.socket ?? this.#near;
  }

  resume(): void {
    this.#line?.resume();
  }

  #request(): string {
    const { proxy, where } = this.#way;
    const credentials = proxy.authorization === undefined ? '' : `proxy-authorization: ${proxy.authorization}\r\n`;
    return `CONNECT ${where} HTTP/1.1\r\nhost: ${where}\r\n${credentials}\r\n`;
  }

  readonly #onData = (bytes: Buffer): void => {
    try {
      for (const head of this.#decoder.push(bytes)) this.#take(head);
    } catch (thrown) {
      this.#lose(misspoken(thrown, this.#way.proxy));
    }
  };

  #take(head: AnswerHead): void {
    const { proxy, end, where } = this.#way;
    if (head.status >= 300) {
      this.#lose(refusal(head, proxy, where));
      return;
    }
    this.#near.off('data', this.#onData);
    this.#line = secure(this.#near, end, this.#events, this.#how);
  }

  /** Before TLS with the destination begins; afterwards its own socket tells. */
  #lose(fault: Error): void {
    if (this.#isLost || this.#line !== undefined) return;
    this.#isLost = true;
    this.#events.onError(fault);
    this.#events.onClosed('broken');
  }
}
