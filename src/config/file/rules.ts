// What a key of the configuration may hold, as values that are put together: each rule reads a part of the tree and
// knows the JSON Schema of what it reads, so that the checker and the schema for editors cannot differ. The rules of
// the file itself are in provider-keys.ts and file-keys.ts.

import type { JsonObject } from '../../core/json.ts';
import { unknownName } from '../../core/schema.ts';
import type { Parse } from '../settings/parse.ts';
import { show } from '../reader.ts';
import type { Node, Scalar } from './jsonc.ts';
import type { Privacy, Reading, Resolved, Spot } from './reading.ts';

export interface Rule<T> {
  /** JSON Schema 2020-12 of what is accepted, as far as one part of the file tells it. */
  readonly schema: JsonObject;
  /** What to write there, to complete "Accepted: …". */
  readonly accepts: string;
  /** The value, or `undefined` after saying all that is wrong with it; also for what is as good as absent. */
  readonly read: (node: Node, spot: Spot, reading: Reading) => T | undefined;
}

/** In the schema wherever text could be a reference to something that is not text. */
export const REFERENCE: JsonObject = { $ref: '#/$defs/reference' };

export interface ScalarRule<T> {
  /** The JSON types taken as they are; a string that refers to something is always taken. */
  readonly kinds: readonly ('string' | 'number' | 'boolean')[];
  readonly schema: JsonObject;
  readonly accepts: string;
  readonly parse: Parse<T>;
  readonly privacy?: Privacy;
  /** Whether an empty string is a value; otherwise it is a problem, or as good as absent where a reference yields it. */
  readonly mayBeEmpty?: boolean;
}

export function scalar<T>(rule: ScalarRule<T>): Rule<T> {
  return resolved(rule, ({ text }, refuse) => {
    const parsed = rule.parse(text);
    if ('value' in parsed) return parsed.value;
    refuse(parsed.problem);
    return undefined;
  });
}

/** A string whose references may lead to files that change: the value can be asked for again. */
export function living(rule: ScalarRule<unknown>): Rule<Resolved> {
  return resolved(rule, (text, refuse) => {
    const parsed = rule.parse(text.text);
    if ('value' in parsed) return text;
    refuse(parsed.problem);
    return undefined;
  });
}

function resolved<T>(
  rule: ScalarRule<unknown>,
  take: (text: Resolved, refuse: (problem: string) => void) => T | undefined,
): Rule<T> {
  const { kinds, accepts, privacy = 'plain', mayBeEmpty = false } = rule;
  const isAnyText = Object.keys(rule.schema).every(
    (keyword) => keyword === 'minLength' || rule.schema[keyword] === 'string',
  );
  return {
    schema: isAnyText ? rule.schema : { anyOf: [rule.schema, REFERENCE] },
    accepts,
    read(node, spot, reading) {
      const shown = (value: Scalar): string => (privacy === 'plain' ? `=${show(String(value))}` : '');
      if (node.kind !== 'scalar' || node.value === null) {
        reading.say(spot, `must not be ${whatIs(node)}`, accepts);
        return undefined;
      }
      const { value } = node;
      const refuse = (problem: string): void => reading.say(spot, `${shown(value)} ${problem}`.trimStart(), accepts);
      const refers = typeof value === 'string' && value.includes('${');
      if (!refers && !kinds.some((kind) => kind === typeof value)) {
        refuse(`must not be ${whatIs(node)}`);
        return undefined;
      }
      const text = typeof value === 'string' ? reading.resolve(value, spot, privacy) : fixed(String(value));
      if (text === undefined) return undefined;
      if (text.text !== '' || (mayBeEmpty && !refers)) return take(text, refuse);
      if (!refers) refuse('is empty');
      return undefined;
    },
  };
}

function fixed(text: string): Resolved {
  return { text, now: () => text };
}

export function list<T>(item: Rule<T>, { least = 1 }: { readonly least?: number } = {}): Rule<readonly T[]> {
  const accepts = `[…], a list of ${least === 0 ? 'any number' : 'one or more'}`;
  return {
    schema: { type: 'array', items: item.schema, ...(least > 0 ? { minItems: least } : {}) },
    accepts,
    read(node, spot, reading) {
      if (node.kind !== 'array') {
        reading.say(spot, `must not be ${whatIs(node)}`, accepts);
        return undefined;
      }
      if (node.items.length < least) reading.say(spot, 'is empty', accepts);
      return node.items.flatMap((one, i) => {
        const value = item.read(one, { at: one.at, path: `${spot.path}[${i}]` }, reading);
        return value === undefined ? [] : [value];
      });
    },
  };
}

/** An object whose keys are names of the person's own. */
export function record<T>(value: Rule<T>, key?: Parse<string>): Rule<Readonly<Record<string, T>>> {
  const accepts = '{…}, an object';
  return {
    schema: { type: 'object', additionalProperties: value.schema },
    accepts,
    read(node, spot, reading) {
      if (node.kind !== 'object') {
        reading.say(spot, `must not be ${whatIs(node)}`, accepts);
        return undefined;
      }
      const found: [string, T][] = [];
      for (const member of node.members) {
        const inner = { at: member.at, path: memberPath(spot.path, member.key) };
        const name = key?.(member.key) ?? { value: member.key };
        if ('problem' in name) reading.say(inner, name.problem);
        const one = value.read(member.node, { ...inner, at: member.node.at }, reading);
        if ('value' in name && one !== undefined) found.push([name.value, one]);
      }
      // Own members whatever they are called, __proto__ as well.
      return Object.fromEntries(found);
    },
  };
}

type Fields = Readonly<Record<string, Rule<unknown>>>;
type ValueOf<R> = R extends Rule<infer T> ? T : never;
export type Members<F extends Fields> = { readonly [K in keyof F]?: ValueOf<F[K]> };

/** An object with these keys and no others. */
export function object<F extends Fields>(fields: F, required: readonly (keyof F & string)[] = []): Rule<Members<F>> {
  const names = Object.keys(fields);
  const accepts = `{…}, an object with ${names.join(', ')}`;
  const properties = Object.fromEntries(names.map((name) => [name, fields[name]?.schema ?? {}]));
  return {
    schema: {
      type: 'object',
      properties,
      additionalProperties: false,
      ...(required.length > 0 ? { required: [...required] } : {}),
    },
    accepts,
    read(node, spot, reading) {
      if (node.kind !== 'object') {
        reading.say(spot, `must not be ${whatIs(node)}`, accepts);
        return undefined;
      }
      const found: Record<string, unknown> = {};
      for (const { key, at, node: inner } of node.members) {
        const rule = Object.hasOwn(fields, key) ? fields[key] : undefined;
        const path = memberPath(spot.path, key);
        if (rule === undefined) reading.say({ at, path }, unknownName(key, names));
        else {
          const value = rule.read(inner, { at: inner.at, path }, reading);
          if (value !== undefined) found[key] = value;
        }
      }
      const missing = required.filter((name) => !node.members.some(({ key }) => key === name));
      for (const name of missing) reading.say(spot, `has no ${name}`, fields[name]?.accepts);
      return found as Members<F>;
    },
  };
}

/** One of several forms, told apart by the kind of JSON it is. */
export function either<T>(forms: Partial<Record<'string' | 'array' | 'object', Rule<T>>>, accepts: string): Rule<T> {
  const all = Object.values(forms);
  return {
    schema: { anyOf: all.map(({ schema }) => schema) },
    accepts,
    read(node, spot, reading) {
      const kind = node.kind === 'scalar' ? typeof node.value : node.kind;
      const form = kind === 'string' || kind === 'array' || kind === 'object' ? forms[kind] : undefined;
      if (form !== undefined) return form.read(node, spot, reading);
      reading.say(spot, `must not be ${whatIs(node)}`, accepts);
      return undefined;
    },
  };
}

/** What a rule reads, made into something else. */
export function mapped<A, B>(rule: Rule<A>, map: (value: A, spot: Spot, reading: Reading) => B | undefined): Rule<B> {
  return {
    ...rule,
    read(node, spot, reading) {
      const value = rule.read(node, spot, reading);
      return value === undefined ? undefined : map(value, spot, reading);
    },
  };
}

/** A value that is judged later, beside others, and knows where it stands. */
export interface Placed<T> {
  readonly value: T;
  readonly spot: Spot;
}

export function placed<T>(rule: Rule<T>): Rule<Placed<T>> {
  return mapped(rule, (value, spot) => ({ value, spot }));
}

/** The rule with a sentence for people in its schema. */
export function described<T>(description: string, rule: Rule<T>): Rule<T> {
  return { ...rule, schema: { description, ...rule.schema } };
}

/** `a.b`, or `a["b c"]` for a key that is no word; one that is too long to repeat, or looks like a key, is not. */
export function memberPath(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key) || key.length > 40)
    return `${path}[${JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** Every key that is given twice in its object. */
export function sayDuplicates(node: Node, path: string, reading: Reading): void {
  if (node.kind === 'array')
    for (const [i, item] of node.items.entries()) sayDuplicates(item, `${path}[${i}]`, reading);
  if (node.kind !== 'object') return;
  const first = new Map<string, number>();
  for (const { key, at, node: inner } of node.members) {
    const inside = memberPath(path, key);
    const before = first.get(key);
    if (before === undefined) first.set(key, at);
    else
      reading.say({ at, path: inside }, `is given twice, in line ${reading.lineOf(before)} before; keep one of them`);
    sayDuplicates(inner, inside, reading);
  }
}

function whatIs(node: Node): string {
  if (node.kind !== 'scalar') return node.kind === 'array' ? 'a list' : 'an object';
  return node.value === null ? 'null' : `a ${typeof node.value}`;
}
