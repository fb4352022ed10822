// The members of a request by their names: null is "as if absent", a listed one is checked for its type, one whose
// effect would be lost is refused by name, and what we have no name for goes upstream as it is.

import { Fault } from '../../core/fault.ts';
import { ENOUGH } from '../../core/problems.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { check, show } from '../../core/schema.ts';
import type { ObjectSchema, Problem } from '../../core/schema.ts';

/** Why a value cannot be served; undefined when there is nothing in it to serve. */
export type Unserved = (value: JsonValue) => string | undefined;

export interface Members {
  /** Those of the schema. */
  readonly known: JsonObject;
  /** All others; absent when there are none. */
  readonly extra: JsonObject | undefined;
}

export interface Terms {
  readonly schema: ObjectSchema;
  readonly unserved: Readonly<Record<string, Unserved>>;
}

export function readMembers(body: JsonObject, { schema, unserved }: Terms, problems: Problem[]): Members {
  const known: JsonObject = {};
  const extra: JsonObject = {};
  for (const [name, value] of Object.entries(body)) {
    if (value === null) continue;
    const refusal = Object.hasOwn(unserved, name) ? unserved[name] : undefined;
    if (Object.hasOwn(schema.properties, name)) known[name] = value;
    else if (refusal === undefined) extra[name] = value;
    const message = refusal?.(value);
    if (message !== undefined) problems.push({ path: name, message });
  }
  problems.push(...check(schema, known));
  return { known, extra: Object.keys(extra).length === 0 ? undefined : extra };
}

/** Refuses every value but one that asks for nothing. */
export function only(allowed: JsonValue, why: string): Unserved {
  const text = JSON.stringify(allowed);
  return (value) => (JSON.stringify(value) === text ? undefined : `must be ${text}, not ${show(value)}: ${why}`);
}

/** Several words, or one. */
export function oneOrMore(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  return value === undefined || Array.isArray(value) ? value : [value];
}

/** Throws `INVALID_INPUT` with the first problem's place as its parameter; does nothing when there are none. */
export function refuseRequest(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const shown = problems.slice(0, ENOUGH).map(({ path, message }) => `${path} ${message}`);
  if (problems.length > shown.length) shown.push('and more');
  throw new Fault('INVALID_INPUT', `Invalid request: ${shown.join('; ')}.`, {
    data: { param: first.path },
  });
}
