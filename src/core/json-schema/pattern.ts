// The keyword `pattern`, in time proportional to the text. A pattern comes from a stranger, and the engine's own
// matcher backtracks: `^(a+)+$` would stop the process. So patterns are walked as automata, all ways at once
// (Thompson 1968); only single characters are left to the engine. Look-around and back-references cannot be walked.
// Follows ECMA-262 22.2.1 with the `u` flag, as JSON Schema 2020-12 Core 6.4 asks.

/** Whether the pattern is found in the text; undefined when that was not worked out. */
export type Matcher = (text: string, spend: (steps: number) => boolean) => boolean | undefined;

interface State {
  readonly to: State[];
  /** Takes one character; absent: goes on without. */
  readonly takes?: (character: string) => boolean;
  /** Goes on only where this holds. */
  readonly holds?: Assertion;
  /** The moment it was last entered at. */
  seen: number;
}

type Assertion = (before: string | undefined, after: string | undefined) => boolean;

/** Puts a part of the pattern in front of what follows it. */
type Part = (next: State) => State;

const MAX_SOURCE = 2000;
const MAX_STATES = 2000;

/** A longer text is not tried: patterns describe names and dates. */
const MAX_TEXT = 10_000;

const TOKEN =
  /\\(?:[pPu]\{[^}]*\}|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|[^])|\[(?:\\[^]|[^\\\]])*\]|\((?:\?(?::|<[^=!>][^>]*>))?|[^]/uy;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/uy;
const WORD = /^\w$/;

const isWord = (character: string | undefined): boolean => character !== undefined && WORD.test(character);

const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map<string, Assertion>([
  ['^', (before) => before === undefined],
  ['$', (_, after) => after === undefined],
  [String.raw`\b`, (before, after) => isWord(before) !== isWord(after)],
  [String.raw`\B`, (before, after) => isWord(before) === isWord(after)],
]);

/** Undefined for what is no pattern, and for one that cannot be walked. */
export function compilePattern(source: string): Matcher | undefined {
  if (source.length > MAX_SOURCE) return undefined;
  try {
    // Judges the syntax: the parser below may then trust it. Compiling does not run it.
    void new RegExp(source, 'u');
    const parser = new Parser(source);
    const accept = parser.state({ to: [] });
    const automaton = new Automaton(parser.alternatives()(accept), accept);
    return (text, spend) => (text.length > MAX_TEXT ? undefined : automaton.finds(text, spend));
  } catch {
    return undefined;
  }
}

class Parser {
  readonly #source: string;
  #at = 0;
  #room = MAX_STATES;

  constructor(source: string) {
    this.#source = source;
  }

  state(shape: Omit<State, 'seen'>): State {
    this.#count();
    return { ...shape, seen: 0 };
  }

  alternatives(): Part {
    const branches = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at++;
      branches.push(this.#sequence());
    }
    return (next) => this.state({ to: branches.map((branch) => branch(next)) });
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source.charAt(this.#at))) {
      parts.push(this.#quantified(this.#atom()));
    }
    return (next) => parts.reduceRight((rest, part) => part(rest), next);
  }

  #atom(): Part {
    const [token = ''] = this.#read(TOKEN) ?? [];
    const holds = ASSERTIONS.get(token);
    if (holds !== undefined) return (next) => this.state({ to: [next], holds });
    if (token.startsWith('(')) return this.#group();
    if (/^\\[1-9k]/.test(token)) throw new SyntaxError('a back-reference');
    const takes = oneCharacter(token);
    return (next) => this.state({ to: [next], takes });
  }

  #group(): Part {
    if (this.#source[this.#at] === '?') throw new SyntaxError('a look-around');
    const inside = this.alternatives();
    this.#at++;
    return inside;
  }

  #quantified(part: Part): Part {
    const quantifier = this.#read(QUANTIFIER);
    if (quantifier === undefined) return part;
    const [, sign, low = '', comma, high = ''] = quantifier;
    if (sign !== undefined) return this.#repeated(part, sign === '+' ? 1 : 0, sign === '?' ? 1 : Infinity);
    const least = Number(low);
    return this.#repeated(part, least, comma === undefined ? least : high === '' ? Infinity : Number(high));
  }

  #repeated(part: Part, least: number, most: number): Part {
    return (next) => {
      let rest = next;
      if (most === Infinity) {
        rest = this.state({ to: [next] });
        rest.to.push(part(rest));
      } else {
        for (let i = least; i < most; i++) rest = this.state({ to: [part(rest), next] });
      }
      for (let i = 0; i < least; i++) {
        this.#count();
        rest = part(rest);
      }
      return rest;
    };
  }

  #read(what: RegExp): RegExpExecArray | undefined {
    what.lastIndex = this.#at;
    const found = what.exec(this.#source) ?? undefined;
    if (found !== undefined) this.#at = what.lastIndex;
    return found;
  }

  /** Repetitions of repetitions multiply: a pattern that would grow past any use is not built. */
  #count(): void {
    if (this.#room-- <= 0) throw new RangeError('a pattern of too many states');
  }
}

function oneCharacter(token: string): (character: string) => boolean {
  if (!/^[\\[.]/.test(token)) return (character) => character === token;
  const pattern = new RegExp(`^${token}$`, 'u');
  return (character) => pattern.test(character);
}

class Automaton {
  readonly #start: State;
  readonly #accept: State;
  /** Counts over all searches, so that what a state saw of an earlier one is never taken for now. */
  #moment = 0;

  constructor(start: State, accept: State) {
    this.#start = start;
    this.#accept = accept;
  }

  finds(text: string, spend: (steps: number) => boolean): boolean | undefined {
    const characters = Array.from(text);
    let waiting: State[] = [];
    for (let i = 0; i <= characters.length; i++) {
      // A match may begin anywhere.
      waiting.push(this.#start);
      const next = this.#entered(waiting, characters[i - 1], characters[i]);
      if (next === undefined) return true;
      if (!spend(1 + waiting.length / 2)) return undefined;
      waiting = next;
    }
    return false;
  }

  /** Where `entered` leads over the character `after`; undefined when the end is reached. */
  #entered(entered: State[], before: string | undefined, after: string | undefined): State[] | undefined {
    const next: State[] = [];
    this.#moment++;
    // Grows while it is walked.
    for (const state of entered) {
      if (state.seen === this.#moment) continue;
      state.seen = this.#moment;
      if (state === this.#accept) return undefined;
      if (state.takes !== undefined) {
        if (after !== undefined && state.takes(after)) next.push(...state.to);
      } else if (state.holds?.(before, after) !== false) entered.push(...state.to);
    }
    return next;
  }
}
