// "Did you mean": the known name nearest to a mistyped one, by edit distance (Levenshtein, with
// transpositions: the optimal string alignment distance).

/** The nearest of `names`, or `undefined` when none is near enough to be what was meant. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  const folded = fold(name);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(folded.length / 3)) + 1;
  for (const candidate of names) {
    const known = fold(candidate);
    const d = distance(folded, known, bestDistance);
    // Two names that share no letter are not near, however short they are: "x" is not a mistyped "n".
    if (d < bestDistance && d < Math.max(folded.length, known.length, 1)) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** Case and separators are never what was meant: `maxTokens` is `max_tokens`. */
function fold(name: string): string {
  return name
    .slice(0, 256)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .slice(0, 64);
}

/** How many letters apart two texts are; `limit` for those that are that far or further. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let twoAgo: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (twoAgo[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    twoAgo = last;
    last = row;
  }
  return last[b.length] ?? limit;
}
