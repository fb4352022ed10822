// The keywords that join schemas, and `$ref`: JSON Schema 2020-12 Core 8.2.3 and 10.2. Each holds other schemas against
// the same value, so a schema can send us in circles; a reference that leads back to itself asserts nothing.

import type { JsonValue } from '../json.ts';
import type { Problem } from '../schema.ts';
import type { Checker, Held, Rule } from './checker.ts';
import { resolveRef } from './pointer.ts';

export const LOGIC_RULES: readonly (readonly [string, Rule])[] = [
  ['$ref', follow],
  ['allOf', allOf],
  ['anyOf', (held, checker) => fitting(held, checker)],
  ['oneOf', (held, checker) => fitting(held, checker, 1)],
  ['not', not],
  ['if', conditional],
];

function follow({ keyword, value, at }: Held, checker: Checker): void {
  if (typeof keyword !== 'string' || !checker.spend(keyword.length / 16)) return;
  const target = resolveRef(checker.root, keyword);
  const refs = (at.refs ??= new Set());
  if (target === undefined || refs.has(target)) return;
  refs.add(target);
  checker.collect(target, value, at);
  refs.delete(target);
}

function allOf({ keyword, value, at }: Held, checker: Checker): void {
  for (const schema of listOf(keyword)) checker.collect(schema, value, at);
}

/** At least one alternative fits, and no more than `most` of them. */
function fitting({ keyword, value, at }: Held, checker: Checker, most = Infinity): void {
  const alternatives = listOf(keyword);
  const problems: Problem[] = [];
  for (const schema of alternatives) {
    const problem = checker.firstProblem(schema, value, at);
    if (problem !== undefined) problems.push(problem);
    else if (most === Infinity) return;
  }
  const fit = alternatives.length - problems.length;
  if (fit > most) checker.say(at, `must fit one alternative only, not ${fit} of them`);
  if (fit === 0 && problems.length > 0) checker.say(at, `must fit one of the alternatives: ${nearest(problems)}`);
}

/** The problem that was found deepest in the value is that of the alternative most likely meant. */
function nearest(problems: readonly Problem[]): string {
  const deepest = Math.max(...problems.slice(0, 50).map(({ path }) => path.length));
  const told = problems.filter(({ path }) => path.length === deepest).slice(0, 3);
  return told.map(({ path, message }) => `${path} ${message}`.trim()).join('; or ');
}

function not({ keyword, value, at }: Held, checker: Checker): void {
  if (checker.firstProblem(keyword, value, at) === undefined) checker.say(at, 'must not be what "not" excludes');
}

function conditional({ keyword, schema, value, at }: Held, checker: Checker): void {
  const isMet = checker.firstProblem(keyword, value, at) === undefined;
  checker.collect(schema[isMet ? 'then' : 'else'], value, at);
}

function listOf(keyword: JsonValue): readonly JsonValue[] {
  return Array.isArray(keyword) ? keyword : [];
}
