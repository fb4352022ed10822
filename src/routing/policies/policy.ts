// The seam of the strategies: which of several targets of one priority is asked first, and which after it. Pure: what a
// policy may know of the targets is in their views, and chance, counter and shares come in with the turn.

import type { Weighted } from '../../resilience/smooth-weighted.ts';

/** What a policy sees of a target, at this moment. */
export interface TargetView extends Weighted {
  /** Sends whose answers have not ended yet. */
  readonly inFlight: number;
  /** To the first token, lately; undefined when it was not asked lately. */
  readonly latencyMs: number | undefined;
  /** US dollars for a million tokens, input and output as they usually mix; undefined when nobody said. */
  readonly price: number | undefined;
}

/** One decision. */
export interface PolicyTurn {
  /** How many decisions there were before this one for the same name. */
  readonly counter: number;
  /** Uniform in [0, 1). */
  draw(): number;
  /** Whose turn it is by weight; remembers that it was. */
  pick<T extends Weighted>(offered: readonly T[]): T | undefined;
}

/** The same targets in the order they are to be tried. */
export type RouterPolicy = <T extends TargetView>(targets: readonly T[], turn: PolicyTurn) => readonly T[];
