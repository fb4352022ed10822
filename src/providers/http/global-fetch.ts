// The alternative client, over the global fetch (UPSTREAM_CLIENT=fetch): for places where something else
// has replaced or instrumented it. The only file that makes an AbortController. Its limits, all measured in
// WIRE 6: it does not say when it is connected, so the connect clock cannot be kept apart and the caller's
// own clocks govern the time to the head; it gives up by itself after 300 s of silence; it never replays;
// a packed body whose archive lacks its end passes for whole.

import type { Cancel } from '../../core/context.ts';
import type { Fetch, FetchRequest } from '../fetch.ts';
import { destinationOf } from './way/destination.ts';
import type { Destination } from './way/destination.ts';
import { headerFault } from './headers.ts';
import { bodyFault, networkFault } from './way/network-fault.ts';

/** A {@link Fetch} over the global one. Follows no redirect. */
export function globalFetch(): Fetch {
  return async (url, request) => {
    if (request.cancel.reason !== undefined) throw request.cancel.reason;
    const destination = destinationOf(url);
    const refused = headerFault(request.headers);
    if (refused !== undefined) throw refused;
    const controller = new AbortController();
    const withdraw = request.cancel.onCancel((reason) => controller.abort(reason));
    try {
      const response = await send(destination, request, controller.signal);
      const body = new FetchedBody(response.body, { controller, withdraw, cancel: request.cancel }, destination.where);
      return { status: response.status, headers: response.headers, body };
    } catch (error) {
      withdraw();
      throw request.cancel.reason ?? networkFault(error, destination.where);
    }
  };
}

function send(destination: Destination, request: FetchRequest, signal: AbortSignal): Promise<Response> {
  const { secure, authority, path, authorization } = destination;
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (authorization !== undefined) headers['authorization'] = authorization;
  // From its parts: the global fetch refuses a URL with a user name, and quotes it whole in the error.
  const sent = globalThis.fetch(`${secure ? 'https' : 'http'}://${authority}${path}`, {
    method: request.method,
    headers: { ...headers, ...request.headers },
    redirect: 'manual',
    signal,
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  // The nearest there is to being connected.
  request.onConnected?.();
  return sent;
}

interface Leash {
  readonly controller: AbortController;
  readonly cancel: Cancel;
  withdraw(): void;
}

class FetchedBody implements AsyncIterableIterator<Uint8Array> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #leash: Leash;
  readonly #where: string;

  constructor(stream: Response['body'], leash: Leash, where: string) {
    this.#reader = stream?.getReader();
    this.#leash = leash;
    this.#where = where;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    try {
      const item = await this.#reader?.read();
      if (item?.done === false) return { done: false, value: item.value };
    } catch (error) {
      this.#leash.withdraw();
      throw this.#leash.cancel.reason ?? bodyFault(error, this.#where);
    }
    this.#leash.withdraw();
    return { done: true, value: undefined };
  }

  /** The consumer leaves: closes the connection, unless the answer has arrived whole. */
  return(): Promise<IteratorResult<Uint8Array>> {
    this.#leash.withdraw();
    this.#leash.controller.abort();
    return Promise.resolve({ done: true, value: undefined });
  }
}
