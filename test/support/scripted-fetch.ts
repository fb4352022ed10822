// A Fetch that answers from a script, on the fake clock: no socket, no waiting. Each request takes the next
// answer; what was asked and how each body was left is kept for the test.

import { Fault } from '../../src/core/fault.ts';
import type { Cancel } from '../../src/core/context.ts';
import type { Fetch, FetchRequest } from '../../src/providers/fetch.ts';
import type { FakeClock } from './clock.ts';

/** A body that says nothing more, until cancelled. */
export const SILENCE: unique symbol = Symbol('silence');

/** A piece of a body: bytes, a wait on the fake clock, silence, or a failure. */
export type Piece = string | Uint8Array | { readonly afterMs: number } | typeof SILENCE | Fault;

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: readonly Piece[];
  /** Rejects instead of answering. */
  readonly fails?: Fault;
  /** Never connects, or connects and never answers, until cancelled. */
  readonly hangs?: 'connecting' | 'waiting';
}

export interface Asked {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `read` to its end, or `left` before it. */
  ended: 'open' | 'read' | 'left';
}

export class ScriptedFetch {
  readonly asked: Asked[] = [];
  readonly #clock: FakeClock;
  readonly #answers: ScriptedAnswer[];

  constructor(clock: FakeClock, answers: readonly ScriptedAnswer[]) {
    this.#clock = clock;
    this.#answers = [...answers];
  }

  readonly fetch: Fetch = async (url, request) => {
    const asked: Asked = { url, headers: request.headers, body: request.body ?? '', ended: 'open' };
    this.asked.push(asked);
    const answer = this.#answers.shift();
    if (answer === undefined) throw new Error(`request ${this.asked.length} was not expected`);
    if (answer.fails !== undefined) throw answer.fails;
    if (answer.hangs === 'connecting') await untilCancelled(request.cancel);
    request.onConnected?.();
    if (answer.hangs === 'waiting') await untilCancelled(request.cancel);
    const headers = new Map(Object.entries({ 'content-type': 'text/event-stream', ...answer.headers }));
    return {
      status: answer.status ?? 200,
      headers: { get: (name: string) => headers.get(name) ?? null },
      body: this.#body(answer.body ?? [], request, asked),
    };
  };

  async *#body(pieces: readonly Piece[], request: FetchRequest, asked: Asked): AsyncGenerator<Uint8Array> {
    asked.ended = 'left';
    for (const piece of pieces) {
      if (request.cancel.reason !== undefined) throw request.cancel.reason;
      if (piece === SILENCE) await untilCancelled(request.cancel);
      else if (piece instanceof Fault) throw piece;
      else if (typeof piece === 'string') yield Buffer.from(piece);
      else if (piece instanceof Uint8Array) yield piece;
      else await this.#wait(piece.afterMs, request.cancel);
    }
    asked.ended = 'read';
  }

  #wait(ms: number, cancel: Cancel): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#clock.after(ms, resolve);
      cancel.onCancel(reject);
    });
  }
}

function untilCancelled(cancel: Cancel): Promise<never> {
  return new Promise((_, reject) => {
    cancel.onCancel(reject);
  });
}

const quietTurns = 4;

/** Lets everything that is ready run, without moving the clock. */
export async function settle(): Promise<void> {
  for (let i = 0; i < quietTurns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Runs `work` to its end, moving the clock from timer to timer whenever nothing else is left to do. */
export async function runOn<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let isOver = false;
  const watched = work.finally(() => {
    isOver = true;
  });
  // The caller hears of a rejection below; until then it is not unhandled.
  watched.catch(() => {});
  for (;;) {
    await settle();
    if (isOver) return watched;
    const next = clock.nextAt;
    if (next === undefined) throw new Error('nothing is left to happen');
    clock.advanceTo(next);
  }
}

/** The Fault a promise rejects with, on the fake clock. */
export async function faultOf(clock: FakeClock, work: Promise<unknown>): Promise<Fault> {
  try {
    await runOn(clock, work);
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}
