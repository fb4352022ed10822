// The two clients under one name, and the small words their tests are written in.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { CancelSource } from '../../../../src/core/context.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { isObject } from '../../../../src/core/json.ts';
import type { Fetch, FetchRequest, FetchResponse } from '../../../../src/providers/fetch.ts';
import { globalFetch } from '../../../../src/providers/http/global-fetch.ts';
import { pooledFetch } from '../../../../src/providers/http/pooled-fetch.ts';
import type { PooledFetchOptions } from '../../../../src/providers/http/pooled-fetch.ts';
import { FakeClock } from '../../../support/clock.ts';

export interface Client {
  readonly name: string;
  readonly open: (t: TestContext) => Fetch;
}

export const CLIENTS: readonly Client[] = [
  { name: 'pooled', open: (t) => openPooled(t) },
  { name: 'global', open: () => globalFetch() },
];

/** A pooled client that is closed with the test; its clock stands still unless the test hands one in. */
export function openPooled(t: TestContext, options: Partial<PooledFetchOptions> = {}): Fetch {
  const client = pooledFetch({ clock: new FakeClock(), ...options });
  t.after(() => client.close());
  return client;
}

/** A GET without a body; whatever is given wins. */
export function asking(given: Partial<FetchRequest> = {}): FetchRequest {
  return { method: 'GET', headers: {}, cancel: new CancelSource(), connectTimeoutMs: 10_000, ...given };
}

export async function textOf(response: FetchResponse): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of response.body) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** The Fault that `promise` is rejected with; anything else fails the test. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('expected a Fault, but it succeeded');
}

export interface Torn {
  readonly text: string;
  readonly fault: Fault;
}

/** What of a body arrived before its Fault. */
export async function tornText(response: FetchResponse): Promise<Torn> {
  const parts: Uint8Array[] = [];
  const fault = await faultOf(
    (async () => {
      for await (const part of response.body) parts.push(part);
    })(),
  );
  return { text: Buffer.concat(parts).toString('utf8'), fault };
}

export interface Latch<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

/** A promise and the function that keeps it. */
export function latch<T>(): Latch<T> {
  let keep: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => (keep = resolve));
  return { promise, resolve: (value) => keep(value) };
}

/**
 * How many bytes the TCP connections that are opened from now on have read. What a server got rid of is no measure of
 * that: how much of it the system holds is the system's own affair.
 */
export function readFromNowOn(t: TestContext): () => number {
  const sockets: Socket[] = [];
  const add = (message: unknown): void => {
    if (isObject(message) && message['socket'] instanceof Socket) sockets.push(message['socket']);
  };
  subscribe('net.client.socket', add);
  t.after(() => void unsubscribe('net.client.socket', add));
  return () => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0);
}

/** Resolves when many turns of the event loop in a row have left `measure` as it was. */
export async function settled(measure: () => number): Promise<void> {
  for (let last = NaN, turns = 0; turns < 2000; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (measure() !== last) [last, turns] = [measure(), 0];
  }
}
