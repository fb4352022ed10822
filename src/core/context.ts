// What travels with a call, handed from room to room as an argument. Cancellation is a plain object and
// not an AbortSignal: the signal is the dearest thing on the hot path (one `AbortController().signal`
// costs as much as parsing a chunk), and `AbortSignal.any` has leaked listeners on long-lived parents.

import { Fault } from './fault.ts';
import type { Log, LogFields } from './log.ts';

/** Whether, and why, a call was called off. */
export interface Cancel {
  /** Set once, when the call is cancelled. */
  readonly reason: Fault | undefined;
  /** Runs `fn` when the call is cancelled (at once, if it already is). The returned function withdraws it. */
  onCancel(fn: (reason: Fault) => void): () => void;
}

/** The owner's side of a {@link Cancel}. The first reason stays. */
export class CancelSource implements Cancel {
  #reason: Fault | undefined;
  #listeners: Set<(reason: Fault) => void> | undefined;

  get reason(): Fault | undefined {
    return this.#reason;
  }

  onCancel(fn: (reason: Fault) => void): () => void {
    if (this.#reason !== undefined) {
      fn(this.#reason);
      return () => {};
    }
    const listeners = (this.#listeners ??= new Set());
    listeners.add(fn);
    return () => {
      listeners.delete(fn);
    };
  }

  /** Every listener hears of it, whatever another one throws: one of them may hold a socket. */
  cancel(reason: Fault): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    let failure: Fault | undefined;
    for (const listener of listeners) {
      try {
        listener(reason);
      } catch (thrown) {
        failure ??= Fault.from(thrown);
      }
    }
    if (failure !== undefined) throw failure;
  }
}

/** A source that is also cancelled when `parent` is. Call `dispose` when the work is over, always. */
export function derive(parent: Cancel): { readonly source: CancelSource; dispose(): void } {
  const source = new CancelSource();
  const dispose = parent.onCancel((reason) => source.cancel(reason));
  return { source, dispose };
}

/** What the work comes to, or the reason of the cancel where that is sooner; the work itself goes on. */
export function orCancelled<T>(work: Promise<T>, cancel: Cancel): Promise<T> {
  let dispose = (): void => {};
  const cancelled = new Promise<never>((_, reject) => {
    dispose = cancel.onCancel(reject);
  });
  return Promise.race([work, cancelled]).finally(() => dispose());
}

/** Where a call is in its life, as `_meta["anymodel/phase"]` of a progress notice names it. */
export type Phase = 'queued' | 'connecting' | 'waiting' | 'streaming' | 'retrying' | 'restart';

export interface CallContext {
  readonly cancel: Cancel;
  /** Absolute instant on the clock's monotonic scale; a hop may only bring it nearer. */
  readonly deadline: number;
  readonly log: Log;
  /** An id for the upstream's `x-request-id`: one per call, the same on every attempt. */
  readonly requestId: string;
  /** What the log knows the call by: its tool or method. */
  readonly about?: LogFields | undefined;
  /** Whose call it is: the name of a client's key, where clients have one; limits and cached answers are each client's own. */
  readonly client?: string | undefined;
  /**
   * Of a request that came through our own API of model calls: the instances it has passed, this one last, for the
   * header by which one that comes round again is known.
   */
  readonly via?: string | undefined;
  /** Says which phase the call has entered; `attempt` counts from 1. */
  phase(phase: Phase, attempt: number): void;
}

/**
 * A context with all of its members written down, undefined where absent: made for every call, and one whose shape is
 * always the same takes a fifth of the time of one that members are added to.
 */
export type Whole<Context> = { readonly [Member in keyof Context]-?: Context[Member] | undefined } & Context;
