// A whole shared out by weight so that the parts add up to it. Pure.

/**
 * The parts of `total`, in the order of the weights. With `isCount` all of them are whole numbers, each less than 1
 * from its exact share.
 */
export function shares(total: number, weights: readonly number[], isCount: boolean): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  let weighed = 0;
  return weights.map((weight, i) => {
    weighed += weight;
    const exact = all === 0 ? (total * (i + 1)) / weights.length : (total * weighed) / all;
    const upTo = isCount ? Math.round(exact) : exact;
    const part = upTo - before;
    before = upTo;
    return part;
  });
}
