// The subset of JSON Schema (2020-12 names) that tools list and are checked against. One literal serves
// both, so that what a client is told and what is accepted cannot differ. Keywords outside the subset do
// not type-check, and `check` reports every problem, not the first.

import { isObject } from './json.ts';
import type { JsonValue } from './json.ts';
import { nearest } from './nearest.ts';

export type SchemaType = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array';

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

/** Every way in which `value` breaks `schema`; empty when it conforms. */
export function check(schema: Schema, value: unknown, path = ''): Problem[] {
  const wrongType = typeProblem(schema.type, value);
  if (wrongType !== undefined) return [{ path, message: wrongType }];
  const problems: Problem[] = [];
  const say = (message: string): void => void problems.push({ path, message });
  if (schema.enum !== undefined && !schema.enum.some((allowed) => allowed === value)) {
    say(`must be one of ${schema.enum.map((one) => JSON.stringify(one)).join(', ')}, not ${show(value)}`);
  }
  if (typeof value === 'number') {
    if (schema.minimum !== undefined && value < schema.minimum) say(`must be at least ${schema.minimum}, not ${value}`);
    if (schema.maximum !== undefined && value > schema.maximum) say(`must be at most ${schema.maximum}, not ${value}`);
  } else if (typeof value === 'string') {
    if (schema.minLength !== undefined && value.length < schema.minLength) say('must not be empty');
  } else if (Array.isArray(value)) {
    problems.push(...arrayProblems(schema, value, path));
  } else if (isObject(value)) {
    problems.push(...objectProblems(schema, value, path));
  }
  return problems;
}

function arrayProblems(schema: Schema, value: readonly unknown[], path: string): Problem[] {
  const problems: Problem[] = [];
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    problems.push({ path, message: `must have at least ${schema.minItems} item${schema.minItems === 1 ? '' : 's'}` });
  }
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    problems.push({ path, message: `must have at most ${schema.maxItems} items, not ${value.length}` });
  }
  const { items } = schema;
  if (items !== undefined) for (const [i, item] of value.entries()) problems.push(...check(items, item, `${path}[${i}]`));
  return problems;
}

function objectProblems(schema: Schema, value: Record<string, unknown>, path: string): Problem[] {
  const problems: Problem[] = [];
  const inside = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const properties = schema.properties ?? {};
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) problems.push({ path: inside(name), message: 'is required' });
  }
  for (const [name, member] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known !== undefined) problems.push(...check(known, member, inside(name)));
    else if (schema.additionalProperties === false) {
      const near = nearest(name, Object.keys(properties));
      const hint = near === undefined ? `known are ${Object.keys(properties).join(', ')}` : `did you mean "${near}"?`;
      problems.push({ path: inside(name), message: `is not known here; ${hint}` });
    }
  }
  return problems;
}

function typeProblem(type: SchemaType | undefined, value: unknown): string | undefined {
  if (type === undefined || isOfType(type, value)) return undefined;
  return `must be ${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}, not ${show(value)}`;
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
function show(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
