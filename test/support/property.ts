// Random input that can be had again: a seeded generator, and a loop that names the seed of a failure.

/** Uniform in [0, 1). */
export type Draw = () => number;

/** mulberry32: small, fast, and the same on every machine. */
export function seeded(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Runs `property` for seeds 1 to `count`; a failure says for which seed. */
export function forSeeds(count: number, property: (draw: Draw) => void): void {
  for (let seed = 1; seed <= count; seed++) {
    try {
      property(seeded(seed));
    } catch (thrown) {
      throw new Error(`failed for seed ${seed}: ${String(thrown)}`, { cause: thrown });
    }
  }
}

/** The same for a property that waits. */
export async function forSeedsAsync(count: number, property: (draw: Draw) => Promise<void>): Promise<void> {
  for (let seed = 1; seed <= count; seed++) {
    try {
      await property(seeded(seed));
    } catch (thrown) {
      throw new Error(`failed for seed ${seed}: ${String(thrown)}`, { cause: thrown });
    }
  }
}

/** An integer from 0 to `below` - 1. */
export function integer(draw: Draw, below: number): number {
  return Math.floor(draw() * below);
}

export function oneOf<T>(draw: Draw, choices: readonly T[]): T {
  const [choice] = choices.slice(integer(draw, choices.length));
  if (choice === undefined) throw new RangeError('nothing to choose from');
  return choice;
}

/** The bytes in chunks of random sizes, empty ones among them. */
export function randomCuts(draw: Draw, bytes: Uint8Array, longest: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, from + integer(draw, longest + 1));
    chunks.push(bytes.subarray(from, to));
    from = to;
  }
  return chunks;
}
