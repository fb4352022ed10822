// Whose turn it is among the targets of each name: remembered apart from the line-ups, which are worked out anew
// whenever something becomes known, so that turns and shares go on. It survives a reload.

import type { Random } from '../../core/random.ts';
import { SmoothWeighted } from '../../resilience/smooth-weighted.ts';
import type { PolicyTurn } from '../policies/policy.ts';

/** Names remembered at most; callers may ask for any. All are forgotten when there are more. */
const MAX_NAMES = 10_000;

class Rotation {
  counter = 0;
  readonly smooth = new SmoothWeighted();
}

export class Rotations {
  readonly #byName = new Map<string, Rotation>();

  /** The next decision for a name; it counts as made. */
  turnOf(name: string, random: Random): PolicyTurn {
    const rotation = this.#of(name);
    return {
      counter: rotation.counter++,
      draw: () => random.draw(),
      pick: (offered) => rotation.smooth.pick(offered),
    };
  }

  /** As the next decision may be, without making it: the heaviest first, and nothing left to chance. */
  preview(name: string): PolicyTurn {
    const fresh = new SmoothWeighted();
    return {
      counter: this.#byName.get(name)?.counter ?? 0,
      draw: () => 0,
      pick: (offered) => fresh.pick(offered),
    };
  }

  #of(name: string): Rotation {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.#byName.size >= MAX_NAMES) this.#byName.clear();
    const rotation = new Rotation();
    this.#byName.set(name, rotation);
    return rotation;
  }
}
