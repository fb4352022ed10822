// The folders a client works in, as it said: asked once in a conversation, and again after it told that they are others. The
// question is the conversation's and no call's: all calls that want to know wait for one answer, and the one that comes too
// late for them is there for the next.
// Follows MCP 2025-11-25 client/roots.

import { afterPoll } from '../../core/clock.ts';
import type { Clock } from '../../core/clock.ts';
import { Fault } from '../../core/fault.ts';

const MOST_MS = 10_000;

interface Question {
  /** The client's result; rejects with `TIMEOUT` when it takes long. */
  readonly answer: Promise<unknown>;
  isLate: boolean;
}

export class ClientRoots {
  #known: unknown;
  /** The one that is out, about the folders as they are now. */
  #question: Question | undefined;

  forget(): void {
    this.#known = undefined;
    this.#question = undefined;
  }

  /**
   * The client's result; rejects with what the question rejects with, and with `TIMEOUT` when there is none 10 s after it
   * was asked. Who wants to know later and finds the question still out is not kept waiting for it.
   */
  async get(ask: () => Promise<unknown>, clock: Clock): Promise<unknown> {
    // An answer that came together with the call that wants it has not got here yet.
    if (this.#question?.isLate === true) await new Promise<void>((resolve) => afterPoll(resolve));
    if (this.#known !== undefined) return this.#known;
    this.#question ??= this.#ask(ask(), clock);
    return this.#question.answer;
  }

  #ask(answer: Promise<unknown>, clock: Clock): Question {
    const question: Question = { answer: inTime(answer, clock, () => (question.isLate = true)), isLate: false };
    const settle = (known?: unknown): void => {
      // A client that has changed its folders since may have said the old ones.
      if (this.#question !== question) return;
      this.#known = known;
      this.#question = undefined;
    };
    answer.then(settle, () => settle());
    return question;
  }
}

function inTime(answer: Promise<unknown>, clock: Clock, late: () => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(MOST_MS, () => {
      late();
      reject(tooLate());
    });
    void answer.then(resolve, reject).finally(stop);
  });
}

function tooLate(): Fault {
  return new Fault('TIMEOUT', `The client did not say its roots within ${MOST_MS / 1000} s.`);
}
