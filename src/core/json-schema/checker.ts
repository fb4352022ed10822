// One check of a value against a schema: what was found, where we are, and how much work is left. Schema and value
// both come from strangers, so every step is counted and recursion is bounded: a check ends, whatever it is given.
// What a keyword means is in the tables of rules beside this file.

import { isObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { member } from '../schema.ts';
import type { Problem } from '../schema.ts';
import { compilePattern } from './pattern.ts';
import type { Matcher } from './pattern.ts';

/** Where in the value; the outermost one has no parent and no name. */
export interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
  /** The schemas that `$ref` is being followed into at this place. */
  refs?: Set<JsonValue>;
}

/** One keyword of a schema held against a value. */
export interface Held {
  readonly keyword: JsonValue;
  readonly schema: JsonObject;
  readonly value: JsonValue;
  readonly at: Place;
}

export type Rule = (held: Held, checker: Checker) => void;

export const TOO_DEEP = 'is nested too deeply to be checked';

/** A step takes about 100 ns, and nothing else happens in the process meanwhile. */
const MAX_STEPS = 3_000_000;
const MAX_DEPTH = 400;
const MAX_PROBLEMS = 20;

/** The innermost names of a path that are shown. */
const MAX_PATH = 24;

/** A message that quotes others, which quote others, would grow with every level. */
const MAX_MESSAGE = 500;

const STEPS_TO_SAY = 10;
const STEPS_TO_COMPILE = 4000;

type Bound = readonly (readonly [name: string, rule: Rule, keyword: JsonValue])[];

export class Checker {
  readonly root: JsonValue;
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #bound = new Map<JsonObject, Bound>();
  readonly #patterns = new Map<string, Matcher | undefined>();
  readonly #names = new Map<JsonObject, readonly string[]>();
  #problems: Problem[] = [];
  #most = MAX_PROBLEMS;
  #steps = MAX_STEPS;
  #depth = 0;

  constructor(root: JsonValue, rules: ReadonlyMap<string, Rule>) {
    this.root = root;
    this.#rules = rules;
  }

  /** The first 20 problems of the value; one more when there was too much to check. */
  run(value: JsonValue): Problem[] {
    this.collect(this.root, value, { parent: undefined, key: '' });
    if (this.#steps <= 0) this.#problems.push({ path: '', message: 'is too much to check against this schema' });
    return this.#problems;
  }

  /** Nothing that could still be found would be told. */
  get isFull(): boolean {
    return this.#steps <= 0 || this.#problems.length >= this.#most;
  }

  /** Counts work; false when there was too much of it, and the outcome no longer matters. */
  spend(steps: number): boolean {
    this.#steps -= steps;
    return this.#steps > 0;
  }

  /** The names of an object's own members. */
  namesOf(value: JsonObject): readonly string[] {
    const known = this.#names.get(value);
    const names = known ?? Object.keys(value);
    this.spend(known === undefined ? names.length : names.length / 8);
    if (known === undefined) this.#names.set(value, names);
    return names;
  }

  say(at: Place, message: string): void {
    if (!this.isFull) this.#problems.push({ path: pathOf(at), message: message.slice(0, MAX_MESSAGE) });
    this.spend(STEPS_TO_SAY);
  }

  /** What is neither an object nor a boolean is no schema, and nothing is held against it. */
  collect(schema: JsonValue | undefined, value: JsonValue, at: Place): void {
    this.spend(1);
    if (schema === false) this.say(at, 'is not allowed');
    if (!isObject(schema) || this.isFull) return;
    if (this.#depth >= MAX_DEPTH) {
      this.say(at, TOO_DEEP);
      return;
    }
    const rules = this.#rulesOf(schema);
    this.spend(rules.length);
    const before = this.#problems.length;
    this.#depth++;
    for (const [name, rule, keyword] of rules) {
      rule({ keyword, schema, value, at }, this);
      // A value of the wrong type has one problem, not one for each keyword.
      if (name === 'type' && this.#problems.length > before) break;
    }
    this.#depth--;
  }

  /** The first problem that `schema` finds, without saying it. */
  firstProblem(schema: JsonValue | undefined, value: JsonValue, at: Place): Problem | undefined {
    const [problems, most] = [this.#problems, this.#most];
    this.#problems = [];
    this.#most = 1;
    this.collect(schema, value, at);
    const [first] = this.#problems;
    this.#problems = problems;
    this.#most = most;
    return first;
  }

  /** Whether the pattern is found in the text; undefined when it cannot be tried. */
  matches(source: string, text: string): boolean | undefined {
    this.spend(1);
    if (!this.#patterns.has(source)) {
      this.spend(STEPS_TO_COMPILE);
      this.#patterns.set(source, compilePattern(source));
    }
    return this.#patterns.get(source)?.(text, (steps) => this.spend(steps));
  }

  #rulesOf(schema: JsonObject): Bound {
    const known = this.#bound.get(schema);
    if (known !== undefined) return known;
    const bound: [string, Rule, JsonValue][] = [];
    // In the order of the rules, so that `type` comes first however the schema was written.
    for (const [name, rule] of this.#rules) {
      const keyword = Object.hasOwn(schema, name) ? schema[name] : undefined;
      if (keyword !== undefined) bound.push([name, rule, keyword]);
    }
    this.#bound.set(schema, bound);
    return bound;
  }
}

export function child(at: Place, key: string | number): Place {
  return { parent: at, key };
}

function pathOf(at: Place): string {
  const keys: (string | number)[] = [];
  let place = at;
  for (; place.parent !== undefined && keys.length < MAX_PATH; place = place.parent) keys.push(place.key);
  let path = place.parent === undefined ? '' : '…';
  for (const key of keys.toReversed()) path = typeof key === 'number' ? `${path}[${key}]` : member(path, key);
  return path;
}
