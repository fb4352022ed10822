// Reading members of JSON that somebody else wrote: each question answers the value when it has the type
// asked for, and undefined for anything else, so that an odd member is the same as a missing one.

import { isObject } from '../../core/json.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A string that says something: the empty one counts as missing. */
export function stringAt(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberAt(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A number of something: a whole number, not negative. */
export function countAt(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export function objectAt(fields: Fields, name: string): Fields | undefined {
  const value = fields[name];
  return isObject(value) ? value : undefined;
}

/** The objects of a list; entries that are none are passed over, and so is a member that is no list. */
export function objectsAt(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}
