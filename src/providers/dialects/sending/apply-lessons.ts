// What a target has taught us, applied to a request body of any dialect (WIRE.md 2.3). Habits are the dialect's own
// business; everything that is said by parameter is done here.

import { isObject } from '../../../core/json.ts';
import type { Lessons } from '../../dialect.ts';

export type Body = Record<string, unknown>;

/** Applies renames, values and drops to `body`, in place; returns one line for each that changed something. */
export function applyLessons(body: Body, lessons: Lessons): string[] {
  const changed: string[] = [];
  for (const [from, to] of lessons.rename) {
    const value = valueAt(body, from);
    if (value === undefined) continue;
    remove(body, from);
    put(body, to, value);
    changed.push(`${from} -> ${to}`);
  }
  for (const [key, value] of lessons.values) {
    const [param = ''] = key.split('=', 1);
    const asked = valueAt(body, param);
    if (asked === undefined || asked === value) continue;
    if (key !== param && !(isPlain(asked) && key === `${param}=${asked}`)) continue;
    put(body, param, value);
    changed.push(`${param} ${JSON.stringify(asked)} -> ${JSON.stringify(value)}`);
  }
  for (const param of lessons.drop) if (remove(body, param)) changed.push(`${param} removed`);
  return changed;
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** The member of a request body at a path with dots; undefined when there is none. */
export function valueAt(body: Readonly<Body>, path: string): unknown {
  let value: unknown = body;
  for (const name of path.split('.')) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/** Takes the member at a path out; returns whether it was there. An object that is empty then goes with it. */
export function remove(body: Body, path: string): boolean {
  const at = path.lastIndexOf('.');
  const parent = at === -1 ? body : valueAt(body, path.slice(0, at));
  const name = path.slice(at + 1);
  if (!isObject(parent) || parent[name] === undefined) return false;
  delete parent[name];
  if (at !== -1 && Object.keys(parent).length === 0) remove(body, path.slice(0, at));
  return true;
}

function put(body: Body, path: string, value: unknown): void {
  const at = path.lastIndexOf('.');
  const parent = at === -1 ? body : valueAt(body, path.slice(0, at));
  if (isObject(parent)) parent[path.slice(at + 1)] = value;
  else put(body, path.slice(0, at), { [path.slice(at + 1)]: value });
}
