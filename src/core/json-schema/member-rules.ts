// The keywords that look into arrays and objects: JSON Schema 2020-12 Core 10.3 and Validation 6.4, 6.5, with the array
// form of `items` that draft 7 has for `prefixItems`. Names come from strangers: only an object's own members count.

import { isObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { child, TOO_DEEP } from './checker.ts';
import type { Checker, Held, Rule } from './checker.ts';
import { canonical } from './equality.ts';

export const MEMBER_RULES: readonly (readonly [string, Rule])[] = [
  ['required', ofObject(required)],
  ['properties', ofObject(properties)],
  ['patternProperties', ofObject(patternProperties)],
  ['additionalProperties', ofObject(additionalProperties)],
  ['propertyNames', ofObject(propertyNames)],
  ['dependentRequired', ofObject(dependentRequired)],
  ['dependentSchemas', ofObject(dependentSchemas)],
  ['prefixItems', ofArray((held, checker) => prefix(held.keyword, held, checker))],
  ['items', ofArray(items)],
  ['additionalItems', ofArray(additionalItems)],
  ['contains', ofArray(contains)],
  ['uniqueItems', ofArray(uniqueItems)],
];

interface HeldObject extends Held {
  readonly value: JsonObject;
}

interface HeldArray extends Held {
  readonly value: JsonValue[];
}

function ofObject(rule: (held: HeldObject, checker: Checker) => void): Rule {
  return (held, checker) => {
    const { value } = held;
    if (isObject(value)) rule({ ...held, value }, checker);
  };
}

function ofArray(rule: (held: HeldArray, checker: Checker) => void): Rule {
  return (held, checker) => {
    const { value } = held;
    if (!Array.isArray(value)) return;
    checker.spend(value.length / 32);
    rule({ ...held, value }, checker);
  };
}

function required({ keyword, value, at }: HeldObject, checker: Checker): void {
  if (!Array.isArray(keyword)) return;
  checker.spend(keyword.length / 32);
  for (const name of keyword) {
    if (typeof name === 'string' && !Object.hasOwn(value, name)) checker.say(child(at, name), 'is required');
  }
}

function properties({ keyword, value, at }: HeldObject, checker: Checker): void {
  if (!isObject(keyword)) return;
  for (const name of checker.namesOf(keyword)) {
    if (Object.hasOwn(value, name)) checker.collect(keyword[name], value[name] ?? null, child(at, name));
  }
}

function patternProperties({ keyword, value, at }: HeldObject, checker: Checker): void {
  if (!isObject(keyword)) return;
  const names = checker.namesOf(value);
  for (const source of checker.namesOf(keyword)) {
    for (const name of names) {
      if (checker.isFull) return;
      if (checker.matches(source, name) !== true) continue;
      checker.collect(keyword[source], value[name] ?? null, child(at, name));
    }
  }
}

function additionalProperties({ keyword, schema, value, at }: HeldObject, checker: Checker): void {
  const named = schema['properties'];
  const patterns = schema['patternProperties'];
  const sources = isObject(patterns) ? checker.namesOf(patterns) : [];
  for (const name of checker.namesOf(value)) {
    if (checker.isFull) return;
    if (isObject(named) && Object.hasOwn(named, name)) continue;
    // A name that a pattern might mean, could it be tried, is let through.
    if (sources.every((source) => checker.matches(source, name) === false))
      checker.collect(keyword, value[name] ?? null, child(at, name));
  }
}

function propertyNames({ keyword, value, at }: HeldObject, checker: Checker): void {
  for (const name of checker.namesOf(value)) {
    if (checker.isFull) return;
    const problem = checker.firstProblem(keyword, name, at);
    if (problem !== undefined) checker.say(child(at, name), `has a name that ${problem.message}`);
  }
}

function dependentRequired({ keyword, ...held }: HeldObject, checker: Checker): void {
  for (const names of dependents(keyword, held.value, checker)) required({ ...held, keyword: names }, checker);
}

function dependentSchemas({ keyword, value, at }: HeldObject, checker: Checker): void {
  for (const schema of dependents(keyword, value, checker)) checker.collect(schema, value, at);
}

/** What the keyword says of the names that are there. */
function dependents(keyword: JsonValue, value: JsonObject, checker: Checker): JsonValue[] {
  if (!isObject(keyword)) return [];
  return checker.namesOf(keyword).flatMap((name) => (Object.hasOwn(value, name) ? [keyword[name] ?? null] : []));
}

function prefix(schemas: JsonValue | undefined, { value, at }: HeldArray, checker: Checker): void {
  if (!Array.isArray(schemas)) return;
  for (const [i, schema] of schemas.slice(0, value.length).entries()) {
    if (checker.isFull) return;
    checker.collect(schema, value[i] ?? null, child(at, i));
  }
}

function items(held: HeldArray, checker: Checker): void {
  const { keyword, schema } = held;
  if (Array.isArray(keyword)) prefix(keyword, held, checker);
  else rest(schema['prefixItems'], held, checker);
}

/** Of draft 7; it means nothing beside an `items` that is one schema. */
function additionalItems(held: HeldArray, checker: Checker): void {
  if (Array.isArray(held.schema['items'])) rest(held.schema['items'], held, checker);
}

/** Holds the keyword against the items that `prefixed` has no schema for. */
function rest(prefixed: JsonValue | undefined, { keyword, value, at }: HeldArray, checker: Checker): void {
  const from = Array.isArray(prefixed) ? prefixed.length : 0;
  for (let i = from; i < value.length && !checker.isFull; i++) {
    checker.collect(keyword, value[i] ?? null, child(at, i));
  }
}

function contains({ keyword, schema, value, at }: HeldArray, checker: Checker): void {
  const [least, most] = [numberOr(schema['minContains'], 1), numberOr(schema['maxContains'], Infinity)];
  let found = 0;
  for (const [i, item] of value.entries()) {
    if (checker.isFull) return;
    if (checker.firstProblem(keyword, item, child(at, i)) === undefined) found++;
  }
  if (found < least) checker.say(at, `must contain at least ${least} items of the kind asked for, not ${found}`);
  if (found > most) checker.say(at, `must contain at most ${most} items of the kind asked for, not ${found}`);
}

function numberOr(keyword: JsonValue | undefined, fallback: number): number {
  return typeof keyword === 'number' ? keyword : fallback;
}

function uniqueItems({ keyword, value, at }: HeldArray, checker: Checker): void {
  if (keyword !== true) return;
  const seen = new Map<string, number>();
  for (const [i, item] of value.entries()) {
    const text = canonical(item, (steps) => checker.spend(steps));
    if (checker.isFull) return;
    if (text === undefined) {
      checker.say(child(at, i), TOO_DEEP);
      continue;
    }
    const twin = seen.get(text);
    if (twin !== undefined) checker.say(child(at, i), `must not equal item ${twin}: items are to be unique`);
    seen.set(text, i);
  }
}
