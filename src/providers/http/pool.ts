// Kept connections: one agent for http and one for https, made when the first request needs them, because
// node:https loads node:tls, which costs more than the rest of the start-up. An agent keeps its sockets
// apart by origin. Nothing here reads an answer.

import type { Agent, ClientRequest } from 'node:http';
import type { LookupFunction } from 'node:net';
import { builtin } from '../../core/builtin.ts';
import type { Destination } from './destination.ts';

/**
 * How long one address of several may take before the next is tried. Node's own 250 ms are less than a
 * connection across an ocean takes, and where the other family has no route, that fails for good.
 */
const ADDRESS_ATTEMPT_MS = 1000;

export interface PoolOptions {
  /** Most sockets to one origin at a time; the rest of the requests wait. Without limit unless given. */
  readonly maxSockets?: number;
  /** Name resolution; the system's unless given. */
  readonly lookup?: LookupFunction;
}

interface Side {
  readonly request: typeof import('node:http').request;
  readonly agent: Agent;
}

export class Pool {
  readonly #options: PoolOptions;
  #plain: Side | undefined;
  #secure: Side | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * A request on a kept connection, else on a new one. Headers are name and value in turn: Node writes such
   * a list out as it is, which takes about a fifth less CPU per call than setting them one by one. Throws
   * Node's error for a header that HTTP does not allow.
   */
  open(destination: Destination, method: string, headers: readonly string[]): ClientRequest {
    const { request, agent } = this.#side(destination.secure);
    const { host, port, path } = destination;
    return request({ host, port, path, method, headers, agent });
  }

  /** Ends the idle connections to this origin: one of them was found dead, and the others are as old. */
  dropIdle(destination: Destination): void {
    const idle = this.#side(destination.secure).agent.freeSockets;
    const origin = `${destination.host}:${destination.port}:`;
    for (const [name, sockets] of Object.entries(idle)) {
      if (name.startsWith(origin)) for (const socket of sockets ?? []) socket.destroy();
    }
  }

  /** Ends all connections, those in use too. */
  close(): void {
    this.#plain?.agent.destroy();
    this.#secure?.agent.destroy();
  }

  #side(secure: boolean): Side {
    return secure ? (this.#secure ??= this.#make('node:https')) : (this.#plain ??= this.#make('node:http'));
  }

  #make(name: 'node:http' | 'node:https'): Side {
    const { Agent, request } = builtin(name);
    const { maxSockets, lookup } = this.#options;
    return {
      request,
      agent: new Agent({ keepAlive: true, autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS, maxSockets, lookup }),
    };
  }
}
