// One call of the chaos from its client's side: what was asked, everything that was heard of it, and how it ended.
// It only notes; whether that was right is the oracle's to say.

import { isObject } from '../../src/core/json.ts';
import type { Question } from './question.ts';

export interface Plan {
  readonly id: number;
  readonly question: Question;
  readonly tool: 'chat' | 'generate';
  readonly args: Readonly<Record<string, unknown>>;
  readonly hasToken: boolean;
  /** Called off after so many milliseconds; absent: waited for. */
  readonly cancelAfterMs: number | undefined;
}

export type Ending = { readonly result: unknown } | { readonly error: unknown };

export class Call {
  readonly plan: Plan;
  readonly begunAt: number = performance.now();
  endedAt: number = Infinity;
  /** Text of the answer told since the last restart. */
  joined = '';
  restarts = 0;
  notices = 0;
  ending: Ending | undefined;
  /** The cancel was sent. */
  isCancelled = false;
  /** The server has read the cancel, and answered what came after it. */
  isCancelRead = false;
  /** What was heard and must not have been, in words. */
  readonly offences: string[] = [];
  #progress = -1;
  #settle: () => void = () => {};
  readonly settled: Promise<void> = new Promise((resolve) => (this.#settle = resolve));

  constructor(plan: Plan) {
    this.plan = plan;
  }

  get isSettled(): boolean {
    return this.endedAt < Infinity;
  }

  /** A progress notice for its token. */
  told(params: Readonly<Record<string, unknown>>): void {
    this.notices++;
    if (this.ending !== undefined) this.offences.push('a notice after the result');
    if (this.isCancelRead) this.offences.push('a notice after the cancel');
    const { progress, message, _meta: meta } = params;
    if (typeof progress !== 'number' || progress <= this.#progress) this.offences.push('progress that does not grow');
    else this.#progress = progress;
    if (isObject(meta) && meta['anymodel/phase'] === 'restart') {
      this.joined = '';
      this.restarts++;
    }
    if (typeof message === 'string') this.joined += message;
  }

  /** A response under its id. */
  answered(ending: Ending): void {
    if (this.ending !== undefined) this.offences.push('a second result');
    if (this.isCancelRead) this.offences.push('a result after the cancel');
    this.ending ??= ending;
    this.finish();
  }

  /** Nothing more is waited for. */
  finish(): void {
    if (!this.isSettled) this.endedAt = performance.now();
    this.#settle();
  }
}
