// The keywords about a value as such, its size and its text: JSON Schema 2020-12 Validation 6.1 to 6.3, and the
// counts of 6.4 and 6.5. A keyword whose own value makes no sense (`minLength: "3"`) asserts nothing.

import { encodeJson, isObject } from '../json.ts';
import type { JsonValue } from '../json.ts';
import { show } from '../schema.ts';
import { TOO_DEEP } from './checker.ts';
import type { Checker, Held, Rule } from './checker.ts';
import { canonical } from './equality.ts';

export const VALUE_RULES: readonly (readonly [string, Rule])[] = [
  ['type', type],
  ['const', ({ keyword, ...held }, checker) => equalToOne([keyword], held, checker)],
  ['enum', ({ keyword, ...held }, checker) => Array.isArray(keyword) && equalToOne(keyword, held, checker)],
  ['minimum', bound(itself, (n, limit) => n < limit, 'be at least #')],
  ['maximum', bound(itself, (n, limit) => n > limit, 'be at most #')],
  ['exclusiveMinimum', bound(itself, (n, limit) => n <= limit, 'be more than #')],
  ['exclusiveMaximum', bound(itself, (n, limit) => n >= limit, 'be less than #')],
  ['multipleOf', bound(itself, (n, unit) => unit > 0 && !isMultiple(n, unit), 'be a multiple of #')],
  ['minLength', bound(characters, isBelow, 'have at least # characters')],
  ['maxLength', bound(characters, isAbove, 'have at most # characters')],
  ['pattern', pattern],
  ['minItems', bound(items, isBelow, 'have at least # items')],
  ['maxItems', bound(items, isAbove, 'have at most # items')],
  ['minProperties', bound(members, isBelow, 'have at least # members')],
  ['maxProperties', bound(members, isAbove, 'have at most # members')],
];

const TYPES: ReadonlyMap<string, (value: JsonValue) => boolean> = new Map([
  ['string', (value: JsonValue) => typeof value === 'string'],
  ['number', (value: JsonValue) => typeof value === 'number'],
  ['integer', (value: JsonValue) => Number.isInteger(value)],
  ['boolean', (value: JsonValue) => typeof value === 'boolean'],
  ['null', (value: JsonValue) => value === null],
  ['array', (value: JsonValue) => Array.isArray(value)],
  ['object', isObject],
]);

/** The names in a `type` that mean a type. */
function typeNames(keyword: JsonValue): string[] {
  const names = Array.isArray(keyword) ? keyword : [keyword];
  return names.filter((name) => typeof name === 'string' && TYPES.has(name)).map(String);
}

/** A name that means no type stands for something we cannot check. */
export function isTypeKnown(keyword: JsonValue): boolean {
  const known = typeNames(keyword).length;
  return known > 0 && known === (Array.isArray(keyword) ? keyword.length : 1);
}

function type({ keyword, value, at }: Held, checker: Checker): void {
  if (!isTypeKnown(keyword)) return;
  const names = typeNames(keyword);
  if (names.some((name) => TYPES.get(name)?.(value) === true)) return;
  const [first = ''] = names;
  checker.say(at, `must be ${/^[aeiou]/.test(first) ? 'an' : 'a'} ${names.join(' or ')}, not ${show(value)}`);
}

function equalToOne(allowed: readonly JsonValue[], { value, at }: Omit<Held, 'keyword'>, checker: Checker): void {
  const spend = (steps: number): boolean => checker.spend(steps);
  spend(allowed.length / 32);
  if (allowed.includes(value)) return;
  if (typeof value === 'object' && value !== null) {
    const text = canonical(value, spend);
    if (text === undefined) return checker.say(at, TOO_DEEP);
    const isSame = (one: JsonValue): boolean =>
      Array.isArray(one) === Array.isArray(value) && isContainer(one) && canonical(one, spend) === text;
    if (allowed.some(isSame)) return;
  }
  const shown = allowed.slice(0, 20).map((one) => excerpt(encodeJson(one) ?? show(one)));
  const more = allowed.length > 20 ? `, … (${allowed.length - 20} more)` : '';
  const which = allowed.length === 1 ? '' : 'one of ';
  checker.say(at, `must be ${which}${shown.join(', ')}${more}, not ${show(value)}`);
}

function isContainer(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null;
}

function pattern({ keyword, value, at }: Held, checker: Checker): void {
  if (typeof keyword !== 'string' || typeof value !== 'string') return;
  if (checker.matches(keyword, value) !== false) return;
  checker.say(at, `must match the pattern ${excerpt(keyword)}, not ${show(value)}`);
}

/** What is measured of a value; undefined when the keyword is not about values of its type. */
type Measure = (value: JsonValue, checker: Checker) => number | undefined;

/** `must` holds `#` where the limit goes. */
function bound(measure: Measure, breaks: (size: number, limit: number) => boolean, must: string): Rule {
  return ({ keyword, value, at }, checker) => {
    if (typeof keyword !== 'number') return;
    const size = measure(value, checker);
    if (size !== undefined && breaks(size, keyword))
      checker.say(at, `must ${must.replace('#', String(keyword))}, not ${size}`);
  };
}

function isBelow(size: number, limit: number): boolean {
  return size < limit;
}

function isAbove(size: number, limit: number): boolean {
  return size > limit;
}

/** In decimals 0.3 is three times 0.1: what rounding may have done is forgiven. */
function isMultiple(value: number, unit: number): boolean {
  if (value % unit === 0) return true;
  const times = value / unit;
  return !Number.isFinite(times) || Math.abs(times - Math.round(times)) <= Math.abs(times) * Number.EPSILON * 4;
}

function itself(value: JsonValue): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** In code points, not in the halves of a surrogate pair. */
function characters(value: JsonValue, checker: Checker): number | undefined {
  if (typeof value !== 'string') return undefined;
  checker.spend(value.length / 64);
  let count = 0;
  for (const _ of value) count++;
  return count;
}

function items(value: JsonValue): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

function members(value: JsonValue, checker: Checker): number | undefined {
  return isObject(value) ? checker.namesOf(value).length : undefined;
}

const MAX_EXCERPT = 100;

function excerpt(text: string): string {
  if (text.length <= MAX_EXCERPT) return text;
  return `${text.slice(0, MAX_EXCERPT).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
