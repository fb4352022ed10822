// The subset of JSON Schema (2020-12 names) that tools list and are checked against. One literal serves
// both, so that what a client is told and what is accepted cannot differ. Keywords outside the subset do
// not type-check, and `check` reports every problem (up to a bound), not the first.

import { isObject } from './json.ts';
import type { JsonValue } from './json.ts';
import { nearest } from './nearest.ts';

type SchemaType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';

/** Plain on purpose: single types, no `$ref`, no combinators; several clients reject the rest. */
export interface Schema {
  /** Absent: any value; the description then says what is accepted. */
  readonly type?: SchemaType;
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly JsonValue[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Over HTTP the argument is said again in the header `Mcp-Param-` and this; of a string, an integer or a boolean. */
  readonly 'x-mcp-header'?: string;
  /** Only `false` is expressible: absent means that other members are let through. */
  readonly additionalProperties?: false;
}

export interface ObjectSchema extends Schema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema>>;
}

export interface Problem {
  /** Where, as `messages[2].role`; empty for the value itself. */
  readonly path: string;
  /** What, as a clause that can follow the path: `must be a string, not 3`. */
  readonly message: string;
}

/** Problems listed at most: a caller mends a few at a time, and hostile input must not cost more than that. */
const MAX_PROBLEMS = 20;

/** The longest name or value quoted in a problem, in characters. */
const MAX_QUOTED = 40;

/** The ways in which `value` breaks `schema`, the first 20 of them; empty when it conforms. */
export function check(schema: Schema, value: unknown, path = ''): Problem[] {
  const problems: Problem[] = [];
  collect(schema, value, path, problems);
  return problems;
}

function collect(schema: Schema, value: unknown, path: string, problems: Problem[]): void {
  const say = (message: string): void => void problems.push({ path, message });
  if (schema.type !== undefined && !isOfType(schema.type, value)) {
    say(`must be ${/^[aeiou]/.test(schema.type) ? 'an' : 'a'} ${schema.type}, not ${show(value)}`);
    return;
  }
  if (schema.enum !== undefined && !schema.enum.some((allowed) => allowed === value)) {
    say(notOneOf(value, schema.enum));
  }
  const size = sizeProblem(schema, value);
  if (size !== undefined) say(size);
  if (Array.isArray(value)) collectItems(schema.items, value, path, problems);
  else if (isObject(value)) collectMembers(schema, value, path, problems);
}

function sizeProblem(schema: Schema, value: unknown): string | undefined {
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum)
      return `must be at least ${schema.minimum}, not ${value}`;
    if (schema.maximum !== undefined && value > schema.maximum)
      return `must be at most ${schema.maximum}, not ${value}`;
  } else if (typeof value === 'string') {
    if (value.length < (schema.minLength ?? 0)) {
      return value === ''
        ? 'must not be empty'
        : `must have at least ${schema.minLength} characters, not ${value.length}`;
    }
  } else if (Array.isArray(value)) {
    const { minItems, maxItems } = schema;
    if (minItems !== undefined && value.length < minItems) {
      return `must have at least ${minItems} item${minItems === 1 ? '' : 's'}`;
    }
    if (maxItems !== undefined && value.length > maxItems) {
      return `must have at most ${maxItems} item${maxItems === 1 ? '' : 's'}, not ${value.length}`;
    }
  }
  return undefined;
}

function collectItems(items: Schema | undefined, value: readonly unknown[], path: string, problems: Problem[]): void {
  if (items === undefined) return;
  for (const [i, item] of value.entries()) {
    if (problems.length >= MAX_PROBLEMS) return;
    collect(items, item, `${path}[${i}]`, problems);
  }
}

function collectMembers(schema: Schema, value: Record<string, unknown>, path: string, problems: Problem[]): void {
  const properties = schema.properties ?? {};
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) problems.push({ path: member(path, name), message: 'is required' });
  }
  for (const name of Object.keys(value)) {
    if (problems.length >= MAX_PROBLEMS) return;
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known !== undefined) collect(known, value[name], member(path, name), problems);
    else if (schema.additionalProperties === false) {
      problems.push({ path: member(path, name), message: unknownName(name, Object.keys(properties)) });
    }
  }
}

/** The path of a member, with a name that is too long to repeat cut short and an empty one quoted. */
export function member(path: string, name: string): string {
  const shown = name === '' ? '""' : clip(name);
  return path === '' ? shown : `${path}.${shown}`;
}

/** What is wrong with a name that is none of `known`. */
export function unknownName(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `is not known here (${near === undefined ? `known are ${known.join(', ')}` : `did you mean "${near}"?`})`;
}

/** What is wrong with a value that is none of `known`. */
export function notOneOf(value: unknown, known: readonly JsonValue[]): string {
  const words = known.filter((one) => typeof one === 'string');
  const near = typeof value === 'string' ? nearest(value, words) : undefined;
  const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
  return `must be one of ${known.map((one) => JSON.stringify(one)).join(', ')}, not ${show(value)}${hint}`;
}

function isOfType(type: SchemaType, value: unknown): boolean {
  switch (type) {
    case 'string':
    case 'boolean':
      return typeof value === type;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
  }
}

/** The value, short enough for an error message. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (isObject(value)) return 'an object';
  if (typeof value === 'string') return JSON.stringify(clip(value));
  return JSON.stringify(value) ?? 'nothing';
}

function clip(text: string): string {
  if (text.length <= MAX_QUOTED) return text;
  return `${text.slice(0, MAX_QUOTED).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
