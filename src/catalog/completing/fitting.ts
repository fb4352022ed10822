// Which names fit what was typed so far, the best first: those that begin with it, then those one of whose words does,
// those that contain it, those that have its letters in their order, and those it may be a misspelling of. Pure.
// Follows MCP server/utilities/completion (fuzzy matching, ranked by relevance).

import { distance } from '../../core/nearest.ts';

/** What is told in one answer at most; with that many good matches, no worse ones are looked for. */
const ENOUGH = 100;
/** Longer than any name; what is typed past it decides nothing. */
const MOST_TYPED = 256;

type Fits = (name: string, typed: string) => boolean;

/** From the best to the worst; a name counts where it first fits. */
const GOOD: readonly Fits[] = [
  (name, typed) => name.startsWith(typed),
  (name, typed) => wordBegins(name, typed),
  (name, typed) => name.includes(typed),
];
const FUZZY: readonly Fits[] = [hasInOrder, isNear];

/** The names that fit, each once, in the order they came among those that fit equally well. Case does not count. */
export function fitting(typed: string, names: Iterable<string>): readonly string[] {
  const wanted = typed.trim().slice(0, MOST_TYPED).toLowerCase();
  const rest = new Map([...names].map((name) => [name, name.toLowerCase()]));
  const found: string[] = [];
  const take = (fits: Fits): void => {
    for (const [name, folded] of rest) {
      if (!fits(folded, wanted)) continue;
      found.push(name);
      rest.delete(name);
    }
  };
  for (const fits of GOOD) take(fits);
  for (const fits of FUZZY) if (found.length < ENOUGH) take(fits);
  return found;
}

function wordBegins(name: string, typed: string): boolean {
  for (let at = name.indexOf(typed); at !== -1; at = name.indexOf(typed, at + 1)) {
    if (/[^a-z0-9]/.test(name[at - 1] ?? '')) return true;
  }
  return false;
}

/** A single letter stands in nearly every name. */
function hasInOrder(name: string, typed: string): boolean {
  if (typed.length < 2) return false;
  let at = 0;
  for (const letter of name) {
    if (letter === typed[at]) at++;
    if (at === typed.length) return true;
  }
  return false;
}

/** One letter in four may be wrong, wherever a word of the name begins. */
function isNear(name: string, typed: string): boolean {
  const limit = Math.floor(typed.length / 4) + 1;
  if (limit === 1) return false;
  return wordsOf(name).some((part) =>
    [-1, 0, 1].some((more) => distance(typed, part.slice(0, typed.length + more), limit) < limit),
  );
}

/** The name from each of its first words on. */
function wordsOf(name: string): readonly string[] {
  const starts = [...name.matchAll(/[a-z0-9]+/g)].slice(0, 4).map(({ index }) => index);
  return starts.map((start) => name.slice(start));
}
