// What to change about a request whose refusal names parameters: another name, another value, or none at all.
// Pure, and the same for every dialect; which parameters may not be touched is the dialect's to say. Only what was
// really sent is mended, all of it in one go, because a request is mended once. WIRE.md 2.3.

import type { Fault } from '../../core/fault.ts';
import type { Mend } from '../dialect.ts';
import { valueAt } from '../dialects/sending/apply-lessons.ts';
import type { Fields } from '../dialects/fields.ts';
import { refusedParameters } from './refused-parameter.ts';
import type { RefusedParameter } from './refused-parameter.ts';

export interface MendingRules {
  /** Members of the body that say what is asked, and not how it is answered: never changed, nor anything in them. */
  readonly keeps: ReadonlySet<string>;
  /** What a member is called by servers that refuse its usual name. */
  readonly renames?: ReadonlyMap<string, string>;
}

/** How to mend `body` so that what the refusal names is not refused again. */
export function parameterMends(fault: Fault, body: Fields, { keeps, renames }: MendingRules): readonly Mend[] {
  const mends = new Map<string, Mend>();
  for (const refused of refusedParameters(fault)) {
    const param = sentPath(body, refused.param);
    if (param === undefined || keeps.has(param.split('.')[0] ?? '')) continue;
    const to = renames?.get(param);
    const mend = to !== undefined && !refused.isValue ? renamed(param, to) : valueMend(refused, param, body);
    if (mend !== undefined) mends.set(param, mend);
  }
  return [...mends.values()];
}

function renamed(param: string, to: string): Mend {
  return { action: 'rename', param, to };
}

function valueMend({ isValue, accepts }: RefusedParameter, param: string, body: Fields): Mend | undefined {
  if (!isValue || accepts === undefined) return { action: 'drop', param };
  const refused = valueAt(body, param);
  if (typeof refused !== 'string' && typeof refused !== 'number') return undefined;
  const value = nearestValue(refused, accepts);
  return value === undefined ? undefined : { action: 'set', param, value, refused };
}

/** What servers call the request itself, or its type; anything else before a name is a parameter we did not send. */
const WRAPPER = /^(?:body|request|params|payload|root|[$#]|[A-Z]\w*)$/;

/** Where what the upstream names stands in the body: it may put words before it, or point deeper than we sent. */
export function sentPath(body: Fields, named: string): string | undefined {
  const names = named.split('.');
  while (names[0] !== undefined && !Object.hasOwn(body, names[0]) && WRAPPER.test(names[0])) names.shift();
  for (; names.length > 0; names.pop()) {
    const path = names.join('.');
    if (valueAt(body, path) !== undefined) return path;
  }
  return undefined;
}

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The one of those taken that comes nearest, the smaller of two; undefined where there is no telling. */
function nearestValue(asked: string | number, accepts: readonly string[]): string | number | undefined {
  const isNumber = typeof asked === 'number';
  const place = (value: string): number => (isNumber ? Number(value) : (PLACES.get(value) ?? NaN));
  const at = place(String(asked));
  const known = accepts.filter((value) => !Number.isNaN(place(value) - at));
  const [nearest] = known.toSorted((a, b) => Math.abs(place(a) - at) - Math.abs(place(b) - at) || place(a) - place(b));
  return nearest === undefined || !isNumber ? nearest : Number(nearest);
}

const PLACES = new Map(EFFORTS.map((effort, place) => [effort, place]));
